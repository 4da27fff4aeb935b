import { list, message } from '../dsl.ts';

/**
 * OFPMP_FLOW reply: flow entries with counters.
 *
 *   ...        flows              each: flow_stats
 */
export const flowStatsReply = message({
  type: 'flow_stats_reply',
  section: 'A.3.5.2',
  doc: 'OFPMP_FLOW reply: flow entries with counters.',
  code: 19,
  multipart: 1,
  fields: [list('flows', 'flow_stats')],
});
