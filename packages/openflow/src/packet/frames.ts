/** Whole frames of the usual kinds, ready for a packet-out. Anything else: `encodePacket`. */
import type { Arp } from './arp.ts';
import { encodePacket } from './encode.ts';
import type { EthernetInput } from './ethernet.ts';
import type { Ipv4Input } from './ipv4.ts';
import { IPV4_FLAG } from './ipv4.ts';
import type { Ipv6Input } from './ipv6.ts';
import type { LayerInput } from './layer.ts';
import { LLDP_MAC, type Lldp } from './lldp.ts';
import type { TcpInput } from './tcp.ts';
import type { UdpInput } from './udp.ts';
import type { VlanInput } from './vlan.ts';

/** The two ends of the link, and a tag when the frame has one. */
export interface FrameLink extends Omit<EthernetInput, 'type' | 'etherType'> {
  readonly vlan?: Omit<VlanInput, 'type'>;
}

/** IPv4 or IPv6, as the form of the addresses says. */
export type FrameIp = Pick<Ipv4Input, 'src' | 'dst' | 'dscp' | 'ecn' | 'ttl' | 'identification'>;

type Carried<T> = Omit<T, 'type'> & { readonly payload: Uint8Array };

/** A UDP datagram with its checksums. */
export const buildUdpFrame = (
  link: FrameLink,
  ip: FrameIp,
  { payload, ...udp }: Carried<UdpInput>,
): Uint8Array => overIp(link, ip, { type: 'udp', ...udp }, payload);

/** A TCP segment with its checksums. */
export const buildTcpFrame = (
  link: FrameLink,
  ip: FrameIp,
  { payload, ...tcp }: Carried<TcpInput>,
): Uint8Array => overIp(link, ip, { type: 'tcp', ...tcp }, payload);

/** An ARP request or answer. */
export const buildArpFrame = (link: FrameLink, arp: Omit<Arp, 'type'>): Uint8Array =>
  encodePacket([...linkLayers(link), { type: 'arp', ...arp }]);

/** An LLDP frame to the nearest bridge. */
export const buildLldpFrame = (src: string, unit: Omit<Lldp, 'type'>): Uint8Array =>
  encodePacket([
    { type: 'ethernet', dst: LLDP_MAC, src },
    { type: 'lldp', ...unit },
  ]);

function overIp(link: FrameLink, ip: FrameIp, transport: LayerInput, data: Uint8Array): Uint8Array {
  return encodePacket([...linkLayers(link), ipLayer(ip), transport, { type: 'payload', data }]);
}

function linkLayers({ dst, src, vlan }: FrameLink): readonly LayerInput[] {
  const ethernet: LayerInput = { type: 'ethernet', dst, src };
  return vlan === undefined ? [ethernet] : [ethernet, { type: 'vlan', ...vlan }];
}

function ipLayer(ip: FrameIp): Ipv4Input | Ipv6Input {
  if (!ip.src.includes(':')) return { type: 'ipv4', flags: IPV4_FLAG.DONT_FRAGMENT, ...ip };
  const { ttl, identification: _, ...common } = ip;
  return { type: 'ipv6', ...(ttl === undefined ? {} : { hopLimit: ttl }), ...common };
}
