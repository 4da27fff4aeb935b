import { list, message } from '../dsl.ts';

/**
 * OFPMP_METER reply: counters of meters.
 *
 *   ...        meters             each: meter_stats
 */
export const meterStatsReply = message({
  type: 'meter_stats_reply',
  section: 'A.3.5.12',
  doc: 'OFPMP_METER reply: counters of meters.',
  code: 19,
  multipart: 9,
  fields: [list('meters', 'meter_stats')],
});
