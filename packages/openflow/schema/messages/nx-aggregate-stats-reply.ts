import { pad, u32, u64 } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_AGGREGATE reply: sums over flow entries.
 *
 *   u64        packetCount
 *   u64        byteCount
 *   u32        flowCount
 *   u8[4]      pad
 */
export const nxAggregateStatsReply = niciraMultipart('reply', {
  type: 'nx_aggregate_stats_reply',
  doc: 'NXST_AGGREGATE reply: sums over flow entries.',
  subtype: 1,
  versions: upTo('1.1'),
  fields: [u64('packetCount'), u64('byteCount'), u32('flowCount'), pad(4)],
});
