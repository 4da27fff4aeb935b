/**
 * Frames as packet-ins carry them. A layer is decoded when it is first asked for; it is undefined when the frame
 * does not have it, and asking throws PacketError when its headers lie.
 */
import type { OxmValues } from '../generated/match-types.ts';
import { type Arp, decodeArp } from './arp.ts';
import { decodeEthernet, ETHERTYPE, type Ethernet, encodeEthernet } from './ethernet.ts';
import {
  decodeIpv4,
  decodeTcp,
  decodeUdp,
  encodeIpv4,
  encodeTcp,
  encodeUdp,
  IP_PROTOCOL,
  type Ipv4,
  isFirstFragment,
  type Tcp,
  type Udp,
} from './ipv4.ts';
import { decodeLldp, encodeLldp, LLDP_MAC, type Lldp } from './lldp.ts';

export class Packet {
  private readonly decoded = new Map<string, unknown>();

  constructor(readonly bytes: Uint8Array) {}

  get ethernet(): Ethernet {
    return this.once('ethernet', () => decodeEthernet(this.bytes));
  }
  get arp(): Arp | undefined {
    return this.under('arp', ETHERTYPE.ARP, decodeArp);
  }
  /** The announcement of a guest that has moved. */
  get rarp(): Arp | undefined {
    return this.under('rarp', ETHERTYPE.RARP, decodeArp);
  }
  get lldp(): Lldp | undefined {
    return this.under('lldp', ETHERTYPE.LLDP, decodeLldp);
  }
  get ipv4(): Ipv4 | undefined {
    return this.under('ipv4', ETHERTYPE.IPV4, decodeIpv4);
  }
  get udp(): Udp | undefined {
    return this.once('udp', () => this.transport(IP_PROTOCOL.UDP, decodeUdp));
  }
  get tcp(): Tcp | undefined {
    return this.once('tcp', () => this.transport(IP_PROTOCOL.TCP, decodeTcp));
  }

  /** The fields that a flow table would see. */
  fields(inPort: number): Partial<OxmValues> & { readonly in_port: number } {
    const { dst, src, vlan, etherType } = this.ethernet;
    const arp = this.arp ?? this.rarp;
    const { ipv4, udp, tcp } = this;
    return {
      in_port: inPort,
      eth_dst: dst,
      eth_src: src,
      eth_type: etherType,
      ...(vlan === undefined ? {} : { vlan_vid: 0x1000 | vlan.vid, vlan_pcp: vlan.pcp }),
      ...(arp === undefined
        ? {}
        : {
            arp_op: arp.operation,
            arp_spa: arp.senderIp,
            arp_tpa: arp.targetIp,
            arp_sha: arp.senderMac,
            arp_tha: arp.targetMac,
          }),
      ...(ipv4 === undefined
        ? {}
        : {
            ip_dscp: ipv4.dscp,
            ip_ecn: ipv4.ecn,
            ip_proto: ipv4.protocol,
            ipv4_src: ipv4.src,
            ipv4_dst: ipv4.dst,
          }),
      ...(udp === undefined ? {} : { udp_src: udp.srcPort, udp_dst: udp.dstPort }),
      ...(tcp === undefined ? {} : { tcp_src: tcp.srcPort, tcp_dst: tcp.dstPort }),
    };
  }

  private once<T>(layer: string, decode: () => T): T {
    if (!this.decoded.has(layer)) this.decoded.set(layer, decode());
    return this.decoded.get(layer) as T;
  }

  private under<T>(layer: string, etherType: number, decode: (payload: Uint8Array) => T): T | undefined {
    const { ethernet } = this;
    return ethernet.etherType === etherType ? this.once(layer, () => decode(ethernet.payload)) : undefined;
  }

  private transport<T>(protocol: number, decode: (payload: Uint8Array) => T): T | undefined {
    const ip = this.ipv4;
    return ip?.protocol === protocol && isFirstFragment(ip) ? decode(ip.payload) : undefined;
  }
}

/** A frame to look into. Nothing is decoded yet. */
export const decodePacket = (bytes: Uint8Array): Packet => new Packet(bytes);

type Link = Pick<Ethernet, 'src' | 'dst' | 'vlan'>;
type Ends = Omit<Parameters<typeof encodeIpv4>[0], 'protocol'>;

const overIpv4 = (link: Link, ip: Ends, protocol: number, payload: Uint8Array): Uint8Array =>
  encodeEthernet({ ...link, etherType: ETHERTYPE.IPV4, payload: encodeIpv4({ ...ip, protocol }, payload) });

/** A UDP datagram with its checksums, ready for a packet-out. */
export const buildUdpFrame = (link: Link, ip: Ends, udp: Udp): Uint8Array =>
  overIpv4(link, ip, IP_PROTOCOL.UDP, encodeUdp(udp, ip));

/** A TCP segment with its checksums, ready for a packet-out. */
export const buildTcpFrame = (link: Link, ip: Ends, tcp: Tcp): Uint8Array =>
  overIpv4(link, ip, IP_PROTOCOL.TCP, encodeTcp(tcp, ip));

/** An LLDP frame to the nearest bridge. */
export const buildLldpFrame = (src: string, unit: Lldp): Uint8Array =>
  encodeEthernet({ dst: LLDP_MAC, src, etherType: ETHERTYPE.LLDP, payload: encodeLldp(unit) });
