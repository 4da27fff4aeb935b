/**
 * The fields of Open vSwitch: names, sizes, how a value is written, which flow formats can say them, and under which key
 * of Match they travel. After ovs-fields(7).
 */
import { OXM_FIELDS, type OxmName } from '../../generated/match-types.ts';
import { hint, parseError, type Word } from './parse-error.ts';

export type ValueFormat =
  | 'number'
  | 'mac'
  | 'ipv4'
  | 'ipv6'
  | 'port'
  | 'port32'
  | 'frag'
  | 'tcp_flags'
  | 'tunnel_flags'
  | 'ct_state'
  | 'packet_type';

/** Which of the fixed matches of 1.0 and 1.1 can say it, and with what mask. */
export type FixedUse = 'none' | 'exact' | 'exact11' | 'mask11' | 'metadata' | 'cidr';
export type Needs =
  | 'vlan'
  | 'mpls'
  | 'ipv4'
  | 'ipv6'
  | 'ip'
  | 'arp'
  | 'nsh'
  | 'tcp'
  | 'udp'
  | 'sctp'
  | 'icmp'
  | 'icmp6'
  | 'nd'
  | 'nd_solicit'
  | 'nd_advert'
  | 'ct';

export interface Field {
  readonly name: string;
  /** Key of Match from 1.2 on. */
  readonly oxm: OxmName;
  /** Key of Nicira's twin; the same where there is none. */
  readonly nxm: OxmName;
  /** Bits that may be set. */
  readonly bits: number;
  /** Bytes on the wire. */
  readonly size: number;
  readonly format: ValueFormat;
  readonly isMaskable: boolean;
  readonly isReadOnly: boolean;
  readonly fixed: FixedUse;
  readonly needs: Needs | undefined;
}

