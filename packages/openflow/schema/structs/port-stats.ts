import { pad, struct, u32, u64 } from '../dsl.ts';

/**
 * Counters of one port (ofp_port_stats); all ones means not counted.
 *
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
 */
export const portStats = struct({
  name: 'port_stats',
  section: 'A.3.5.6',
  doc: 'Counters of one port (ofp_port_stats); all ones means not counted.',
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
});
