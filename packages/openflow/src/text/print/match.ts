/** Matches in the order and the words of Open vSwitch. ovs-fields(7), ovs-ofctl(8) "Flow Syntax". */
import type { Match } from '../../generated/match-types.ts';
import type { Version } from '../../versions.ts';
import { FIELDS } from '../words/fields.ts';
import { bytesText, hex, hexOrZero } from '../words/numbers.ts';
import { portText } from '../words/ports.ts';
import { maskedBitsText, setBitsText, TCP_FLAGS, TUNNEL_FLAGS } from './bits.ts';
import { type Bits, type FlowFields, flowFields } from './flow-fields.ts';
import { macText, valueText } from './value.ts';

/** 'tcp,in_port=1,nw_dst=10.0.0.0/8,tp_dst=80'; '' matches everything. */
export function formatMatch(match: Match, version: Version = '1.3'): string {
  return matchParts(flowFields(match, version)).join(',');
}

/** The protocol that a type of Ethernet or IP is known by. */
interface Protocol {
  readonly words: readonly string[];
  /** Fields that the word says already. */
  readonly said: ReadonlySet<string>;
}

const IPV4 = 0x0800n;
const IPV6 = 0x86ddn;
const ARP = 0x0806n;
const RARP = 0x8035n;
const NAMES_BY_ETHERTYPE: ReadonlyMap<bigint, string> = new Map([
  [IPV4, 'ip'],
  [IPV6, 'ipv6'],
  [ARP, 'arp'],
  [RARP, 'rarp'],
  [0x8847n, 'mpls'],
  [0x8848n, 'mplsm'],
]);
const NAMES_BY_PROTOCOL: ReadonlyMap<string, string> = new Map([
  [`${IPV4}.1`, 'icmp'],
  [`${IPV4}.2`, 'igmp'],
  [`${IPV4}.6`, 'tcp'],
  [`${IPV4}.17`, 'udp'],
  [`${IPV4}.132`, 'sctp'],
  [`${IPV6}.58`, 'icmp6'],
  [`${IPV6}.6`, 'tcp6'],
  [`${IPV6}.17`, 'udp6'],
  [`${IPV6}.132`, 'sctp6'],
]);

const isExact = (given: Bits | undefined): given is Bits => given !== undefined && given.mask === given.full;

function protocolOf({ bits }: FlowFields): Protocol {
  const etherType = bits.get('eth_type');
  const proto = bits.get('nw_proto');
  if (!isExact(etherType)) return { words: [], said: new Set() };
  const transport = isExact(proto) ? NAMES_BY_PROTOCOL.get(`${etherType.value}.${proto.value}`) : undefined;
  if (transport !== undefined) return { words: [transport], said: new Set(['eth_type', 'nw_proto']) };
  const network = NAMES_BY_ETHERTYPE.get(etherType.value);
  return network === undefined
    ? { words: [], said: new Set() }
    : { words: [network], said: new Set(['eth_type']) };
}

/** What stands before the word of the protocol. */
const BEFORE: readonly string[] = [
  'pkt_mark',
  'recirc_id',
  'dp_hash',
  'conj_id',
  'actset_output',
  'ct_state',
  'ct_zone',
  'ct_mark',
  'ct_label',
  'ct_nw_src',
  'ct_ipv6_src',
  'ct_nw_dst',
  'ct_ipv6_dst',
  'ct_nw_proto',
  'ct_tp_src',
  'ct_tp_dst',
  'packet_type',
];

const numbered = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);

/** What stands behind it, until further fields that have no place of their own. */
const AFTER: readonly string[] = [
  ...numbered('reg', 16),
  'tun_id',
  'tun_src',
  'tun_dst',
  'tun_ipv6_src',
  'tun_ipv6_dst',
  'tun_gbp_id',
  'tun_gbp_flags',
  'tun_erspan_ver',
  'tun_erspan_idx',
  'tun_erspan_dir',
  'tun_erspan_hwid',
  'tun_gtpu_flags',
  'tun_gtpu_msgtype',
  'tun_flags',
  ...numbered('tun_metadata', 64),
  'metadata',
  'in_port',
  'vlan_tci',
  'eth_src',
  'eth_dst',
  'eth_type',
  'ipv6_src',
  'ipv6_dst',
  'ipv6_label',
  'arp_spa',
  'arp_tpa',
  'nsh_flags',
  'nsh_ttl',
  'nsh_mdtype',
  'nsh_np',
  'nsh_spi',
  'nsh_si',
  'nsh_c1',
  'nsh_c2',
  'nsh_c3',
  'nsh_c4',
  'ip_src',
  'ip_dst',
  'arp_op',
  'nw_proto',
  'arp_sha',
  'arp_tha',
  'nw_tos',
  'nw_ecn',
  'nw_ttl',
  'mpls_label',
  'mpls_tc',
  'mpls_ttl',
  'mpls_bos',
  'ip_frag',
  'icmp_type',
  'icmp_code',
  'nd_target',
  'nd_sll',
  'nd_tll',
  'nd_reserved',
  'nd_options_type',
  'tp_src',
  'tp_dst',
  'tcp_flags',
];
const PLACED: ReadonlySet<string> = new Set([...BEFORE, ...AFTER]);

