import { lengthOf, list, nxMatch, pad, u16, u32, u64 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_FLOW_MOD: a flow mod with an extensible match.
 *
 *   u64        cookie             owner tag
 *   u16        command            OFPFC_*; after nx_flow_mod_table_id the table is in the upper 8 bits
 *   u16        idleTimeout        seconds, 0 is never
 *   u16        hardTimeout        seconds, 0 is never
 *   u16        priority           higher wins
 *   u32        bufferId           OFP_NO_BUFFER or a packet to send through the entry
 *   u16        outPort            for delete: only entries that output here; OFPP_NONE
 *   u16        flags              OFPFF_*
 *   u16        length of match
 *   u8[6]      pad
 *   nx_match   match              padded to 8 bytes
 *   ...        actions            each: action
 */
export const nxFlowMod = nicira({
  type: 'nx_flow_mod',
  doc: 'NXT_FLOW_MOD: a flow mod with an extensible match.',
  subtype: 13,
  fields: [
    u64('cookie', 'owner tag', 0n),
    u16('command', 'OFPFC_*; after nx_flow_mod_table_id the table is in the upper 8 bits'),
    u16('idleTimeout', 'seconds, 0 is never', 0),
    u16('hardTimeout', 'seconds, 0 is never', 0),
    u16('priority', 'higher wins', 0x8000),
    u32('bufferId', 'OFP_NO_BUFFER or a packet to send through the entry', 0xffffffff),
    u16('outPort', 'for delete: only entries that output here; OFPP_NONE', 0xffff),
    u16('flags', 'OFPFF_*', 0),
    lengthOf('match'),
    pad(6),
    nxMatch('match'),
    list('actions', 'action'),
  ],
});
