import { list, message } from '../dsl.ts';

/**
 * OFPMP_TABLE reply: counters of tables.
 *
 *   ...        tables             each: table_stats
 */
export const tableStatsReply = message({
  type: 'table_stats_reply',
  section: 'A.3.5.4',
  doc: 'OFPMP_TABLE reply: counters of tables.',
  code: 19,
  multipart: 3,
  fields: [list('tables', 'table_stats')],
});
