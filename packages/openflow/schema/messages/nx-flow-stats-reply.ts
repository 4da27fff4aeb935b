import { list } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_FLOW reply: flow entries with their counters.
 *
 *   ...        flows              each: nx_flow_stats
 */
export const nxFlowStatsReply = niciraMultipart('reply', {
  type: 'nx_flow_stats_reply',
  doc: 'NXST_FLOW reply: flow entries with their counters.',
  subtype: 0,
  versions: upTo('1.1'),
  fields: [list('flows', 'nx_flow_stats')],
});
