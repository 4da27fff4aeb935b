import { message, pad, u32, u64 } from '../dsl.ts';

/**
 * OFPMP_AGGREGATE reply: sums over flow entries.
 *
 *   u64        packetCount
 *   u64        byteCount
 *   u32        flowCount
 *   u8[4]      pad
 */
export const aggregateStatsReply = message({
  type: 'aggregate_stats_reply',
  section: 'A.3.5.3',
  doc: 'OFPMP_AGGREGATE reply: sums over flow entries.',
  code: 19,
  multipart: 2,
  fields: [u64('packetCount'), u64('byteCount'), u32('flowCount'), pad(4)],
});
