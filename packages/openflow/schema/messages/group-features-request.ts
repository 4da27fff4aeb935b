import { message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_GROUP_FEATURES request: what can groups do here?
 *
 *   (no body)
 */
export const groupFeaturesRequest = message({
  versions: from('1.2'),
  type: 'group_features_request',
  section: 'A.3.5.11',
  doc: 'OFPMP_GROUP_FEATURES request: what can groups do here?',
  code: 18,
  multipart: 8,
  reply: 'group_features_reply',
  fields: [],
});
