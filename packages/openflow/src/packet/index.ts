/** Packets: what packet-ins carry and packet-outs send. */
export { ARP_OPERATION, type Arp, decodeArp, encodeArp } from './arp.ts';
export {
  BROADCAST_MAC,
  decodeEthernet,
  ETHERNET_MIN_BYTES,
  ETHERTYPE,
  type Ethernet,
  encodeEthernet,
  type Vlan,
} from './ethernet.ts';
export {
  decodeIpv4,
  decodeTcp,
  decodeUdp,
  encodeIpv4,
  encodeTcp,
  encodeUdp,
  IP_PROTOCOL,
  type Ipv4,
  type Ipv4Fields,
  TCP_FLAG,
  type Tcp,
  type Udp,
} from './ipv4.ts';
export {
  decodeLldp,
  encodeLldp,
  idText,
  LLDP_ID,
  LLDP_MAC,
  type Lldp,
  type LldpId,
  localId,
  type OrganisationTlv,
  type OtherTlv,
} from './lldp.ts';
export { buildLldpFrame, buildTcpFrame, buildUdpFrame, decodePacket, Packet } from './packet.ts';
export { PacketError } from './packet-error.ts';
