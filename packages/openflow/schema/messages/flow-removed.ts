import { match, match10, match11, messages, pad, stats, u8, u16, u32, u64 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPT_FLOW_REMOVED: an entry with SEND_FLOW_REM is gone. 1.1 to 1.4:
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
 *
 * 1.1 calls hardTimeout padding, where Open vSwitch tells it all the same. 1.0 has the match first, no table and no hard
 * timeout. 1.5:
 *
 *   u8         tableId
 *   u8         reason             OFPRR_*
 *   u16        priority
 *   u16        idleTimeout        seconds
 *   u16        hardTimeout        seconds
 *   u64        cookie
 *   ofp_match  match
 *   ofp_stats  stats              duration and counters
 */
const cookie = u64('cookie');
const priority = u16('priority');
const reason = u8('reason', 'OFPRR_*');
const tableId = u8('tableId');
const idleTimeout = u16('idleTimeout', 'seconds');
const hardTimeout = u16('hardTimeout', 'seconds');
const duration = [u32('durationSec'), u32('durationNsec')];
const counters = [u64('packetCount'), u64('byteCount')];

export const flowRemoved = messages(
  { type: 'flow_removed', doc: 'OFPT_FLOW_REMOVED: an entry with SEND_FLOW_REM is gone.' },
  [
    {
      versions: only('1.0'),
      section: '5.4.3',
      code: 11,
      fields: [match10(), cookie, priority, reason, pad(1), ...duration, idleTimeout, pad(2), ...counters],
    },
    {
      versions: only('1.1'),
      section: 'A.4.2',
      code: 11,
      fields: [
        cookie,
        priority,
        reason,
        tableId,
        ...duration,
        idleTimeout,
        u16('hardTimeout', 'seconds; padding in the specification, but Open vSwitch tells it', 0),
        ...counters,
        match11(),
      ],
    },
    {
      versions: between('1.2', '1.4'),
      section: 'A.4.2',
      code: 11,
      fields: [
        cookie,
        priority,
        reason,
        tableId,
        ...duration,
        idleTimeout,
        hardTimeout,
        ...counters,
        match(),
      ],
    },
    {
      versions: only('1.5'),
      section: '7.4.2',
      code: 11,
      fields: [tableId, reason, priority, idleTimeout, hardTimeout, cookie, match(), stats()],
    },
  ],
);
