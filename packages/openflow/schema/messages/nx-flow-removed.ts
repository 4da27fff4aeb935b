import { lengthOf, nxMatch, u8, u16, u32, u64 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_FLOW_REMOVED: a flow entry is gone, with an extensible match.
 *
 *   u64        cookie             owner tag
 *   u16        priority
 *   u8         reason             OFPRR_*
 *   u8         tableId            its table plus 1, 0 when unknown
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        idleTimeout        seconds
 *   u16        length of match
 *   u64        packetCount
 *   u64        byteCount
 *   nx_match   match              padded to 8 bytes
 */
export const nxFlowRemoved = nicira({
  type: 'nx_flow_removed',
  doc: 'NXT_FLOW_REMOVED: a flow entry is gone, with an extensible match.',
  subtype: 14,
  fields: [
    u64('cookie', 'owner tag', 0n),
    u16('priority'),
    u8('reason', 'OFPRR_*'),
    u8('tableId', 'its table plus 1, 0 when unknown', 0),
    u32('durationSec', '', 0),
    u32('durationNsec', '', 0),
    u16('idleTimeout', 'seconds', 0),
    lengthOf('match'),
    u64('packetCount', '', 0n),
    u64('byteCount', '', 0n),
    nxMatch('match'),
  ],
});
