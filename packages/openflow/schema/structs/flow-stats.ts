import { list, match, match10, match11, pad, selfLength, stats, structs, u8, u16, u32, u64 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * A flow entry with its counters (ofp_flow_stats).
 *
 * 1.0:
 *   u16        length
 *   u8         tableId
 *   u8[1]      pad
 *   u8[40]     match
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        priority
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u8[6]      pad
 *   u64        cookie
 *   u64        packetCount
 *   u64        byteCount
 *   ...        actions            each: action
 *
 * 1.1:
 *   u16        length
 *   u8         tableId
 *   u8[1]      pad
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        priority
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u8[6]      pad
 *   u64        cookie
 *   u64        packetCount
 *   u64        byteCount
 *   u8[88]     match
 *   ...        instructions       each: instruction
 *
 * 1.2:
 *   u16        length
 *   u8         tableId
 *   u8[1]      pad
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        priority
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u8[6]      pad
 *   u64        cookie
 *   u64        packetCount
 *   u64        byteCount
 *   ofp_match  match
 *   ...        instructions       each: instruction
 *
 * 1.3:
 *   u16        length
 *   u8         tableId
 *   u8[1]      pad
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        priority
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u16        flags              OFPFF_*
 *   u8[4]      pad
 *   u64        cookie
 *   u64        packetCount
 *   u64        byteCount
 *   ofp_match  match
 *   ...        instructions       each: instruction
 *
 * 1.4:
 *   u16        length
 *   u8         tableId
 *   u8[1]      pad
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        priority
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u16        flags              OFPFF_*
 *   u16        importance         for eviction
 *   u8[2]      pad
 *   u64        cookie
 *   u64        packetCount
 *   u64        byteCount
 *   ofp_match  match
 *   ...        instructions       each: instruction
 *
 * 1.5:
 *   u16        length
 *   u8[2]      pad
 *   u8         tableId
 *   u8         reason             OFPFSR_*
 *   u16        priority
 *   ofp_match  match
 *   ofp_stats  stats
 */
export const flowStats = structs(
  { name: 'flow_stats', doc: 'A flow entry with its counters (ofp_flow_stats).' },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      fields: [
        selfLength(),
        u8('tableId'),
        pad(1),
        match10(),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
        u16('priority'),
        u16('idleTimeout', 'seconds', 0),
        u16('hardTimeout', 'seconds', 0),
        pad(6),
        u64('cookie', '', 0n),
        u64('packetCount', '', 0n),
        u64('byteCount', '', 0n),
        list('actions', 'action'),
      ],
    },
    {
      versions: only('1.1'),
      section: 'A.3.6.2',
      fields: [
        selfLength(),
        u8('tableId'),
        pad(1),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
        u16('priority'),
        u16('idleTimeout', 'seconds', 0),
        u16('hardTimeout', 'seconds', 0),
        pad(6),
        u64('cookie', '', 0n),
        u64('packetCount', '', 0n),
        u64('byteCount', '', 0n),
        match11(),
        list('instructions', 'instruction'),
      ],
    },
    {
      versions: only('1.2'),
      section: 'A.3.6.2',
      fields: [
        selfLength(),
        u8('tableId'),
        pad(1),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
        u16('priority'),
        u16('idleTimeout', 'seconds', 0),
        u16('hardTimeout', 'seconds', 0),
        pad(6),
        u64('cookie', '', 0n),
        u64('packetCount', '', 0n),
        u64('byteCount', '', 0n),
        match(),
        list('instructions', 'instruction'),
      ],
    },
    {
      versions: only('1.3'),
      section: 'A.3.5.2',
      fields: [
        selfLength(),
        u8('tableId'),
        pad(1),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
        u16('priority'),
        u16('idleTimeout', 'seconds', 0),
        u16('hardTimeout', 'seconds', 0),
        u16('flags', 'OFPFF_*', 0),
        pad(4),
        u64('cookie', '', 0n),
        u64('packetCount', '', 0n),
        u64('byteCount', '', 0n),
        match(),
        list('instructions', 'instruction'),
      ],
    },
    {
      versions: only('1.4'),
      section: '7.3.5.2',
      fields: [
        selfLength(),
        u8('tableId'),
        pad(1),
        u32('durationSec', '', 0),
        u32('durationNsec', '', 0),
        u16('priority'),
        u16('idleTimeout', 'seconds', 0),
        u16('hardTimeout', 'seconds', 0),
        u16('flags', 'OFPFF_*', 0),
        u16('importance', 'for eviction', 0),
        pad(2),
        u64('cookie', '', 0n),
        u64('packetCount', '', 0n),
        u64('byteCount', '', 0n),
        match(),
        list('instructions', 'instruction'),
      ],
    },
    {
      versions: only('1.5'),
      section: '7.3.5',
      fields: [
        selfLength(),
        pad(2),
        u8('tableId'),
        u8('reason', 'OFPFSR_*', 0),
        u16('priority'),
        match(),
        stats(),
      ],
    },
  ],
);
