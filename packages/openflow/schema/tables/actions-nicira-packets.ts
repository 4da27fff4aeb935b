/** Actions of Nicira on packets as a whole: TTL, MPLS, encapsulation; and those that do nothing to them. */
import { countOf, custom, numbers, pad, padEnd, rest, type UnionMember, u8, u16, u32 } from '../dsl.ts';
import { only } from '../versions.ts';
import { MUST_BE_ZERO, nicira } from './nicira-action.ts';

const FIRST = only('1.0');

export const niciraPacketActions: readonly UnionMember[] = [
  nicira('nx_note', 8, 'Nothing; carries bytes.', [rest('note')]),
  nicira('nx_dec_ttl', 18, 'Decrement the IP TTL.', [pad(6)], FIRST),
  nicira('nx_dec_ttl_cnt_ids', 21, 'Decrement the IP TTL; packets that expire go to these controllers.', [
    countOf('controllerIds'),
    pad(4, MUST_BE_ZERO),
    numbers('controllerIds', 'u16'),
    padEnd(),
  ]),
  nicira('nx_fin_timeout', 19, 'Shorten the timeouts of the flow entry when TCP ends.', [
    u16('finIdleTimeout', 's, 0 for none', 0),
    u16('finHardTimeout', 's, 0 for none', 0),
    pad(2),
  ]),
  nicira('nx_push_mpls', 23, 'Push an MPLS label.', [u16('ethertype', '', 0x8847), pad(4)], FIRST),
  nicira('nx_pop_mpls', 24, 'Pop the outer MPLS label.', [u16('ethertype'), pad(4)], FIRST),
  nicira('nx_set_mpls_ttl', 25, 'Set the MPLS TTL.', [u8('ttl'), pad(5)], FIRST),
  nicira('nx_dec_mpls_ttl', 26, 'Decrement the MPLS TTL.', [pad(6)], FIRST),
  nicira('nx_set_mpls_label', 30, 'Set the MPLS label.', [pad(2), u32('mplsLabel', '20 bits')], FIRST),
  nicira('nx_set_mpls_tc', 31, 'Set the MPLS traffic class.', [u8('mplsTc', '0 to 7'), pad(5)], FIRST),
  nicira('nx_conjunction', 34, 'One dimension of a conjunctive match holds.', [
    u8('clause', 'from 0'),
    u8('nClauses', '2 to 64'),
    u32('id'),
  ]),
  nicira('nx_encap', 46, 'Put a header in front.', [
    u16('hdrSize', 'bytes, 0 when not told', 0),
    u32('packetType', 'namespace in the upper 16 bits: 0 Ethernet, 0x1894f NSH, 0x18847 MPLS'),
    custom('properties', 'ed_properties', 'readonly EdProperty[]', '[]'),
  ]),
  nicira('nx_decap', 47, 'Remove the outer header.', [
    pad(2),
    u32('packetType', 'what remains; 0xfffe for what the header says', 0xfffe),
  ]),
  nicira('nx_dec_nsh_ttl', 48, 'Decrement the TTL of NSH.', [pad(6)]),
  nicira('nx_debug_slow', 254, 'For tests of Open vSwitch: handle in user space.', [pad(6)]),
  nicira('nx_debug_recirc', 255, 'For tests of Open vSwitch: recirculate.', [pad(6)]),
];
