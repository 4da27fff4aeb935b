import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_METER reply: counters of meters.
 *
 *   ...        meters             each: meter_stats
 */
export const meterStatsReply = message({
  versions: from('1.3'),
  type: 'meter_stats_reply',
  section: 'A.3.5.12',
  doc: 'OFPMP_METER reply: counters of meters.',
  code: 19,
  multipart: 9,
  fields: [list('meters', 'meter_stats')],
});
