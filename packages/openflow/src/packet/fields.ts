/** A packet as a flow table sees it: OXM fields (OpenFlow 1.5.1 7.2.3.7), of the packet before any tunnel. */
import type { Ipv6 } from './ipv6.ts';
import type { Layer } from './layer.ts';
import { ETHERTYPE_MIN, IP_PROTOCOL } from './numbers.ts';
import type { Packet } from './packet.ts';

export interface PacketFields {
  readonly in_port: number;
  readonly eth_dst: string;
  readonly eth_src: string;
  readonly eth_type: number;
  /** With OFPVID_PRESENT (0x1000). */
  readonly vlan_vid?: number;
  readonly vlan_pcp?: number;
  readonly mpls_label?: number;
  readonly mpls_tc?: number;
  readonly mpls_bos?: number;
  readonly arp_op?: number;
  readonly arp_spa?: string;
  readonly arp_tpa?: string;
  readonly arp_sha?: string;
  readonly arp_tha?: string;
  readonly ip_dscp?: number;
  readonly ip_ecn?: number;
  readonly ip_proto?: number;
  readonly ipv4_src?: string;
  readonly ipv4_dst?: string;
  readonly ipv6_src?: string;
  readonly ipv6_dst?: string;
  readonly ipv6_flabel?: number;
  readonly tcp_src?: number;
  readonly tcp_dst?: number;
  readonly udp_src?: number;
  readonly udp_dst?: number;
  readonly sctp_src?: number;
  readonly sctp_dst?: number;
  readonly icmpv4_type?: number;
  readonly icmpv4_code?: number;
  readonly icmpv6_type?: number;
  readonly icmpv6_code?: number;
  readonly ipv6_nd_target?: string;
  readonly ipv6_nd_sll?: string;
  readonly ipv6_nd_tll?: string;
}

/** Stands for an 802.3 frame without an ethertype (OFP_DL_TYPE_NOT_ETH_TYPE). */
export const NO_ETHERTYPE = 0x05ff;
const VLAN_PRESENT = 0x1000;

/** Throws PacketError when a header lies. */
export function fieldsOf(packet: Packet, inPort: number): PacketFields {
  const { dst, src } = packet.ethernet;
  const [vlan] = packet.vlans;
  return {
    in_port: inPort,
    eth_dst: dst,
    eth_src: src,
    eth_type: etherTypeOf(packet),
    ...(vlan === undefined ? {} : { vlan_vid: VLAN_PRESENT | vlan.vid, vlan_pcp: vlan.pcp }),
    ...labelFields(packet),
    ...arpFields(packet),
    ...networkFields(packet),
    ...transportFields(packet),
  };
}

/** The ethertype after all tags, of 802.3 frames the one in SNAP. */
export function etherTypeOf(packet: Packet): number {
  const llc = packet.layer('llc');
  if (llc !== undefined) {
    const isEtherType = llc.snap?.oui === 0 && llc.snap.protocol >= ETHERTYPE_MIN;
    return isEtherType && llc.snap !== undefined ? llc.snap.protocol : NO_ETHERTYPE;
  }
  const { etherType } = packet.vlans.at(-1) ?? packet.ethernet;
  return etherType < ETHERTYPE_MIN ? NO_ETHERTYPE : etherType;
}

function labelFields({ mpls }: Packet): Partial<PacketFields> {
  const outermost = mpls?.labels[0];
  if (mpls === undefined || outermost === undefined) return {};
  return {
    mpls_label: outermost.label,
    mpls_tc: outermost.trafficClass,
    mpls_bos: mpls.labels.length === 1 ? 1 : 0,
  };
}

function arpFields(packet: Packet): Partial<PacketFields> {
  const arp = packet.arp ?? packet.rarp;
  if (arp === undefined) return {};
  return {
    arp_op: arp.operation,
    arp_spa: arp.senderIp,
    arp_tpa: arp.targetIp,
    arp_sha: arp.senderMac,
    arp_tha: arp.targetMac,
  };
}

function networkFields(packet: Packet): Partial<PacketFields> {
  const { ipv4 } = packet;
  if (ipv4 !== undefined) {
    return {
      ip_dscp: ipv4.dscp,
      ip_ecn: ipv4.ecn,
      ip_proto: ipv4.protocol,
      ipv4_src: ipv4.src,
      ipv4_dst: ipv4.dst,
    };
  }
  const { ipv6 } = packet;
  if (ipv6 === undefined) return {};
  return {
    ip_dscp: ipv6.dscp,
    ip_ecn: ipv6.ecn,
    ip_proto: lastNextHeader(packet, ipv6),
    ipv6_src: ipv6.src,
    ipv6_dst: ipv6.dst,
    ipv6_flabel: ipv6.flowLabel,
  };
}

/** The number of what follows all extension headers; of a fragment that is not the first 44, as Open vSwitch says. */
export function lastNextHeader(packet: Packet, ipv6: Ipv6): number {
  const last = extensionsOf(packet).at(-1);
  if (last?.type === 'fragment' && last.fragmentOffset > 0) return IP_PROTOCOL.FRAGMENT;
  return last?.nextHeader ?? ipv6.nextHeader;
}

/** The extension headers of an IPv6 packet, in their order. */
export function extensionsOf(packet: Packet): readonly Extract<Layer, { readonly nextHeader: number }>[] {
  // Asking for a transport decodes every extension header before it.
  packet.layer('tcp');
  return packet
    .outerLayers()
    .filter((layer) => 'nextHeader' in layer)
    .filter(({ type }) => type !== 'ipv6');
}

function transportFields(packet: Packet): Partial<PacketFields> {
  const { tcp, udp, sctp, icmp, icmpv6 } = packet;
  if (tcp !== undefined) return { tcp_src: tcp.srcPort, tcp_dst: tcp.dstPort };
  if (udp !== undefined) return { udp_src: udp.srcPort, udp_dst: udp.dstPort };
  if (sctp !== undefined) return { sctp_src: sctp.srcPort, sctp_dst: sctp.dstPort };
  if (icmp !== undefined) return { icmpv4_type: icmp.icmpType, icmpv4_code: icmp.code };
  if (icmpv6 === undefined) return {};
  return { icmpv6_type: icmpv6.icmpType, icmpv6_code: icmpv6.code, ...discoveryFields(packet) };
}

function discoveryFields({ icmpv6 }: Packet): Partial<PacketFields> {
  const body = icmpv6?.body;
  if (body?.kind !== 'neighbour_solicitation' && body?.kind !== 'neighbour_advertisement') return {};
  const isSolicitation = body.kind === 'neighbour_solicitation';
  const wanted = isSolicitation ? 'source_link_address' : 'target_link_address';
  const link = body.options.find((option) => option.kind === wanted);
  return {
    ipv6_nd_target: body.target,
    ...(link === undefined || !('mac' in link)
      ? {}
      : isSolicitation
        ? { ipv6_nd_sll: link.mac }
        : { ipv6_nd_tll: link.mac }),
  };
}
