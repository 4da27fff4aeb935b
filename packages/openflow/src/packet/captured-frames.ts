/** Captured packets of any link type as packets to look into (tcpdump.org link-layer header types). */
import type { PacketStart } from './layer.ts';
import { ETHERTYPE } from './numbers.ts';
import { decodePacket, type Packet } from './packet.ts';
import { viewOf } from './packet-error.ts';
import { type CapturedPacket, LINK_TYPE } from './pcap.ts';

/** Undefined when the link type is not known here or its header does not lead to IP, ARP or Ethernet. */
export function packetOf({ linkType, data }: Pick<CapturedPacket, 'linkType' | 'data'>): Packet | undefined {
  switch (linkType) {
    case LINK_TYPE.ETHERNET:
      return decodePacket(data);
    case LINK_TYPE.LINUX_COOKED:
      return byEtherType(data, 14, 16);
    case LINK_TYPE.LINUX_COOKED_2:
      return byEtherType(data, 0, 20);
    case LINK_TYPE.NULL:
    case LINK_TYPE.LOOP:
      return byVersion(data, 4);
    case LINK_TYPE.RAW:
    case LINK_TYPE.IPV4:
    case LINK_TYPE.IPV6:
      return byVersion(data, 0);
    default:
      return undefined;
  }
}

const STARTS: Readonly<Record<number, PacketStart>> = {
  [ETHERTYPE.IPV4]: 'ipv4',
  [ETHERTYPE.IPV6]: 'ipv6',
  [ETHERTYPE.ARP]: 'arp',
  [ETHERTYPE.RARP]: 'rarp',
  [ETHERTYPE.LLDP]: 'lldp',
  [ETHERTYPE.MPLS]: 'mpls',
};

function byEtherType(data: Uint8Array, typeAt: number, header: number): Packet | undefined {
  const begins = data.length < header ? undefined : STARTS[viewOf(data).getUint16(typeAt)];
  return begins && decodePacket(data.subarray(header), begins);
}

/** The families that stand in loopback headers differ from system to system; the version of IP does not. */
function byVersion(data: Uint8Array, header: number): Packet | undefined {
  const version = (data[header] ?? 0) >>> 4;
  if (version !== 4 && version !== 6) return undefined;
  return decodePacket(data.subarray(header), version === 4 ? 'ipv4' : 'ipv6');
}