/** name[,alias...] oxm nxm format fixed needs: - where there is nothing. `!` before the name: read only. */
const TABLE = `
!dp_hash - dp_hash number none -
!recirc_id - recirc_id number none -
!packet_type packet_type - packet_type none -
!conj_id - conj_id number none -
tun_id,tunnel_id tunnel_id nxm_tunnel_id number none -
tun_src - tun_src ipv4 none -
tun_dst - tun_dst ipv4 none -
tun_ipv6_src - tun_ipv6_src ipv6 none -
tun_ipv6_dst - tun_ipv6_dst ipv6 none -
tun_gbp_id - tun_gbp_id number none -
tun_gbp_flags - tun_gbp_flags number none -
tun_erspan_idx - tun_erspan_idx number none -
tun_erspan_ver - tun_erspan_ver number none -
tun_erspan_dir - tun_erspan_dir number none -
tun_erspan_hwid - tun_erspan_hwid number none -
!tun_gtpu_flags - tun_gtpu_flags number none -
!tun_gtpu_msgtype - tun_gtpu_msgtype number none -
tun_flags - tun_flags tunnel_flags none -
in_port - nxm_in_port port exact -
in_port_oxm in_port - port32 exact11 -
!actset_output onf_actset_output - port32 none -
pkt_mark - pkt_mark number none -
!ct_state - ct_state ct_state none -
!ct_zone - ct_zone number none -
ct_mark - ct_mark number none -
ct_label - ct_label number none -
!ct_nw_proto - ct_nw_proto number none ct
!ct_nw_src - ct_nw_src ipv4 none ct
!ct_nw_dst - ct_nw_dst ipv4 none ct
!ct_ipv6_src - ct_ipv6_src ipv6 none ct
!ct_ipv6_dst - ct_ipv6_dst ipv6 none ct
!ct_tp_src - ct_tp_src number none ct
!ct_tp_dst - ct_tp_dst number none ct
metadata metadata - number metadata -
eth_src,dl_src eth_src nxm_eth_src mac mask11 -
eth_dst,dl_dst eth_dst nxm_eth_dst mac mask11 -
!eth_type,dl_type eth_type nxm_eth_type number exact -
vlan_tci - vlan_tci number exact -
vlan_vid vlan_vid - number exact -
vlan_pcp vlan_pcp - number exact vlan
mpls_label mpls_label - number exact11 mpls
mpls_tc mpls_tc - number exact11 mpls
!mpls_bos mpls_bos - number none mpls
mpls_ttl - mpls_ttl number none mpls
ip_src,nw_src ipv4_src nxm_ipv4_src ipv4 cidr ipv4
ip_dst,nw_dst ipv4_dst nxm_ipv4_dst ipv4 cidr ipv4
ipv6_src ipv6_src nxm_ipv6_src ipv6 none ipv6
ipv6_dst ipv6_dst nxm_ipv6_dst ipv6 none ipv6
ipv6_label ipv6_flabel nxm_ipv6_flabel number none ipv6
!nw_proto,ip_proto ip_proto nxm_ip_proto number exact ip
nw_tos - nw_tos number exact ip
ip_dscp ip_dscp - number exact ip
nw_ecn,ip_ecn ip_ecn nxm_ip_ecn number exact11 ip
nw_ttl - nw_ttl number none ip
!ip_frag,nw_frag - ip_frag frag none ip
arp_op arp_op nxm_arp_op number exact arp
arp_spa arp_spa nxm_arp_spa ipv4 cidr arp
arp_tpa arp_tpa nxm_arp_tpa ipv4 cidr arp
arp_sha arp_sha nxm_arp_sha mac none arp
arp_tha arp_tha nxm_arp_tha mac none arp
tcp_src tcp_src nxm_tcp_src number exact tcp
tcp_dst tcp_dst nxm_tcp_dst number exact tcp
!tcp_flags onf_tcp_flags nxm_tcp_flags tcp_flags none tcp
udp_src udp_src nxm_udp_src number exact udp
udp_dst udp_dst nxm_udp_dst number exact udp
sctp_src sctp_src - number exact11 sctp
sctp_dst sctp_dst - number exact11 sctp
icmp_type icmpv4_type nxm_icmpv4_type number exact icmp
icmp_code icmpv4_code nxm_icmpv4_code number exact icmp
icmpv6_type icmpv6_type nxm_icmpv6_type number none icmp6
icmpv6_code icmpv6_code nxm_icmpv6_code number none icmp6
nd_target ipv6_nd_target nxm_ipv6_nd_target ipv6 none nd
nd_sll ipv6_nd_sll nxm_ipv6_nd_sll mac none nd_solicit
nd_tll ipv6_nd_tll nxm_ipv6_nd_tll mac none nd_advert
nd_reserved - nd_reserved number none nd
nd_options_type - nd_options_type number none nd
nsh_flags - nsh_flags number none nsh
nsh_ttl - nsh_ttl number none nsh
!nsh_mdtype - nsh_mdtype number none nsh
!nsh_np - nsh_np number none nsh
nsh_spi,nsp - nsh_spi number none nsh
nsh_si,nsi - nsh_si number none nsh
nsh_c1,nshc1 - nsh_c1 number none nsh
nsh_c2,nshc2 - nsh_c2 number none nsh
nsh_c3,nshc3 - nsh_c3 number none nsh
nsh_c4,nshc4 - nsh_c4 number none nsh
`;

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index} - ${prefix}${index} number none -`);

const LINES = [
  ...TABLE.trim().split('\n'),
  ...numbered('reg', 16),
  ...numbered('xreg', 8),
  ...numbered('xxreg', 4),
  ...numbered('tun_metadata', 64),
];

/** Open vSwitch uses 12 of the 13 bits when it counts. */
const VLAN_VID_BITS = 12;

function fieldOf(line: string): readonly (readonly [string, Field])[] {
  const [names = '', oxm = '', nxm = '', format = '', fixed = '', needs = ''] = line.split(' ');
  const isReadOnly = names.startsWith('!');
  const [name = '', ...aliases] = names.replace('!', '').split(',');
  const basic = (oxm === '-' ? nxm : oxm) as OxmName;
  const twin = (nxm === '-' ? oxm : nxm) as OxmName;
  const { bits, size, maskable } = OXM_FIELDS[basic];
  const field: Field = {
    name,
    oxm: basic,
    nxm: twin,
    bits: name === 'vlan_vid' ? VLAN_VID_BITS : bits,
    size,
    format: format as ValueFormat,
    isMaskable: maskable,
    isReadOnly,
    fixed: fixed as FixedUse,
    needs: needs === '-' ? undefined : (needs as Needs),
  };
  return [name, ...aliases].map((one) => [one, field] as const);
}

const BY_NAME: ReadonlyMap<string, Field> = new Map(LINES.flatMap(fieldOf));

/** Names of the specifications that are not made of the names above by their prefix. */
const ODD_NAMES: Readonly<Record<string, string>> = {
  NXM_OF_IN_PORT: 'in_port',
  OXM_OF_IN_PORT: 'in_port_oxm',
  NXM_OF_IP_TOS: 'nw_tos',
  NXM_OF_IP_PROTO: 'nw_proto',
  NXM_OF_IP_SRC: 'ip_src',
  NXM_OF_IP_DST: 'ip_dst',
  OXM_OF_IPV4_SRC: 'ip_src',
  OXM_OF_IPV4_DST: 'ip_dst',
  OXM_OF_IPV6_FLABEL: 'ipv6_label',
  OXM_OF_ICMPV4_TYPE: 'icmp_type',
  OXM_OF_ICMPV4_CODE: 'icmp_code',
  OXM_OF_IPV6_ND_TARGET: 'nd_target',
  OXM_OF_IPV6_ND_SLL: 'nd_sll',
  OXM_OF_IPV6_ND_TLL: 'nd_tll',
  NXM_NX_IP_TTL: 'nw_ttl',
  NXM_NX_IP_FRAG: 'ip_frag',
  NXM_NX_TUN_IPV4_SRC: 'tun_src',
  NXM_NX_TUN_IPV4_DST: 'tun_dst',
  OXM_OF_TUNNEL_ID: 'tun_id',
};
const PREFIX = /^(NXM_OF|NXM_NX|OXM_OF|ONFOXM_ET|NXOXM_ET|NXOXM|ERICOXM_OF_ICMPV6)_/;

/** A field by its name, or by that of a specification (`NXM_OF_ETH_SRC`). */
export function fieldNamed(name: string): Field | undefined {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  const odd = ODD_NAMES[name];
  if (odd !== undefined) return BY_NAME.get(odd);
  if (!PREFIX.test(name)) return undefined;
  const rest = name.replace(PREFIX, '').toLowerCase();
  return BY_NAME.get(rest.replace(/^pkt_reg/, 'xreg')) ?? BY_NAME.get(`tun_${rest}`);
}

export function requireField(word: Word): Field {
  const field = fieldNamed(word.text);
  if (field !== undefined) return field;
  throw parseError(word, `there is no field of that name${hint(word.text, BY_NAME.keys())}`);
}

export const FIELD_NAMES: readonly string[] = [...BY_NAME.keys()];
