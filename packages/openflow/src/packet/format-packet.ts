/**
 * A frame as one line, in the words of `ovs-ofctl ofp-print` for the contents of a packet-in. As there, at most two
 * tags and three labels are told, what is inside a tunnel is not, and a header that is cut or lies reads as zeros.
 */
import { etherTypeOf, extensionsOf, lastNextHeader, NO_ETHERTYPE } from './fields.ts';
import type { Icmpv6Body } from './icmpv6-bodies.ts';
import { ETHERTYPE, ETHERTYPE_MIN, IP_PROTOCOL } from './numbers.ts';
import { decodePacket, type Packet } from './packet.ts';
import { PacketError, viewOf } from './packet-error.ts';

const TAGS_TOLD = 2;
const LABELS_TOLD = 3;
const NO_MAC = '00:00:00:00:00:00';

/** For example `tcp,vlan_tci=0x0000,dl_src=...,nw_ttl=64,nw_frag=no,tp_src=1,tp_dst=80,tcp_flags=syn tcp_csum:0`. */
export function formatPacket(bytes: Uint8Array): string {
  const packet = decodePacket(bytes);
  const ethernet = attempt(() => packet.ethernet);
  if (ethernet === undefined) return `vlan_tci=0x0000,dl_src=${NO_MAC},dl_dst=${NO_MAC},dl_type=0x0000`;
  const etherTypeFound = attempt(() => etherTypeOf(packet));
  const tags = packet.outerLayers().filter((layer) => layer.type === 'vlan');
  const told = tags.slice(0, TAGS_TOLD);
  const etherType = tags[TAGS_TOLD]?.tpid ?? etherTypeFound ?? typeOf((tags.at(-1) ?? ethernet).etherType);
  const network = networkOf(packet, etherType);
  const texts = told.map(({ vid, pcp }, i) => `dl_vlan${i || ''}=${vid},dl_vlan_pcp${i || ''}=${pcp}`);
  if (told.length < TAGS_TOLD) texts.push(`vlan_tci${told.length || ''}=0x0000`);
  const { name, fields, checksum } = network ?? {
    name: undefined,
    fields: [`dl_type=0x${hex(etherType, 4)}`],
    checksum: '',
  };
  const line = [...texts, `dl_src=${ethernet.src}`, `dl_dst=${ethernet.dst}`, ...fields];
  return (name === undefined ? line : [name, ...line]).join(',') + checksum;
}

interface NetworkText {
  readonly name: string;
  readonly fields: readonly string[];
  readonly checksum: string;
}

const plain = (name: string, fields: readonly string[]): NetworkText => ({ name, fields, checksum: '' });
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Undefined when the headers lie. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PacketError) return undefined;
    throw error;
  }
}

function networkOf(packet: Packet, etherType: number): NetworkText | undefined {
  switch (etherType) {
    case ETHERTYPE.IPV4:
      return ipv4Text(packet);
    case ETHERTYPE.IPV6:
      return ipv6Text(packet);
    case ETHERTYPE.ARP:
      return plain('arp', arpText(packet));
    case ETHERTYPE.RARP:
      return plain('rarp', arpText(packet));
    case ETHERTYPE.MPLS:
      return plain('mpls', labelsText(packet));
    case ETHERTYPE.MPLS_UPSTREAM:
      return plain('mplsm', labelsText(packet));
    default:
      return undefined;
  }
}

function arpText(packet: Packet): readonly string[] {
  const arp = attempt(() => packet.arp ?? packet.rarp);
  const operation = arp === undefined || arp.operation > 255 ? 0 : arp.operation;
  return [
    `arp_spa=${arp?.senderIp ?? '0.0.0.0'}`,
    `arp_tpa=${arp?.targetIp ?? '0.0.0.0'}`,
    `arp_op=${operation}`,
    `arp_sha=${arp?.senderMac ?? NO_MAC}`,
    `arp_tha=${arp?.targetMac ?? NO_MAC}`,
  ];
}

const typeOf = (etherType: number): number => (etherType < ETHERTYPE_MIN ? NO_ETHERTYPE : etherType);

const BOTTOM = 0x100;

