import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_METER_CONFIG reply (OFPMP_METER_DESC in 1.5): meters and their bands.
 *
 *   ...        meters             each: meter_config
 */
export const meterConfigReply = message({
  versions: from('1.3'),
  type: 'meter_config_reply',
  section: 'A.3.5.13',
  doc: 'OFPMP_METER_CONFIG reply (OFPMP_METER_DESC in 1.5): meters and their bands.',
  code: 19,
  multipart: 10,
  fields: [list('meters', 'meter_config')],
});
