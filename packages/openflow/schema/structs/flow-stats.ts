import { list, match, pad, selfLength, struct, u8, u16, u32, u64 } from '../dsl.ts';

/**
 * A flow entry with its counters (ofp_flow_stats).
 *
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
 */
export const flowStats = struct({
  name: 'flow_stats',
  section: 'A.3.5.2',
  doc: 'A flow entry with its counters (ofp_flow_stats).',
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
});
