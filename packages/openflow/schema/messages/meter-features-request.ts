import { message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_METER_FEATURES request: what can meters do here?
 *
 *   (no body)
 */
export const meterFeaturesRequest = message({
  versions: from('1.3'),
  type: 'meter_features_request',
  section: 'A.3.5.14',
  doc: 'OFPMP_METER_FEATURES request: what can meters do here?',
  code: 18,
  multipart: 11,
  reply: 'meter_features_reply',
  fields: [],
});
