import { list, match, pad, selfLength, stats, struct, u8, u16, u64 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * A flow entry with its counters, cookie and instructions (ofp_flow_desc).
 *
 *   u16        length
 *   u8[2]      pad
 *   u8         tableId
 *   u8[1]      pad
 *   u16        priority
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u16        flags              OFPFF_*
 *   u16        importance         for eviction
 *   u64        cookie
 *   ofp_match  match
 *   ofp_stats  stats
 *   ...        instructions       each: instruction
 */
export const flowDesc = struct({
  versions: only('1.5'),
  name: 'flow_desc',
  section: '7.3.5',
  doc: 'A flow entry with its counters, cookie and instructions (ofp_flow_desc).',
  fields: [
    selfLength(),
    pad(2),
    u8('tableId'),
    pad(1),
    u16('priority'),
    u16('idleTimeout', 'seconds', 0),
    u16('hardTimeout', 'seconds', 0),
    u16('flags', 'OFPFF_*', 0),
    u16('importance', 'for eviction', 0),
    u64('cookie', '', 0n),
    match(),
    stats(),
    list('instructions', 'instruction'),
  ],
});
