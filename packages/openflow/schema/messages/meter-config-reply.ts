import { list, message } from '../dsl.ts';

/**
 * OFPMP_METER_CONFIG reply: meters and their bands.
 *
 *   ...        meters             each: meter_config
 */
export const meterConfigReply = message({
  type: 'meter_config_reply',
  section: 'A.3.5.13',
  doc: 'OFPMP_METER_CONFIG reply: meters and their bands.',
  code: 19,
  multipart: 10,
  fields: [list('meters', 'meter_config')],
});
