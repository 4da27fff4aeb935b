import { list, pad, selfLength, structs, u16, u32, u64 } from '../dsl.ts';
import { between, from, only } from '../versions.ts';

/**
 * Counters of one port (ofp_port_stats); all ones means not counted.
 *
 * 1.0:
 *   u16        portNo
 *   u8[6]      pad
 *   u64        rxPackets
 *   u64        txPackets
 *   u64        rxBytes
 *   u64        txBytes
 *   u64        rxDropped
 *   u64        txDropped
 *   u64        rxErrors
 *   u64        txErrors
 *   u64        rxFrameErr
 *   u64        rxOverErr
 *   u64        rxCrcErr
 *   u64        collisions
 *
 * 1.1 to 1.2:
 *   u32        portNo
 *   u8[4]      pad
 *   u64        rxPackets
 *   u64        txPackets
 *   u64        rxBytes
 *   u64        txBytes
 *   u64        rxDropped
 *   u64        txDropped
 *   u64        rxErrors
 *   u64        txErrors
 *   u64        rxFrameErr
 *   u64        rxOverErr
 *   u64        rxCrcErr
 *   u64        collisions
 *
 * 1.3:
 *   u32        portNo
 *   u8[4]      pad
 *   u64        rxPackets
 *   u64        txPackets
 *   u64        rxBytes
 *   u64        txBytes
 *   u64        rxDropped
 *   u64        txDropped
 *   u64        rxErrors
 *   u64        txErrors
 *   u64        rxFrameErr
 *   u64        rxOverErr
 *   u64        rxCrcErr
 *   u64        collisions
 *   u32        durationSec
 *   u32        durationNsec
 *
 * From 1.4:
 *   u16        length
 *   u8[2]      pad
 *   u32        portNo
 *   u32        durationSec
 *   u32        durationNsec
 *   u64        rxPackets
 *   u64        txPackets
 *   u64        rxBytes
 *   u64        txBytes
 *   u64        rxDropped
 *   u64        txDropped
 *   u64        rxErrors
 *   u64        txErrors
 *   ...        properties         each: port_stats_property
 */
export const portStats = structs(
  { name: 'port_stats', doc: 'Counters of one port (ofp_port_stats); all ones means not counted.' },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      fields: [
        u16('portNo'),
        pad(6),
        u64('rxPackets', '', 0n),
        u64('txPackets', '', 0n),
        u64('rxBytes', '', 0n),
        u64('txBytes', '', 0n),
        u64('rxDropped', '', 0n),
        u64('txDropped', '', 0n),
        u64('rxErrors', '', 0n),
        u64('txErrors', '', 0n),
        u64('rxFrameErr', '', 0n),
        u64('rxOverErr', '', 0n),
        u64('rxCrcErr', '', 0n),
        u64('collisions', '', 0n),
      ],
    },
    {
      versions: between('1.1', '1.2'),
      section: 'A.3.6.5',
      fields: [
        u32('portNo'),
        pad(4),
        u64('rxPackets', '', 0n),
        u64('txPackets', '', 0n),
        u64('rxBytes', '', 0n),
        u64('txBytes', '', 0n),
        u64('rxDropped', '', 0n),
        u64('txDropped', '', 0n),
        u64('rxErrors', '', 0n),
        u64('txErrors', '', 0n),
        u64('rxFrameErr', '', 0n),
        u64('rxOverErr', '', 0n),
        u64('rxCrcErr', '', 0n),
        u64('collisions', '', 0n),
      ],
    },
    {
      versions: only('1.3'),
      section: 'A.3.5.6',
      fields: [
        u32('portNo'),
        pad(4),
        u64('rxPackets', '', 0n),
        u64('txPackets', '', 0n),
        u64('rxBytes', '', 0n),
        u64('txBytes', '', 0n),
        u64('rxDropped', '', 0n),
        u64('txDropped', '', 0n),
        u64('rxErrors', '', 0n),
        u64('txErrors', '', 0n),
        u64('rxFrameErr', '', 0n),
        u64('rxOverErr', '', 0n),
        u64('rxCrcErr', '', 0n),
        u64('collisions', '', 0n),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
      ],
    },
    {
      versions: from('1.4'),
      section: '7.3.5.7',
      fields: [
        selfLength(),
        pad(2),
        u32('portNo'),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
        u64('rxPackets', '', 0n),
        u64('txPackets', '', 0n),
        u64('rxBytes', '', 0n),
        u64('txBytes', '', 0n),
        u64('rxDropped', '', 0n),
        u64('txDropped', '', 0n),
        u64('rxErrors', '', 0n),
        u64('txErrors', '', 0n),
        list('properties', 'port_stats_property'),
      ],
    },
  ],
);
