import { list, pad, selfLength, structs, u32, u64 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * Counters of one group as 1.3 tells them, for 1.0; the counters of a bucket are packets and bytes.
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
 *   ...        buckets            each: nx_bucket_counter
 */
export const nxGroupStats = structs(
  { name: 'nx_group_stats', doc: 'Counters of one group as 1.3 tells them, for 1.0.' },
  [
    {
      versions: only('1.0'),
      section: 'nicira-ext.h',
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
        list('buckets', 'nx_bucket_counter'),
      ],
    },
  ],
);
export const nxBucketCounter = structs({ name: 'nx_bucket_counter', doc: 'Counters of one bucket.' }, [
  {
    versions: only('1.0'),
    section: 'nicira-ext.h',
    fields: [u64('packetCount', '', 0n), u64('byteCount', '', 0n)],
  },
]);
