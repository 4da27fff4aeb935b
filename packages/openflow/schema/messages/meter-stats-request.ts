import { message, pad, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_METER request: counters of meters.
 *
 *   u32        meterId            OFPM_ALL for all
 *   u8[4]      pad
 */
export const meterStatsRequest = message({
  versions: from('1.3'),
  type: 'meter_stats_request',
  section: 'A.3.5.12',
  doc: 'OFPMP_METER request: counters of meters.',
  code: 18,
  multipart: 9,
  reply: 'meter_stats_reply',
  fields: [u32('meterId', 'OFPM_ALL for all', 0xffffffff), pad(4)],
});
