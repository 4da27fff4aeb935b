import { list } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';

/**
 * NXST_IPFIX_BRIDGE reply: counters of the sampling of a bridge.
 *
 *   ...        stats              each: nx_ipfix_stats
 */
export const nxIpfixBridgeStatsReply = niciraMultipart('reply', {
  type: 'nx_ipfix_bridge_stats_reply',
  doc: 'NXST_IPFIX_BRIDGE reply: counters of the sampling of a bridge.',
  subtype: 3,
  fields: [list('stats', 'nx_ipfix_stats')],
});
