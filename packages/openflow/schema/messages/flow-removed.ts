import { match, message, u8, u16, u32, u64 } from '../dsl.ts';

/**
 * OFPT_FLOW_REMOVED: an entry with SEND_FLOW_REM is gone.
 *
 *   u64        cookie
 *   u16        priority
 *   u8         reason             OFPRR_*
 *   u8         tableId
 *   u32        durationSec
 *   u32        durationNsec
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u64        packetCount
 *   u64        byteCount
 *   ofp_match  match
 */
export const flowRemoved = message({
  type: 'flow_removed',
  section: 'A.4.2',
  doc: 'OFPT_FLOW_REMOVED: an entry with SEND_FLOW_REM is gone.',
  code: 11,
  fields: [
    u64('cookie'),
    u16('priority'),
    u8('reason', 'OFPRR_*'),
    u8('tableId'),
    u32('durationSec'),
    u32('durationNsec'),
    u16('idleTimeout', 'seconds'),
    u16('hardTimeout', 'seconds'),
    u64('packetCount'),
    u64('byteCount'),
    match(),
  ],
});
