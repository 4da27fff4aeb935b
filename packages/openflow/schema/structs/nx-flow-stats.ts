import { lengthOf, list, nxMatch, pad, selfLength, struct, u8, u16, u32, u64 } from '../dsl.ts';
import { upTo } from '../versions.ts';

/**
 * One flow entry (nx_flow_stats). Ages are seconds plus 1, 0 when unknown.
 *
 *   u16        length
 *   u8         tableId
 *   u8[1]      pad
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        priority
 *   u16        idleTimeout
 *   u16        hardTimeout
 *   u16        length of match
 *   u16        idleAge            since the last packet
 *   u16        hardAge            since the last modification
 *   u64        cookie
 *   u64        packetCount
 *   u64        byteCount
 *   nx_match   match              padded to 8 bytes
 *   ...        actions            each: action
 */
export const nxFlowStats = struct({
  versions: upTo('1.1'),
  name: 'nx_flow_stats',
  section: 'nicira-ext.h',
  doc: 'One flow entry (nx_flow_stats). Ages are seconds plus 1, 0 when unknown.',
  fields: [
    selfLength(),
    u8('tableId', '', 0),
    pad(1),
    u32('durationSec', '', 0),
    u32('durationNsec', '', 0),
    u16('priority', '', 0),
    u16('idleTimeout', 'seconds', 0),
    u16('hardTimeout', 'seconds', 0),
    lengthOf('match'),
    u16('idleAge', 'since the last packet', 0),
    u16('hardAge', 'since the last modification', 0),
    u64('cookie', '', 0n),
    u64('packetCount', '', 0n),
    u64('byteCount', '', 0n),
    nxMatch(),
    list('actions', 'action'),
  ],
});
