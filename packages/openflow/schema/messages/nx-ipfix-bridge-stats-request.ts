import { niciraMultipart } from '../extensions.ts';

/**
 * NXST_IPFIX_BRIDGE request: counters of the sampling of a bridge.
 */
export const nxIpfixBridgeStatsRequest = niciraMultipart('request', {
  type: 'nx_ipfix_bridge_stats_request',
  doc: 'NXST_IPFIX_BRIDGE request: counters of the sampling of a bridge.',
  subtype: 3,
  reply: 'nx_ipfix_bridge_stats_reply',
  fields: [],
});
