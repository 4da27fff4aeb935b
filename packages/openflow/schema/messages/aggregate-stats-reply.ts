import { messages, pad, stats, u32, u64 } from '../dsl.ts';
import { between, only } from '../versions.ts';

const fields = [u64('packetCount'), u64('byteCount'), u32('flowCount'), pad(4)];

/**
 * OFPMP_AGGREGATE reply: sums over flow entries.
 *
 * 1.0 and 1.1 to 1.4:
 *   u64        packetCount
 *   u64        byteCount
 *   u32        flowCount
 *   u8[4]      pad
 *
 * 1.5:
 *   ofp_stats  stats
 */
export const aggregateStatsReply = messages(
  { type: 'aggregate_stats_reply', doc: 'OFPMP_AGGREGATE reply: sums over flow entries.' },
  [
    { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 2, fields },
    { versions: between('1.1', '1.4'), section: 'A.3.5.3', code: 19, multipart: 2, fields },
    { versions: only('1.5'), section: '7.3.5', code: 19, multipart: 2, fields: [stats()] },
  ],
);
