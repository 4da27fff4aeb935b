/**
 * The fields of packets as operators know them from Open vSwitch: their names, the names of their headers, how a value
 * is written, and the keys of Match that mean them. ovs-fields(7).
 */
import type { OxmName } from '../../generated/match-types.ts';

/** How a value is written. */
export type FieldForm =
  | 'decimal'
  | 'hex'
  | 'mac'
  | 'ipv4'
  | 'ipv6'
  | 'port'
  | 'frag'
  | 'tunnel_flags'
  | 'tcp_flags'
  | 'ct_state'
  | 'packet_type';

export interface FieldWords {
  /** In texts of flows, as `set_field` writes it. */
  readonly name: string;
  /** In texts of parts of fields, as `load` and `move` write it: NXM_NX_REG0. */
  readonly header: string;
  readonly form: FieldForm;
  /** Keys of Match: the standard's first, then Nicira's and ONF's twins. */
  readonly keys: readonly OxmName[];
  /** Other names that are understood. */
  readonly aliases: readonly string[];
}

type Row = readonly [name: string, header: string, form: FieldForm, keys?: string, aliases?: string];

/** Keys and aliases are words with a space between them; without keys the name is the key. */
const ROWS: readonly Row[] = [
  ['dp_hash', 'NXM_NX_DP_HASH', 'hex', 'dp_hash nx_dp_hash'],
  ['recirc_id', 'NXM_NX_RECIRC_ID', 'decimal'],
  ['packet_type', 'OXM_OF_PACKET_TYPE', 'packet_type'],
  ['conj_id', 'NXM_NX_CONJ_ID', 'decimal'],
  ['tun_id', 'NXM_NX_TUN_ID', 'hex', 'tunnel_id nxm_tunnel_id', 'tunnel_id'],
  ['tun_src', 'NXM_NX_TUN_IPV4_SRC', 'ipv4'],
  ['tun_dst', 'NXM_NX_TUN_IPV4_DST', 'ipv4'],
  ['tun_ipv6_src', 'NXM_NX_TUN_IPV6_SRC', 'ipv6'],
  ['tun_ipv6_dst', 'NXM_NX_TUN_IPV6_DST', 'ipv6'],
  ['tun_flags', 'NXM_NX_TUN_FLAGS', 'tunnel_flags'],
  ['tun_gbp_id', 'NXM_NX_TUN_GBP_ID', 'decimal'],
  ['tun_gbp_flags', 'NXM_NX_TUN_GBP_FLAGS', 'hex'],
  ['tun_erspan_idx', 'NXOXM_ET_ERSPAN_IDX', 'hex'],
  ['tun_erspan_ver', 'NXOXM_ET_ERSPAN_VER', 'decimal'],
  ['tun_erspan_dir', 'NXOXM_ET_ERSPAN_DIR', 'decimal'],
  ['tun_erspan_hwid', 'NXOXM_ET_ERSPAN_HWID', 'hex'],
  ['tun_gtpu_flags', 'NXOXM_ET_GTPU_FLAGS', 'hex'],
  ['tun_gtpu_msgtype', 'NXOXM_ET_GTPU_MSGTYPE', 'decimal'],
  ...numbered(64, 'tun_metadata', 'NXM_NX_TUN_METADATA'),
  ['metadata', 'OXM_OF_METADATA', 'hex'],
  ['in_port', 'NXM_OF_IN_PORT', 'port', 'nxm_in_port'],
  ['in_port_oxm', 'OXM_OF_IN_PORT', 'port', 'in_port'],
  ['actset_output', 'OXM_OF_ACTSET_OUTPUT', 'port', 'actset_output onf_actset_output'],
  ['in_phy_port', 'OXM_OF_IN_PHY_PORT', 'port'],
  ['pkt_mark', 'NXM_NX_PKT_MARK', 'hex'],
  ['ct_state', 'NXM_NX_CT_STATE', 'ct_state'],
  ['ct_zone', 'NXM_NX_CT_ZONE', 'hex'],
  ['ct_mark', 'NXM_NX_CT_MARK', 'hex'],
  ['ct_label', 'NXM_NX_CT_LABEL', 'hex'],
  ['ct_nw_proto', 'NXM_NX_CT_NW_PROTO', 'decimal'],
  ['ct_nw_src', 'NXM_NX_CT_NW_SRC', 'ipv4'],
  ['ct_nw_dst', 'NXM_NX_CT_NW_DST', 'ipv4'],
  ['ct_ipv6_src', 'NXM_NX_CT_IPV6_SRC', 'ipv6'],
  ['ct_ipv6_dst', 'NXM_NX_CT_IPV6_DST', 'ipv6'],
  ['ct_tp_src', 'NXM_NX_CT_TP_SRC', 'decimal'],
  ['ct_tp_dst', 'NXM_NX_CT_TP_DST', 'decimal'],
  ...numbered(16, 'reg', 'NXM_NX_REG'),
  ...numbered(8, 'xreg', 'OXM_OF_PKT_REG'),
  ...numbered(4, 'xxreg', 'NXM_NX_XXREG'),
  ['eth_src', 'NXM_OF_ETH_SRC', 'mac', 'eth_src nxm_eth_src', 'dl_src'],
  ['eth_dst', 'NXM_OF_ETH_DST', 'mac', 'eth_dst nxm_eth_dst', 'dl_dst'],
  ['eth_type', 'NXM_OF_ETH_TYPE', 'hex', 'eth_type nxm_eth_type', 'dl_type'],
  ['vlan_tci', 'NXM_OF_VLAN_TCI', 'hex'],
  ['vlan_vid', 'OXM_OF_VLAN_VID', 'decimal'],
  ['vlan_pcp', 'OXM_OF_VLAN_PCP', 'decimal'],
  ['mpls_label', 'OXM_OF_MPLS_LABEL', 'decimal'],
  ['mpls_tc', 'OXM_OF_MPLS_TC', 'decimal'],
  ['mpls_bos', 'OXM_OF_MPLS_BOS', 'decimal'],
  ['mpls_ttl', 'NXM_NX_MPLS_TTL', 'decimal'],
  ['ip_src', 'NXM_OF_IP_SRC', 'ipv4', 'ipv4_src nxm_ipv4_src', 'nw_src'],
  ['ip_dst', 'NXM_OF_IP_DST', 'ipv4', 'ipv4_dst nxm_ipv4_dst', 'nw_dst'],
  ['ipv6_src', 'NXM_NX_IPV6_SRC', 'ipv6', 'ipv6_src nxm_ipv6_src'],
  ['ipv6_dst', 'NXM_NX_IPV6_DST', 'ipv6', 'ipv6_dst nxm_ipv6_dst'],
  ['ipv6_label', 'NXM_NX_IPV6_LABEL', 'hex', 'ipv6_flabel nxm_ipv6_flabel'],
  ['nw_proto', 'NXM_OF_IP_PROTO', 'decimal', 'ip_proto nxm_ip_proto', 'ip_proto'],
  ['nw_tos', 'NXM_OF_IP_TOS', 'decimal'],
  ['ip_dscp', 'OXM_OF_IP_DSCP', 'decimal'],
  ['nw_ecn', 'NXM_NX_IP_ECN', 'decimal', 'ip_ecn nxm_ip_ecn', 'ip_ecn'],
  ['nw_ttl', 'NXM_NX_IP_TTL', 'decimal'],
  ['ip_frag', 'NXM_NX_IP_FRAG', 'frag', '', 'nw_frag'],
  ['arp_op', 'NXM_OF_ARP_OP', 'decimal', 'arp_op nxm_arp_op'],
  ['arp_spa', 'NXM_OF_ARP_SPA', 'ipv4', 'arp_spa nxm_arp_spa'],
  ['arp_tpa', 'NXM_OF_ARP_TPA', 'ipv4', 'arp_tpa nxm_arp_tpa'],
  ['arp_sha', 'NXM_NX_ARP_SHA', 'mac', 'arp_sha nxm_arp_sha'],
  ['arp_tha', 'NXM_NX_ARP_THA', 'mac', 'arp_tha nxm_arp_tha'],
  ['tcp_src', 'NXM_OF_TCP_SRC', 'decimal', 'tcp_src nxm_tcp_src', 'tp_src'],
  ['tcp_dst', 'NXM_OF_TCP_DST', 'decimal', 'tcp_dst nxm_tcp_dst', 'tp_dst'],
  ['tcp_flags', 'NXM_NX_TCP_FLAGS', 'tcp_flags', 'tcp_flags nxm_tcp_flags onf_tcp_flags'],
  ['udp_src', 'NXM_OF_UDP_SRC', 'decimal', 'udp_src nxm_udp_src'],
  ['udp_dst', 'NXM_OF_UDP_DST', 'decimal', 'udp_dst nxm_udp_dst'],
  ['sctp_src', 'OXM_OF_SCTP_SRC', 'decimal'],
  ['sctp_dst', 'OXM_OF_SCTP_DST', 'decimal'],
  ['icmp_type', 'NXM_OF_ICMP_TYPE', 'decimal', 'icmpv4_type nxm_icmpv4_type'],
  ['icmp_code', 'NXM_OF_ICMP_CODE', 'decimal', 'icmpv4_code nxm_icmpv4_code'],
  ['icmpv6_type', 'NXM_NX_ICMPV6_TYPE', 'decimal', 'icmpv6_type nxm_icmpv6_type'],
  ['icmpv6_code', 'NXM_NX_ICMPV6_CODE', 'decimal', 'icmpv6_code nxm_icmpv6_code'],
  ['nd_target', 'NXM_NX_ND_TARGET', 'ipv6', 'ipv6_nd_target nxm_ipv6_nd_target'],
  ['nd_sll', 'NXM_NX_ND_SLL', 'mac', 'ipv6_nd_sll nxm_ipv6_nd_sll'],
  ['nd_tll', 'NXM_NX_ND_TLL', 'mac', 'ipv6_nd_tll nxm_ipv6_nd_tll'],
  ['nd_reserved', 'ERICOXM_OF_ICMPV6_ND_RESERVED', 'decimal'],
  ['nd_options_type', 'ERICOXM_OF_ICMPV6_ND_OPTIONS_TYPE', 'decimal'],
  ['nsh_flags', 'NXOXM_NSH_FLAGS', 'decimal'],
  ['nsh_mdtype', 'NXOXM_NSH_MDTYPE', 'decimal'],
  ['nsh_np', 'NXOXM_NSH_NP', 'decimal'],
  ['nsh_spi', 'NXOXM_NSH_SPI', 'hex', '', 'nsp'],
  ['nsh_si', 'NXOXM_NSH_SI', 'decimal', '', 'nsi'],
  ['nsh_c1', 'NXOXM_NSH_C1', 'hex'],
  ['nsh_c2', 'NXOXM_NSH_C2', 'hex'],
  ['nsh_c3', 'NXOXM_NSH_C3', 'hex'],
  ['nsh_c4', 'NXOXM_NSH_C4', 'hex'],
  ['nsh_ttl', 'NXOXM_NSH_TTL', 'decimal'],
  ['pbb_isid', 'OXM_OF_PBB_ISID', 'hex'],
  ['pbb_uca', 'OXM_OF_PBB_UCA', 'decimal'],
  ['ipv6_exthdr', 'OXM_OF_IPV6_EXTHDR', 'hex'],
  ['cookie', 'NXM_NX_COOKIE', 'hex', 'nxm_cookie'],
];

function numbered(count: number, name: string, header: string): readonly Row[] {
  return Array.from({ length: count }, (_, i) => [`${name}${i}`, `${header}${i}`, 'hex'] as const);
}

const words = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : text.split(' ');

/** Every field, in the order in which tables tell which they know. */
export const FIELDS: readonly FieldWords[] = ROWS.map(([name, header, form, keys, aliases]) => ({
  name,
  header,
  form,
  // A test asks of every key that it is one.
  keys: (words(keys).length === 0 ? [name] : words(keys)) as readonly OxmName[],
  aliases: words(aliases),
}));

const BY_KEY: ReadonlyMap<string, FieldWords> = new Map(
  FIELDS.flatMap((field) => field.keys.map((key) => [key, field] as const)),
);

/** The field that a key of Match means; undefined for a header that nobody named. */
export const fieldOfKey = (key: string): FieldWords | undefined => BY_KEY.get(key);
