/**
 * Class OFPXMC_OPENFLOW_BASIC (0x8000): OpenFlow 1.2 §A.2.3.7 has 0 to 35, 1.3 §A.2.3.7 adds 36 to 39, 1.4 §7.2.3.7
 * adds pbb_uca, 1.5 §7.2.3.7 the rest. Rows stand in order of their numbers; nothing has number 40.
 */
import { CLASS, fieldsOf, NEEDS, type OxmRow } from './row.ts';

const field = fieldsOf(CLASS.basic);

export const basicRows: readonly OxmRow[] = [
  field(['in_port', 0, 32], false, 'Port of arrival.'),
  field(['in_phy_port', 1, 32], false, 'Physical port of arrival.', { field: 'in_port' }),
  field(['metadata', 2, 'u64'], true, 'Metadata passed between tables.'),
  field(['eth_dst', 3, 'mac'], true, 'Ethernet destination.'),
  field(['eth_src', 4, 'mac'], true, 'Ethernet source.'),
  field(['eth_type', 5, 16], false, 'Ethertype after VLAN tags.'),
  field(['vlan_vid', 6, 13], true, 'VLAN id with OFPVID_PRESENT (0x1000).'),
  field(['vlan_pcp', 7, 3], false, 'VLAN priority.', { field: 'vlan_vid' }),
  field(['ip_dscp', 8, 6], false, 'DSCP.', NEEDS.ip),
  field(['ip_ecn', 9, 2], false, 'ECN bits.', NEEDS.ip),
  field(['ip_proto', 10, 8], false, 'IP protocol.', NEEDS.ip),
  field(['ipv4_src', 11, 'ipv4'], true, 'IPv4 source.', NEEDS.ipv4),
  field(['ipv4_dst', 12, 'ipv4'], true, 'IPv4 destination.', NEEDS.ipv4),
  field(['tcp_src', 13, 16], 'ovs', 'TCP source port.', NEEDS.tcp),
  field(['tcp_dst', 14, 16], 'ovs', 'TCP destination port.', NEEDS.tcp),
  field(['udp_src', 15, 16], 'ovs', 'UDP source port.', NEEDS.udp),
  field(['udp_dst', 16, 16], 'ovs', 'UDP destination port.', NEEDS.udp),
  field(['sctp_src', 17, 16], 'ovs', 'SCTP source port.', NEEDS.sctp),
  field(['sctp_dst', 18, 16], 'ovs', 'SCTP destination port.', NEEDS.sctp),
  field(['icmpv4_type', 19, 8], false, 'ICMP type.', NEEDS.icmpv4),
  field(['icmpv4_code', 20, 8], false, 'ICMP code.', NEEDS.icmpv4),
  field(['arp_op', 21, 16], false, 'ARP operation.', NEEDS.arp),
  field(['arp_spa', 22, 'ipv4'], true, 'ARP sender IPv4.', NEEDS.arp),
  field(['arp_tpa', 23, 'ipv4'], true, 'ARP target IPv4.', NEEDS.arp),
  field(['arp_sha', 24, 'mac'], true, 'ARP sender MAC.', NEEDS.arp),
  field(['arp_tha', 25, 'mac'], true, 'ARP target MAC.', NEEDS.arp),
  field(['ipv6_src', 26, 'ipv6'], true, 'IPv6 source.', NEEDS.ipv6),
  field(['ipv6_dst', 27, 'ipv6'], true, 'IPv6 destination.', NEEDS.ipv6),
  field(['ipv6_flabel', 28, 20], true, 'IPv6 flow label.', NEEDS.ipv6, 4),
  field(['icmpv6_type', 29, 8], false, 'ICMPv6 type.', NEEDS.icmpv6),
  field(['icmpv6_code', 30, 8], false, 'ICMPv6 code.', NEEDS.icmpv6),
  field(['ipv6_nd_target', 31, 'ipv6'], 'ovs', 'Neighbour discovery target.', NEEDS.nd),
  field(['ipv6_nd_sll', 32, 'mac'], 'ovs', 'Neighbour discovery source MAC.', NEEDS.solicitation),
  field(['ipv6_nd_tll', 33, 'mac'], 'ovs', 'Neighbour discovery target MAC.', NEEDS.advertisement),
  field(['mpls_label', 34, 20], false, 'MPLS label.', NEEDS.mpls, 4),
  field(['mpls_tc', 35, 3], false, 'MPLS traffic class.', NEEDS.mpls),
  field(['mpls_bos', 36, 1], false, 'MPLS bottom of stack.', NEEDS.mpls),
  field(['pbb_isid', 37, 24], true, 'PBB service id.', NEEDS.pbb),
  field(['tunnel_id', 38, 'u64'], true, 'Metadata of a logical port.'),
  field(['ipv6_exthdr', 39, 9], true, 'IPv6 extension headers present.', NEEDS.ipv6),
  field(['pbb_uca', 41, 1], false, 'PBB use customer address.', NEEDS.pbb),
  field(['tcp_flags', 42, 12], true, 'TCP flags.', NEEDS.tcp),
  field(['actset_output', 43, 32], false, 'Port that the action set outputs to.'),
  field(['packet_type', 44, 32], false, 'Type of the packet: namespace in the upper 16 bits, type below.'),
];
