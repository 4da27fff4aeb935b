/** Packets: what packet-ins carry and packet-outs send, and captures of them. */
export { ARP_OPERATION, type Arp } from './arp.ts';
export { packetOf } from './captured-frames.ts';
export { crc32c } from './crc32c.ts';
export type { Dhcp, DhcpInput } from './dhcp.ts';
export { DHCP_MESSAGE, DHCP_OPTION, type DhcpOption, dhcpOption } from './dhcp-options.ts';
export { type EncodePacketOptions, encodePacket } from './encode.ts';
export { BROADCAST_MAC, ETHERNET_MIN_BYTES, type Ethernet, type EthernetInput } from './ethernet.ts';
export { NO_ETHERTYPE, type PacketFields } from './fields.ts';
export { formatPacket } from './format-packet.ts';
export {
  buildArpFrame,
  buildLldpFrame,
  buildTcpFrame,
  buildUdpFrame,
  type FrameIp,
  type FrameLink,
} from './frames.ts';
export type { Gre, GreInput } from './gre.ts';
export type { GroupRecord, QueryTail } from './group-records.ts';
export { ICMP_FRAGMENTATION_NEEDED, ICMP_TYPE, type Icmp, type IcmpBody, type IcmpInput } from './icmp.ts';
export type { Icmpv6, Icmpv6Input } from './icmpv6.ts';
export { ICMPV6_TYPE, type Icmpv6Body } from './icmpv6-bodies.ts';
export { IGMP_TYPE, type Igmp, type IgmpBody, type IgmpInput } from './igmp.ts';
export { type IpOption, ipv4Options, ipv6Options } from './ip-options.ts';
export { IPV4_FLAG, type Ipv4, type Ipv4Input } from './ipv4.ts';
export type { Ipv6, Ipv6Input } from './ipv6.ts';
export {
  type Authentication,
  type AuthenticationInput,
  EXTENSION_HEADERS_MAX,
  type Fragment,
  type FragmentInput,
  type Ipv6Options,
  type Ipv6OptionsInput,
  type Routing,
  type RoutingInput,
} from './ipv6-extensions.ts';
export type { Layer, LayerInput, LayerOf, LayerType, PacketStart, Payload } from './layer.ts';
export type { Llc, Snap } from './llc.ts';
export { idText, LLDP_ID, LLDP_MAC, type Lldp, type LldpId, localId } from './lldp.ts';
export { LLDP_TLVS_MAX, type LldpTlv } from './lldp-tlvs.ts';
export { MPLS_LABELS_MAX, type Mpls, type MplsLabel } from './mpls.ts';
export { ND_OPTIONS_MAX, type NdOption } from './nd-options.ts';
export { ETHERTYPE, IP_PROTOCOL, UDP_PORT } from './numbers.ts';
export { decodePacket, LAYERS_MAX, type Packet } from './packet.ts';
export { PacketError } from './packet-error.ts';
export { PACKET_BYTES_MAX } from './packet-writer.ts';
export {
  CAPTURED_BYTES_MAX,
  type CapturedPacket,
  LINK_TYPE,
  pcapHeader,
  pcapRecord,
  readPcap,
  writePcap,
} from './pcap.ts';
export { SCTP_CHUNKS_MAX, type Sctp, type SctpChunk, type SctpInput, sctpChunks } from './sctp.ts';
export { TCP_FLAG, type Tcp, type TcpInput } from './tcp.ts';
export { WAITING_BYTES_MAX, WAITING_SEGMENTS_MAX } from './tcp-direction.ts';
export { type TcpOption, tcpOptions, tcpOptionsBytes } from './tcp-options.ts';
export {
  FLOWS_MAX,
  type TcpEvent,
  type TcpFlow,
  type TcpStreamOptions,
  TUNNELS_MAX,
  tcpStreams,
} from './tcp-streams.ts';
export type { Udp, UdpInput } from './udp.ts';
export { VLAN_TAGS_MAX, type Vlan, type VlanInput } from './vlan.ts';
export type { Vxlan, VxlanInput } from './vxlan.ts';
