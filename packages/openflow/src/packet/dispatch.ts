/**
 * Which layer comes next. Numbers decide; where a number is only a hint (a UDP port) or a protocol has forms that are
 * not known here (ARP for other links, GRE version 1), the bytes must agree, otherwise they stay a payload.
 */
import type { Cursor } from './cursor.ts';
import type { LayerInput, LayerType } from './layer.ts';
import { ETHERTYPE, ETHERTYPE_MIN, IP_PROTOCOL, UDP_PORT } from './numbers.ts';

export function afterEtherType(etherType: number, cursor: Cursor, at: number, end: number): LayerType {
  switch (etherType) {
    case ETHERTYPE.IPV4:
      return 'ipv4';
    case ETHERTYPE.IPV6:
      return 'ipv6';
    case ETHERTYPE.ARP:
      return isEthernetArp(cursor, at, end) ? 'arp' : 'payload';
    case ETHERTYPE.RARP:
      return isEthernetArp(cursor, at, end) ? 'rarp' : 'payload';
    case ETHERTYPE.VLAN:
    case ETHERTYPE.SERVICE_VLAN:
      return 'vlan';
    case ETHERTYPE.LLDP:
      return 'lldp';
    case ETHERTYPE.MPLS:
    case ETHERTYPE.MPLS_UPSTREAM:
      return 'mpls';
    case ETHERTYPE.TRANSPARENT_ETHERNET:
      return 'ethernet';
    default:
      return etherType < ETHERTYPE_MIN && end - at >= LLC_BYTES ? 'llc' : 'payload';
  }
}

const LLC_BYTES = 3;
const ARP_PREFIX_BYTES = 6;

/** A frame too short to tell counts as ARP, so that its decoder says what is missing. */
const isEthernetArp = ({ view }: Cursor, at: number, end: number): boolean =>
  end - at < ARP_PREFIX_BYTES || (view.getUint32(at) === 0x00010800 && view.getUint16(at + 4) === 0x0604);

export function afterProtocol(protocol: number, cursor: Cursor, at: number, end: number): LayerType {
  switch (protocol) {
    case IP_PROTOCOL.TCP:
      return 'tcp';
    case IP_PROTOCOL.UDP:
      return 'udp';
    case IP_PROTOCOL.ICMP:
      return 'icmp';
    case IP_PROTOCOL.ICMPV6:
      return 'icmpv6';
    case IP_PROTOCOL.IGMP:
      return 'igmp';
    case IP_PROTOCOL.SCTP:
      return 'sctp';
    case IP_PROTOCOL.GRE:
      return isGreVersion0(cursor, at, end) ? 'gre' : 'payload';
    case IP_PROTOCOL.IPV4:
      return 'ipv4';
    case IP_PROTOCOL.IPV6:
      return 'ipv6';
    case IP_PROTOCOL.AUTHENTICATION:
      return 'authentication';
    default:
      return 'payload';
  }
}

/** Extension headers are such only after an IPv6 header (RFC 8200 4). */
export function afterNextHeader(nextHeader: number, cursor: Cursor, at: number, end: number): LayerType {
  switch (nextHeader) {
    case IP_PROTOCOL.HOP_BY_HOP:
      return 'hop_by_hop';
    case IP_PROTOCOL.DESTINATION_OPTIONS:
      return 'destination_options';
    case IP_PROTOCOL.ROUTING:
      return 'routing';
    case IP_PROTOCOL.FRAGMENT:
      return 'fragment';
    default:
      return afterProtocol(nextHeader, cursor, at, end);
  }
}

const GRE_ROUTING_AND_VERSION = 0x4007;

const isGreVersion0 = ({ view }: Cursor, at: number, end: number): boolean =>
  end - at < 2 || (view.getUint16(at) & GRE_ROUTING_AND_VERSION) === 0;

const DHCP_COOKIE_AT = 236;
const DHCP_COOKIE = 0x63825363;
const VXLAN_BYTES = 8;
const VXLAN_HAS_VNI = 0x08;

export function afterUdpPorts(src: number, dst: number, cursor: Cursor, at: number, end: number): LayerType {
  const { view } = cursor;
  if (dst === UDP_PORT.VXLAN) {
    return end - at >= VXLAN_BYTES && (view.getUint8(at) & VXLAN_HAS_VNI) !== 0 ? 'vxlan' : 'payload';
  }
  const isDhcp = [src, dst].some((port) => port === UDP_PORT.DHCP_SERVER || port === UDP_PORT.DHCP_CLIENT);
  const hasCookie = isDhcp && end - at >= DHCP_COOKIE_AT + 4;
  return hasCookie && view.getUint32(at + DHCP_COOKIE_AT) === DHCP_COOKIE ? 'dhcp' : 'payload';
}

/** Under a label stack nothing names the payload; its first four bits tell the IP versions apart (RFC 4928). */
export function afterLabels({ view }: Cursor, at: number, end: number): LayerType {
  const version = at < end ? view.getUint8(at) >>> 4 : 0;
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : 'payload';
}

const NUMBERS: Readonly<
  Partial<Record<LayerType, Partial<Record<'etherType' | 'protocol', readonly number[]>>>>
> = {
  ethernet: { etherType: [ETHERTYPE.TRANSPARENT_ETHERNET] },
  arp: { etherType: [ETHERTYPE.ARP] },
  rarp: { etherType: [ETHERTYPE.RARP] },
  lldp: { etherType: [ETHERTYPE.LLDP] },
  mpls: { etherType: [ETHERTYPE.MPLS, ETHERTYPE.MPLS_UPSTREAM] },
  ipv4: { etherType: [ETHERTYPE.IPV4], protocol: [IP_PROTOCOL.IPV4] },
  ipv6: { etherType: [ETHERTYPE.IPV6], protocol: [IP_PROTOCOL.IPV6] },
  hop_by_hop: { protocol: [IP_PROTOCOL.HOP_BY_HOP] },
  destination_options: { protocol: [IP_PROTOCOL.DESTINATION_OPTIONS] },
  routing: { protocol: [IP_PROTOCOL.ROUTING] },
  fragment: { protocol: [IP_PROTOCOL.FRAGMENT] },
  authentication: { protocol: [IP_PROTOCOL.AUTHENTICATION] },
  icmp: { protocol: [IP_PROTOCOL.ICMP] },
  icmpv6: { protocol: [IP_PROTOCOL.ICMPV6] },
  igmp: { protocol: [IP_PROTOCOL.IGMP] },
  tcp: { protocol: [IP_PROTOCOL.TCP] },
  udp: { protocol: [IP_PROTOCOL.UDP] },
  sctp: { protocol: [IP_PROTOCOL.SCTP] },
  gre: { protocol: [IP_PROTOCOL.GRE] },
};

/** The numbers that name a layer, the usual one first; none for bytes without a name. */
export function numbersOf(space: 'etherType' | 'protocol', layer: LayerInput | undefined): readonly number[] {
  if (layer === undefined) return [];
  if (layer.type === 'vlan') return space === 'etherType' ? [layer.tpid ?? ETHERTYPE.VLAN] : [];
  return NUMBERS[layer.type]?.[space] ?? [];
}