function matchParts(fields: FlowFields): readonly string[] {
  const { words, said } = protocolOf(fields);
  const texts = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => {
      const bits = fields.bits.get(name);
      return bits === undefined || said.has(name) || isMeaningless(name, bits, fields)
        ? []
        : [fieldText(name, bits)];
    });
  return [
    ...texts(BEFORE),
    ...words,
    ...texts(AFTER),
    ...texts([...fields.bits.keys()].filter((name) => !PLACED.has(name))),
    ...fields.unknown.map(([key, bytes]) => `${key}=0x${bytesText(bytes)}`),
  ];
}

const MPLS: ReadonlySet<bigint> = new Set([0x8847n, 0x8848n]);

/** A frame of Ethernet needs no word; labels that 1.1 has beside another protocol say nothing. */
function isMeaningless(name: string, { value }: Bits, { bits }: FlowFields): boolean {
  if (name === 'packet_type') return value === 0n;
  const etherType = bits.get('eth_type');
  return name.startsWith('mpls_') && etherType !== undefined && !MPLS.has(etherType.value);
}

const FORMS = new Map(FIELDS.map(({ name, form }) => [name, form] as const));

/** Names that a match has and `set_field` has not. */
const MATCH_NAMES: Readonly<Record<string, string>> = {
  eth_src: 'dl_src',
  eth_dst: 'dl_dst',
  eth_type: 'dl_type',
  ip_src: 'nw_src',
  ip_dst: 'nw_dst',
  ip_frag: 'nw_frag',
  tun_gtpu_flags: 'gtpu_flags',
  tun_gtpu_msgtype: 'gtpu_msgtype',
};

function fieldText(name: string, bits: Bits): string {
  const { value, mask, full } = bits;
  const shown = MATCH_NAMES[name] ?? name;
  switch (name) {
    case 'vlan_tci':
      return vlanText(bits);
    case 'eth_type':
      return `${shown}=${hex(value, 4)}`;
    case 'eth_src':
    case 'eth_dst':
    case 'arp_sha':
    case 'arp_tha':
    case 'nd_sll':
    case 'nd_tll':
      return `${shown}=${isExact(bits) ? macText(value) : `${macText(value)}/${macText(mask)}`}`;
    case 'ipv6_label':
      return `${shown}=${isExact(bits) ? hex(value, 5) : `${hex(value, 5)}/${hex(mask, 5)}`}`;
    case 'tcp_flags':
      return `${shown}=${setBitsText(TCP_FLAGS, Number(value), Number(mask), Number(full))}`;
    case 'tun_flags':
      return `${shown}=${maskedBitsText(TUNNEL_FLAGS, Number(value), Number(mask))}`;
    case 'in_port':
    case 'actset_output':
      return `${shown}=${portText(Number(value))}`;
    case 'nw_tos':
      return `${shown}=${value & 0xfcn}`;
    case 'tun_gbp_flags':
    case 'tun_erspan_hwid':
    case 'tun_gtpu_flags':
      return `${shown}=${hexOrZero(value)}`;
    case 'tun_erspan_ver':
    case 'tun_erspan_dir':
    case 'tun_gtpu_msgtype':
      return `${shown}=${value}`;
    case 'nsh_flags':
      return `${shown}=${isExact(bits) ? value : `${hex(value, 2)}/${hex(mask, 2)}`}`;
    case 'tp_src':
    case 'tp_dst':
    case 'ct_zone':
    case 'tun_gbp_id':
      return `${shown}=${isExact(bits) ? value : `${hexOrZero(value)}/${hexOrZero(mask)}`}`;
    default:
      if (name.startsWith('tun_metadata') && mask === 0n) return shown;
      return `${shown}=${valueText(FORMS.get(name) ?? 'hex', value, mask, full)}`;
  }
}

const VID = 0x0fffn;
const PRESENT = 0x1000n;
const PRIORITY = 0xe000n;

/** `dl_vlan` and `dl_vlan_pcp` where the tag must be there and either is asked for as a whole, else the word itself. */
function vlanText({ value, mask }: Bits): string {
  const vid = mask & VID;
  const pcp = mask & PRIORITY;
  if ((value & mask & PRESENT) !== 0n && (vid === VID || pcp === PRIORITY)) {
    const isWhole = (vid === VID || vid === 0n) && (pcp === PRIORITY || pcp === 0n);
    if (isWhole) {
      return [
        ...(vid === VID ? [`dl_vlan=${value & VID}`] : []),
        ...(pcp === PRIORITY ? [`dl_vlan_pcp=${(value & PRIORITY) >> 13n}`] : []),
      ].join(',');
    }
  }
  return mask === 0xffffn ? `vlan_tci=${hex(value, 4)}` : `vlan_tci=${hex(value, 4)}/${hex(mask, 4)}`;
}
