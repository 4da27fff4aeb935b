import { message, pad, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_METER_CONFIG request (OFPMP_METER_DESC in 1.5): what meters are there?
 *
 *   u32        meterId            OFPM_ALL for all
 *   u8[4]      pad
 */
export const meterConfigRequest = message({
  versions: from('1.3'),
  type: 'meter_config_request',
  section: 'A.3.5.13',
  doc: 'OFPMP_METER_CONFIG request (OFPMP_METER_DESC in 1.5): what meters are there?',
  code: 18,
  multipart: 10,
  reply: 'meter_config_reply',
  fields: [u32('meterId', 'OFPM_ALL for all', 0xffffffff), pad(4)],
});
