/**
 * Fields that Nicira numbered before OXM: classes 0x0000 (fields of OpenFlow 1.0) and 0x0001 (ovs-fields(7)). Where OXM has the
 * same field its name is that of OXM after `nxm_`.
 */
import { CLASS, fieldsOf, NEEDS, type OxmRow } from './row.ts';

const of10 = fieldsOf(CLASS.nxm);
const nicira = fieldsOf(CLASS.nx);

export const nxmRows: readonly OxmRow[] = [
  of10(['nxm_in_port', 0, 16], false, 'Port of arrival, number of OpenFlow 1.0.'),
  of10(['nxm_eth_dst', 1, 'mac'], true, 'Ethernet destination.'),
  of10(['nxm_eth_src', 2, 'mac'], true, 'Ethernet source.'),
  of10(['nxm_eth_type', 3, 16], false, 'Ethertype after VLAN tags.'),
  of10(['vlan_tci', 4, 16], true, 'VLAN tag: priority, 0x1000 for present, id. 0 for no tag.'),
  of10(['nw_tos', 5, 8], false, 'DSCP in the upper 6 bits, the lower 2 are 0.', NEEDS.ip),
  of10(['nxm_ip_proto', 6, 8], false, 'IP protocol.', NEEDS.ip),
  of10(['nxm_ipv4_src', 7, 'ipv4'], true, 'IPv4 source.', NEEDS.ipv4),
  of10(['nxm_ipv4_dst', 8, 'ipv4'], true, 'IPv4 destination.', NEEDS.ipv4),
  of10(['nxm_tcp_src', 9, 16], true, 'TCP source port.', NEEDS.tcp),
  of10(['nxm_tcp_dst', 10, 16], true, 'TCP destination port.', NEEDS.tcp),
  of10(['nxm_udp_src', 11, 16], true, 'UDP source port.', NEEDS.udp),
  of10(['nxm_udp_dst', 12, 16], true, 'UDP destination port.', NEEDS.udp),
  of10(['nxm_icmpv4_type', 13, 8], false, 'ICMP type.', NEEDS.icmpv4),
  of10(['nxm_icmpv4_code', 14, 8], false, 'ICMP code.', NEEDS.icmpv4),
  of10(['nxm_arp_op', 15, 16], false, 'ARP operation.', NEEDS.arp),
  of10(['nxm_arp_spa', 16, 'ipv4'], true, 'ARP sender IPv4.', NEEDS.arp),
  of10(['nxm_arp_tpa', 17, 'ipv4'], true, 'ARP target IPv4.', NEEDS.arp),
  nicira(['nxm_tunnel_id', 16, 'u64'], true, 'Id of the tunnel.'),
  nicira(['nxm_arp_sha', 17, 'mac'], true, 'ARP sender MAC.', NEEDS.arp),
  nicira(['nxm_arp_tha', 18, 'mac'], true, 'ARP target MAC.', NEEDS.arp),
  nicira(['nxm_ipv6_src', 19, 'ipv6'], true, 'IPv6 source.', NEEDS.ipv6),
  nicira(['nxm_ipv6_dst', 20, 'ipv6'], true, 'IPv6 destination.', NEEDS.ipv6),
  nicira(['nxm_icmpv6_type', 21, 8], false, 'ICMPv6 type.', NEEDS.icmpv6),
  nicira(['nxm_icmpv6_code', 22, 8], false, 'ICMPv6 code.', NEEDS.icmpv6),
  nicira(['nxm_ipv6_nd_target', 23, 'ipv6'], true, 'Neighbour discovery target.', NEEDS.nd),
  nicira(['nxm_ipv6_nd_sll', 24, 'mac'], true, 'Neighbour discovery source MAC.', NEEDS.solicitation),
  nicira(['nxm_ipv6_nd_tll', 25, 'mac'], true, 'Neighbour discovery target MAC.', NEEDS.advertisement),
  nicira(['ip_frag', 26, 2], true, 'Fragments: 1 any fragment, 2 a later one.', NEEDS.ip),
  nicira(['nxm_ipv6_flabel', 27, 20], true, 'IPv6 flow label.', NEEDS.ipv6, 4),
  nicira(['nxm_ip_ecn', 28, 2], false, 'ECN bits.', NEEDS.ip),
  nicira(['nw_ttl', 29, 8], false, 'IP time to live.', NEEDS.ip),
  nicira(['mpls_ttl', 30, 8], false, 'MPLS time to live.', NEEDS.mpls),
  nicira(
    ['nxm_cookie', 30, 'u64'],
    true,
    'Cookie of the flow entry: in Nicira flow mods and statistics requests only.',
  ),
  nicira(['pkt_mark', 33, 32], true, 'Mark of the packet in the Linux kernel.'),
  nicira(['nxm_tcp_flags', 34, 12], true, 'TCP flags.', NEEDS.tcp),
  nicira(['dp_hash', 35, 32], true, 'Hash that the datapath computed; inside Open vSwitch only.'),
  nicira(['recirc_id', 36, 32], false, 'Recirculation id; inside Open vSwitch only.'),
  nicira(['conj_id', 37, 32], false, 'Id of the conjunctive match that held.'),
];
