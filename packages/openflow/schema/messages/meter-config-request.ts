import { message, pad, u32 } from '../dsl.ts';

/**
 * OFPMP_METER_CONFIG request: what meters are there?
 *
 *   u32        meterId            OFPM_ALL for all
 *   u8[4]      pad
 */
export const meterConfigRequest = message({
  type: 'meter_config_request',
  section: 'A.3.5.13',
  doc: 'OFPMP_METER_CONFIG request: what meters are there?',
  code: 18,
  multipart: 10,
  reply: 'meter_config_reply',
  fields: [u32('meterId', 'OFPM_ALL for all', 0xffffffff), pad(4)],
});
