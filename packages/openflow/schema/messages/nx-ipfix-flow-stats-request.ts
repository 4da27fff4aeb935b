import { niciraMultipart } from '../extensions.ts';

/**
 * NXST_IPFIX_FLOW request: counters of the sampling by flow entries.
 */
export const nxIpfixFlowStatsRequest = niciraMultipart('request', {
  type: 'nx_ipfix_flow_stats_request',
  doc: 'NXST_IPFIX_FLOW request: counters of the sampling by flow entries.',
  subtype: 4,
  reply: 'nx_ipfix_flow_stats_reply',
  fields: [],
});
