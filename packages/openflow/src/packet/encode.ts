/**
 * Layers to bytes, from the inside out. Lengths, checksums and the numbers of next headers are derived; a frame that
 * was cut or has an offloaded checksum is written as it was with `keepStated`.
 */
import type { Around } from './around.ts';
import { encodeArp } from './arp.ts';
import { encodeDhcp } from './dhcp.ts';
import { encodeEthernet } from './ethernet.ts';
import { encodeGre } from './gre.ts';
import { encodeIcmp } from './icmp.ts';
import { encodeIcmpv6 } from './icmpv6.ts';
import { encodeIgmp } from './igmp.ts';
import { encodeIpv4 } from './ipv4.ts';
import { encodeIpv6 } from './ipv6.ts';
import { encodeExtension } from './ipv6-extensions.ts';
import type { LayerInput } from './layer.ts';
import { encodeLlc } from './llc.ts';
import { encodeLldp } from './lldp.ts';
import { encodeMpls } from './mpls.ts';
import { PacketWriter } from './packet-writer.ts';
import { encodeSctp } from './sctp.ts';
import { encodeTcp } from './tcp.ts';
import { encodeUdp } from './udp.ts';
import { encodeVlan } from './vlan.ts';
import { encodeVxlan } from './vxlan.ts';

export interface EncodePacketOptions {
  /**
   * Lengths, checksums and numbers of next headers that layers state are written as stated, even when they are
   * wrong. Default false: they are derived, and a layer may be changed without a thought for them.
   */
  readonly keepStated?: boolean;
}

const out = new PacketWriter();

/**
 * The bytes of a packet, without Ethernet's frame check sequence and without padding that no layer states.
 * Throws EncodeError when a value does not fit or cannot be derived.
 */
export function encodePacket(
  layers: readonly LayerInput[],
  { keepStated = false }: EncodePacketOptions = {},
): Uint8Array {
  const around: Around = { layers, index: 0, keepStated };
  out.reset();
  for (let i = layers.length - 1; i >= 0; i--) {
    around.index = i;
    encodeLayer(layers[i] as LayerInput, around);
  }
  return out.take();
}

function encodeLayer(layer: LayerInput, around: Around): void {
  switch (layer.type) {
    case 'ethernet':
      encodeEthernet(layer, out, around);
      return;
    case 'vlan':
      encodeVlan(layer, out, around);
      return;
    case 'llc':
      encodeLlc(layer, out, around);
      return;
    case 'arp':
    case 'rarp':
      encodeArp(layer, out);
      return;
    case 'lldp':
      encodeLldp(layer, out);
      return;
    case 'mpls':
      encodeMpls(layer, out);
      return;
    case 'ipv4':
      encodeIpv4(layer, out, around);
      return;
    case 'ipv6':
      encodeIpv6(layer, out, around);
      return;
    case 'hop_by_hop':
    case 'destination_options':
    case 'routing':
    case 'fragment':
    case 'authentication':
      encodeExtension(layer, out, around);
      return;
    case 'icmp':
      encodeIcmp(layer, out, around);
      return;
    case 'icmpv6':
      encodeIcmpv6(layer, out, around);
      return;
    case 'igmp':
      encodeIgmp(layer, out, around);
      return;
    case 'tcp':
      encodeTcp(layer, out, around);
      return;
    case 'udp':
      encodeUdp(layer, out, around);
      return;
    case 'sctp':
      encodeSctp(layer, out, around);
      return;
    case 'gre':
      encodeGre(layer, out, around);
      return;
    case 'vxlan':
      encodeVxlan(layer, out);
      return;
    case 'dhcp':
      encodeDhcp(layer, out, around);
      return;
    case 'payload':
      out.prependBytes(layer.data);
      return;
  }
}
