import { list } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';

/**
 * NXST_IPFIX_FLOW reply: counters of the sampling by flow entries.
 *
 *   ...        stats              each: nx_ipfix_stats
 */
export const nxIpfixFlowStatsReply = niciraMultipart('reply', {
  type: 'nx_ipfix_flow_stats_reply',
  doc: 'NXST_IPFIX_FLOW reply: counters of the sampling by flow entries.',
  subtype: 4,
  fields: [list('stats', 'nx_ipfix_stats')],
});
