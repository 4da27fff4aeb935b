import { list, pad, selfLength, struct, u32, u64 } from '../dsl.ts';

/**
 * Counters of one group (ofp_group_stats).
 *
 *   u16        length
 *   u8[2]      pad
 *   u32        groupId
 *   u32        refCount           entries and groups that use it
 *   u8[4]      pad
 *   u64        packetCount
 *   u64        byteCount
 *   u32        durationSec
 *   u32        durationNsec
 *   ...        buckets            each: bucket_counter
 */
export const groupStats = struct({
  name: 'group_stats',
  section: 'A.3.5.9',
  doc: 'Counters of one group (ofp_group_stats).',
  fields: [
    selfLength(),
    pad(2),
    u32('groupId'),
    u32('refCount', 'entries and groups that use it', 0),
    pad(4),
    u64('packetCount', '', 0n),
    u64('byteCount', '', 0n),
    u32('durationSec', '', 0),
    u32('durationNsec', '', 0),
    list('buckets', 'bucket_counter'),
  ],
});
