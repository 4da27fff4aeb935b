import { list, match, message, pad, u8, u16, u32, u64 } from '../dsl.ts';

/**
 * OFPT_FLOW_MOD: adds, changes or deletes flow entries.
 *
 *   u64        cookie             owner tag
 *   u64        cookieMask         for modify and delete: bits of the cookie that must agree
 *   u8         tableId            OFPTT_ALL for delete means every table
 *   u8         command            OFPFC_*
 *   u16        idleTimeout        seconds, 0 is never
 *   u16        hardTimeout        seconds, 0 is never
 *   u16        priority           higher wins
 *   u32        bufferId           OFP_NO_BUFFER or a packet to send through the entry
 *   u32        outPort            for delete: only entries that output here; OFPP_ANY
 *   u32        outGroup           for delete: only entries that use the group; OFPG_ANY
 *   u16        flags              OFPFF_*
 *   u8[2]      pad
 *   ofp_match  match
 *   ...        instructions       each: instruction
 */
export const flowMod = message({
  type: 'flow_mod',
  section: 'A.3.4.1',
  doc: 'OFPT_FLOW_MOD: adds, changes or deletes flow entries.',
  code: 14,
  fields: [
    u64('cookie', 'owner tag', 0n),
    u64('cookieMask', 'for modify and delete: bits of the cookie that must agree', 0n),
    u8('tableId', 'OFPTT_ALL for delete means every table', 0),
    u8('command', 'OFPFC_*'),
    u16('idleTimeout', 'seconds, 0 is never', 0),
    u16('hardTimeout', 'seconds, 0 is never', 0),
    u16('priority', 'higher wins', 0x8000),
    u32('bufferId', 'OFP_NO_BUFFER or a packet to send through the entry', 0xffffffff),
    u32('outPort', 'for delete: only entries that output here; OFPP_ANY', 0xffffffff),
    u32('outGroup', 'for delete: only entries that use the group; OFPG_ANY', 0xffffffff),
    u16('flags', 'OFPFF_*', 0),
    pad(2),
    match(),
    list('instructions', 'instruction'),
  ],
});