/** Up to three labels; when none of them is the bottom, what the frame lacks reads as zeros. */
function labelsText(packet: Packet): readonly string[] {
  const view = viewOf(packet.bytes);
  const words: number[] = [];
  for (let at = linkBytes(packet); words.length < LABELS_TOLD; at += 4) {
    const word = at + 4 <= view.byteLength ? view.getUint32(at) : 0;
    words.push(word);
    if ((word & BOTTOM) !== 0) break;
  }
  const [first = 0, ...rest] = words;
  return [
    `mpls_label=${first >>> 12}`,
    `mpls_tc=${(first >>> 9) & 7}`,
    `mpls_ttl=${first & 255}`,
    `mpls_bos=${(first >>> 8) & 1}`,
    ...rest.map((word, i) => `mpls_lse${i + 1}=${word}`),
  ];
}

function linkBytes(packet: Packet): number {
  return packet
    .outerLayers()
    .reduce((sum, { type }) => sum + (type === 'ethernet' ? 14 : type === 'vlan' ? 4 : 0), 0);
}

type Fragment = 'no' | 'first' | 'later';

/** The protocols that have a name of their own, without the 6 of IPv6. */
const NAMES: Readonly<Record<number, string>> = {
  [IP_PROTOCOL.TCP]: 'tcp',
  [IP_PROTOCOL.UDP]: 'udp',
  [IP_PROTOCOL.SCTP]: 'sctp',
};

function ipv4Text(packet: Packet): NetworkText {
  const found = attempt(() => packet.ipv4);
  const ip = found !== undefined && found.totalLength !== 0 && packet.cutBytes === 0 ? found : undefined;
  const protocol = ip?.protocol ?? 0;
  const isFragment = ip !== undefined && ((ip.flags & 1) === 1 || ip.fragmentOffset > 0);
  const fragment: Fragment = !isFragment ? 'no' : ip.fragmentOffset > 0 ? 'later' : 'first';
  const name = protocol === IP_PROTOCOL.ICMP ? 'icmp' : NAMES[protocol];
  return {
    name: name ?? 'ip',
    fields: [
      `nw_src=${ip?.src ?? '0.0.0.0'}`,
      `nw_dst=${ip?.dst ?? '0.0.0.0'}`,
      ...(name === undefined ? [`nw_proto=${protocol}`] : []),
      `nw_tos=${(ip?.dscp ?? 0) << 2}`,
      `nw_ecn=${ip?.ecn ?? 0}`,
      `nw_ttl=${ip?.ttl ?? 0}`,
      `nw_frag=${fragment}`,
      ...(fragment === 'later' || ip === undefined ? [] : transportText(packet, protocol)),
    ],
    checksum: ip === undefined ? '' : checksumText(packet, protocol),
  };
}

function ipv6Text(packet: Packet): NetworkText {
  const found = attempt(() => packet.ipv6);
  const extensions = attempt(() => extensionsOf(packet));
  const ip = found !== undefined && packet.cutBytes === 0 ? found : undefined;
  const protocol = ip === undefined ? 0 : (attempt(() => lastNextHeader(packet, ip)) ?? 0);
  const part = extensions?.find((layer) => layer.type === 'fragment');
  const isFragment =
    ip !== undefined && part !== undefined && (part.moreFragments || part.fragmentOffset > 0);
  const fragment: Fragment = !isFragment ? 'no' : part.fragmentOffset > 0 ? 'later' : 'first';
  const named = NAMES[protocol];
  const name = protocol === IP_PROTOCOL.ICMPV6 ? 'icmp6' : named && `${named}6`;
  return {
    name: name ?? 'ipv6',
    fields: [
      `ipv6_src=${ip?.src ?? '::'}`,
      `ipv6_dst=${ip?.dst ?? '::'}`,
      `ipv6_label=0x${hex(ip?.flowLabel ?? 0, 5)}`,
      ...(name === undefined ? [`nw_proto=${protocol}`] : []),
      `nw_tos=${(ip?.dscp ?? 0) << 2}`,
      `nw_ecn=${ip?.ecn ?? 0}`,
      `nw_ttl=${ip?.hopLimit ?? 0}`,
      `nw_frag=${fragment}`,
      ...(fragment === 'later' || ip === undefined ? [] : transportText(packet, protocol)),
    ],
    checksum: ip === undefined ? '' : checksumText(packet, protocol),
  };
}

