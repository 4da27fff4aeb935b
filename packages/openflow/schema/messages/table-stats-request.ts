import { message } from '../dsl.ts';

/**
 * OFPMP_TABLE request: counters of every table.
 *
 *   (no body)
 */
export const tableStatsRequest = message({
  type: 'table_stats_request',
  section: 'A.3.5.4',
  doc: 'OFPMP_TABLE request: counters of every table.',
  code: 18,
  multipart: 3,
  reply: 'table_stats_reply',
  fields: [],
});
