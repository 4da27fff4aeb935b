import { list, pad, selfLength, structs, u16, u32, u64 } from '../dsl.ts';
import { between, from, only } from '../versions.ts';

/**
 * Counters of one queue (ofp_queue_stats); all ones means not counted.
 *
 * 1.0:
 *   u16        portNo
 *   u8[2]      pad
 *   u32        queueId
 *   u64        txBytes
 *   u64        txPackets
 *   u64        txErrors           dropped by overrun
 *
 * 1.1 to 1.2:
 *   u32        portNo
 *   u32        queueId
 *   u64        txBytes
 *   u64        txPackets
 *   u64        txErrors           dropped by overrun
 *
 * 1.3:
 *   u32        portNo
 *   u32        queueId
 *   u64        txBytes
 *   u64        txPackets
 *   u64        txErrors           dropped by overrun
 *   u32        durationSec
 *   u32        durationNsec
 *
 * From 1.4:
 *   u16        length
 *   u8[6]      pad
 *   u32        portNo
 *   u32        queueId
 *   u64        txBytes
 *   u64        txPackets
 *   u64        txErrors           dropped by overrun
 *   u32        durationSec
 *   u32        durationNsec
 *   ...        properties         each: queue_stats_property
 */
export const queueStats = structs(
  { name: 'queue_stats', doc: 'Counters of one queue (ofp_queue_stats); all ones means not counted.' },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      fields: [
        u16('portNo'),
        pad(2),
        u32('queueId'),
        u64('txBytes', '', 0n),
        u64('txPackets', '', 0n),
        u64('txErrors', 'dropped by overrun', 0n),
      ],
    },
    {
      versions: between('1.1', '1.2'),
      section: 'A.3.6.6',
      fields: [
        u32('portNo'),
        u32('queueId'),
        u64('txBytes', '', 0n),
        u64('txPackets', '', 0n),
        u64('txErrors', 'dropped by overrun', 0n),
      ],
    },
    {
      versions: only('1.3'),
      section: 'A.3.5.8',
      fields: [
        u32('portNo'),
        u32('queueId'),
        u64('txBytes', '', 0n),
        u64('txPackets', '', 0n),
        u64('txErrors', 'dropped by overrun', 0n),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
      ],
    },
    {
      versions: from('1.4'),
      section: '7.3.5.9',
      fields: [
        selfLength(),
        pad(6),
        u32('portNo'),
        u32('queueId'),
        u64('txBytes', '', 0n),
        u64('txPackets', '', 0n),
        u64('txErrors', 'dropped by overrun', 0n),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
        list('properties', 'queue_stats_property'),
      ],
    },
  ],
);