function transportText(packet: Packet, protocol: number): readonly string[] {
  const ports = (src = 0, dst = 0): readonly string[] => [`tp_src=${src}`, `tp_dst=${dst}`];
  switch (protocol) {
    case IP_PROTOCOL.TCP: {
      const tcp = attempt(() => packet.tcp);
      return [...ports(tcp?.srcPort, tcp?.dstPort), `tcp_flags=${flagsText(tcp?.flags ?? 0)}`];
    }
    case IP_PROTOCOL.UDP: {
      const udp = attempt(() => packet.udp);
      return ports(udp?.srcPort, udp?.dstPort);
    }
    case IP_PROTOCOL.SCTP: {
      const sctp = attempt(() => packet.sctp);
      return ports(sctp?.srcPort, sctp?.dstPort);
    }
    case IP_PROTOCOL.IGMP: {
      const igmp = attempt(() => packet.igmp);
      return ports(igmp?.igmpType, igmp?.code);
    }
    case IP_PROTOCOL.ICMP: {
      const icmp = attempt(() => packet.icmp);
      return [`icmp_type=${icmp?.icmpType ?? 0}`, `icmp_code=${icmp?.code ?? 0}`];
    }
    case IP_PROTOCOL.ICMPV6: {
      const icmp = attempt(() => packet.icmpv6);
      const texts = [`icmp_type=${icmp?.icmpType ?? 0}`, `icmp_code=${icmp?.code ?? 0}`];
      return icmp?.code === 0 ? [...texts, ...discoveryText(icmp.body)] : texts;
    }
    default:
      return [];
  }
}

const FLAG_NAMES = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ns'];

/** `syn|ack`; a bit without a name as `[200]`; `0` when none is set. */
function flagsText(flags: number): string {
  const set = Array.from({ length: 12 }, (_, bit) => bit).filter((bit) => ((flags >>> bit) & 1) === 1);
  return set.length === 0 ? '0' : set.map((bit) => FLAG_NAMES[bit] ?? `[${hex(1 << bit, 1)}]`).join('|');
}

function discoveryText(body: Icmpv6Body): readonly string[] {
  if (body.kind !== 'neighbour_solicitation' && body.kind !== 'neighbour_advertisement') return [];
  const macsOf = (kind: 'source_link_address' | 'target_link_address'): readonly string[] =>
    body.options.flatMap((option) => (option.kind === kind ? [option.mac] : []));
  const [sources, targets] = [macsOf('source_link_address'), macsOf('target_link_address')];
  // An address that is given twice makes the whole message void.
  const isVoid = sources.length > 1 || targets.length > 1;
  return [
    `nd_target=${isVoid ? '::' : body.target}`,
    `nd_sll=${(isVoid ? undefined : sources[0]) ?? NO_MAC}`,
    `nd_tll=${(isVoid ? undefined : targets[0]) ?? NO_MAC}`,
  ];
}

/** As stated, of a fragment too; nothing when the header is not whole. */
function checksumText(packet: Packet, protocol: number): string {
  switch (protocol) {
    case IP_PROTOCOL.TCP:
      return told('tcp', attempt(() => packet.tcp)?.checksum ?? laterChecksum(packet, 16, 20));
    case IP_PROTOCOL.UDP:
      return told('udp', attempt(() => packet.udp)?.checksum ?? laterChecksum(packet, 6, 8));
    case IP_PROTOCOL.SCTP:
      return told('sctp', attempt(() => packet.sctp)?.checksum);
    case IP_PROTOCOL.ICMP:
      return told('icmp', attempt(() => packet.icmp)?.checksum ?? laterChecksum(packet, 2, 8));
    case IP_PROTOCOL.ICMPV6:
      return told('icmp6', attempt(() => packet.icmpv6)?.checksum ?? laterChecksum(packet, 2, 4));
    default:
      return '';
  }
}

const told = (name: string, checksum: number | undefined): string =>
  checksum === undefined ? '' : ` ${name}_csum:${hex(checksum, 1)}`;

/** ovs-ofctl takes the beginning of a later fragment for a header here, and only here. */
function laterChecksum(packet: Packet, at: number, header: number): number | undefined {
  const data = attempt(() => packet.layer('payload'))?.data;
  return data === undefined || data.length < header ? undefined : viewOf(data).getUint16(at);
}
