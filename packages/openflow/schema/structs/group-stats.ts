import { list, pad, selfLength, structs, u32, u64 } from '../dsl.ts';
import { between, from } from '../versions.ts';

/**
 * Counters of one group (ofp_group_stats).
 *
 * 1.1 to 1.2:
 *   u16        length
 *   u8[2]      pad
 *   u32        groupId
 *   u32        refCount           entries and groups that use it
 *   u8[4]      pad
 *   u64        packetCount
 *   u64        byteCount
 *   ...        buckets            each: bucket_counter
 *
 * From 1.3:
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
export const groupStats = structs({ name: 'group_stats', doc: 'Counters of one group (ofp_group_stats).' }, [
  {
    versions: between('1.1', '1.2'),
    section: 'A.3.6.7',
    fields: [
      selfLength(),
      pad(2),
      u32('groupId'),
      u32('refCount', 'entries and groups that use it', 0),
      pad(4),
      u64('packetCount', '', 0n),
      u64('byteCount', '', 0n),
      list('buckets', 'bucket_counter'),
    ],
  },
  {
    versions: from('1.3'),
    section: 'A.3.5.9',
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
  },
]);
