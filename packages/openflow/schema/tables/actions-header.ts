/**
 * Actions that change headers, each for one field. 1.0 and 1.1 number them differently; from 1.2 on set_field takes
 * their place, and Open vSwitch still understands those of 1.1.
 */
import { type Field, ipv4, mac, pad, type UnionMember, u8, u16, u32 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/** One action that 1.0 has by one number and later versions by another. */
const renumbered = (
  type: string,
  [first, later]: readonly [number, number],
  doc: string,
  fields: readonly Field[],
): readonly UnionMember[] => [
  { type, code: first, versions: only('1.0'), doc, fields },
  { type, code: later, versions: from('1.1'), doc, fields },
];

const newer = (type: string, code: number, doc: string, fields: readonly Field[]): UnionMember => ({
  type,
  code,
  versions: from('1.1'),
  doc,
  fields,
});

const ethertype = (initial?: number): readonly Field[] => [u16('ethertype', '', initial), pad(2)];
const nothing: readonly Field[] = [pad(4)];

export const headerActions: readonly UnionMember[] = [
  ...renumbered('set_vlan_vid', [1, 1], 'Set the VLAN id; 1.0 adds a tag where there is none.', [
    u16('vlanVid', '0 to 4095'),
    pad(2),
  ]),
  ...renumbered('set_vlan_pcp', [2, 2], 'Set the VLAN priority; 1.0 adds a tag where there is none.', [
    u8('vlanPcp', '0 to 7'),
    pad(3),
  ]),
  { type: 'strip_vlan', code: 3, versions: only('1.0'), doc: 'Remove the VLAN tag.', fields: nothing },
  ...renumbered('set_dl_src', [4, 3], 'Set the Ethernet source.', [mac('dlAddr'), pad(6)]),
  ...renumbered('set_dl_dst', [5, 4], 'Set the Ethernet destination.', [mac('dlAddr'), pad(6)]),
  ...renumbered('set_nw_src', [6, 5], 'Set the IPv4 source.', [ipv4('nwAddr')]),
  ...renumbered('set_nw_dst', [7, 6], 'Set the IPv4 destination.', [ipv4('nwAddr')]),
  ...renumbered('set_nw_tos', [8, 7], 'Set the DSCP.', [u8('nwTos', 'DSCP in the upper 6 bits'), pad(3)]),
  newer('set_nw_ecn', 8, 'Set the ECN bits.', [u8('nwEcn', '0 to 3'), pad(3)]),
  ...renumbered('set_tp_src', [9, 9], 'Set the source port.', [u16('tpPort'), pad(2)]),
  ...renumbered('set_tp_dst', [10, 10], 'Set the destination port.', [u16('tpPort'), pad(2)]),
  newer('copy_ttl_out', 11, 'Copy the TTL outwards.', nothing),
  newer('copy_ttl_in', 12, 'Copy the TTL inwards.', nothing),
  newer('set_mpls_label', 13, 'Set the MPLS label.', [u32('mplsLabel', '20 bits')]),
  newer('set_mpls_tc', 14, 'Set the MPLS traffic class.', [u8('mplsTc', '0 to 7'), pad(3)]),
  newer('set_mpls_ttl', 15, 'Set the MPLS TTL.', [u8('ttl'), pad(3)]),
  newer('dec_mpls_ttl', 16, 'Decrement the MPLS TTL.', nothing),
  newer('push_vlan', 17, 'Push a VLAN tag.', ethertype(0x8100)),
  newer('pop_vlan', 18, 'Pop the outer VLAN tag.', nothing),
  newer('push_mpls', 19, 'Push an MPLS label.', ethertype(0x8847)),
  newer('pop_mpls', 20, 'Pop the outer MPLS label.', ethertype()),
  newer('set_nw_ttl', 23, 'Set the IP TTL.', [u8('ttl'), pad(3)]),
  newer('dec_nw_ttl', 24, 'Decrement the IP TTL.', nothing),
  { ...newer('push_pbb', 26, 'Push a PBB tag.', ethertype(0x88e7)), versions: from('1.3') },
  { ...newer('pop_pbb', 27, 'Pop the PBB tag.', nothing), versions: from('1.3') },
];
