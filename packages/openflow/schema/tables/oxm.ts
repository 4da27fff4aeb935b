/**
 * The OXM fields of class OFPXMC_OPENFLOW_BASIC (0x8000), OpenFlow 1.3.0 §A.2.3.7. One row a field; types,
 * decoder, encoder, text form and prerequisite check all come from these rows.
 */

export type OxmValueKind = 'number' | 'u64' | 'mac' | 'ipv4' | 'ipv6';

export interface OxmRow {
  readonly name: string;
  readonly number: number;
  readonly kind: OxmValueKind;
  /** Bytes on the wire. */
  readonly size: number;
  /** Bits that may be set. */
  readonly bits: number;
  /** `ovs`: the specification forbids a mask and Open vSwitch sends one, so it is accepted. */
  readonly maskable: boolean | 'ovs';
  /** One of these (field, values) must be in the match as well. */
  readonly requires?: { readonly field: string; readonly values?: readonly number[] };
  readonly doc: string;
}

const sizes = { u64: 8, mac: 6, ipv4: 4, ipv6: 16 } as const;

const number = (
  name: string,
  at: number,
  bits: number,
  maskable: boolean | 'ovs',
  doc: string,
  requires?: OxmRow['requires'],
): OxmRow => ({
  name,
  number: at,
  kind: 'number',
  size: Math.ceil(bits / 8),
  bits,
  maskable,
  doc,
  ...(requires === undefined ? {} : { requires }),
});

const wide = (
  name: string,
  at: number,
  kind: 'u64' | 'mac' | 'ipv4' | 'ipv6',
  maskable: boolean | 'ovs',
  doc: string,
  requires?: OxmRow['requires'],
): OxmRow => ({
  name,
  number: at,
  kind,
  size: sizes[kind],
  bits: sizes[kind] * 8,
  maskable,
  doc,
  ...(requires === undefined ? {} : { requires }),
});

const ethType = (...values: number[]) => ({ field: 'eth_type', values });
const ipProto = (value: number) => ({ field: 'ip_proto', values: [value] });
const IP = ethType(0x0800, 0x86dd);
const ARP = ethType(0x0806);
const MPLS = ethType(0x8847, 0x8848);
const solicitation = { field: 'icmpv6_type', values: [135] };
const advertisement = { field: 'icmpv6_type', values: [136] };

export const oxmRows: readonly OxmRow[] = [
  number('in_port', 0, 32, false, 'Port of arrival.'),
  { ...number('in_phy_port', 1, 32, false, 'Physical port of arrival.'), requires: { field: 'in_port' } },
  wide('metadata', 2, 'u64', true, 'Metadata passed between tables.'),
  wide('eth_dst', 3, 'mac', true, 'Ethernet destination.'),
  wide('eth_src', 4, 'mac', true, 'Ethernet source.'),
  number('eth_type', 5, 16, false, 'Ethertype after VLAN tags.'),
  number('vlan_vid', 6, 13, true, 'VLAN id with OFPVID_PRESENT (0x1000).'),
  number('vlan_pcp', 7, 3, false, 'VLAN priority.', { field: 'vlan_vid' }),
  number('ip_dscp', 8, 6, false, 'DSCP.', IP),
  number('ip_ecn', 9, 2, false, 'ECN bits.', IP),
  number('ip_proto', 10, 8, false, 'IP protocol.', IP),
  wide('ipv4_src', 11, 'ipv4', true, 'IPv4 source.', ethType(0x0800)),
  wide('ipv4_dst', 12, 'ipv4', true, 'IPv4 destination.', ethType(0x0800)),
  number('tcp_src', 13, 16, 'ovs', 'TCP source port.', ipProto(6)),
  number('tcp_dst', 14, 16, 'ovs', 'TCP destination port.', ipProto(6)),
  number('udp_src', 15, 16, 'ovs', 'UDP source port.', ipProto(17)),
  number('udp_dst', 16, 16, 'ovs', 'UDP destination port.', ipProto(17)),
  number('sctp_src', 17, 16, 'ovs', 'SCTP source port.', ipProto(132)),
  number('sctp_dst', 18, 16, 'ovs', 'SCTP destination port.', ipProto(132)),
  number('icmpv4_type', 19, 8, false, 'ICMP type.', ipProto(1)),
  number('icmpv4_code', 20, 8, false, 'ICMP code.', ipProto(1)),
  number('arp_op', 21, 16, false, 'ARP operation.', ARP),
  wide('arp_spa', 22, 'ipv4', true, 'ARP sender IPv4.', ARP),
  wide('arp_tpa', 23, 'ipv4', true, 'ARP target IPv4.', ARP),
  wide('arp_sha', 24, 'mac', true, 'ARP sender MAC.', ARP),
  wide('arp_tha', 25, 'mac', true, 'ARP target MAC.', ARP),
  wide('ipv6_src', 26, 'ipv6', true, 'IPv6 source.', ethType(0x86dd)),
  wide('ipv6_dst', 27, 'ipv6', true, 'IPv6 destination.', ethType(0x86dd)),
  { ...number('ipv6_flabel', 28, 20, true, 'IPv6 flow label.', ethType(0x86dd)), size: 4 },
  number('icmpv6_type', 29, 8, false, 'ICMPv6 type.', ipProto(58)),
  number('icmpv6_code', 30, 8, false, 'ICMPv6 code.', ipProto(58)),
  wide('ipv6_nd_target', 31, 'ipv6', 'ovs', 'Neighbour discovery target.', {
    field: 'icmpv6_type',
    values: [135, 136],
  }),
  wide('ipv6_nd_sll', 32, 'mac', 'ovs', 'Neighbour discovery source MAC.', solicitation),
  wide('ipv6_nd_tll', 33, 'mac', 'ovs', 'Neighbour discovery target MAC.', advertisement),
  { ...number('mpls_label', 34, 20, false, 'MPLS label.', MPLS), size: 4 },
  number('mpls_tc', 35, 3, false, 'MPLS traffic class.', MPLS),
  number('mpls_bos', 36, 1, false, 'MPLS bottom of stack.', MPLS),
  number('pbb_isid', 37, 24, true, 'PBB service id.', ethType(0x88e7)),
  wide('tunnel_id', 38, 'u64', true, 'Metadata of a logical port.'),
  number('ipv6_exthdr', 39, 9, true, 'IPv6 extension headers present.', ethType(0x86dd)),
];
