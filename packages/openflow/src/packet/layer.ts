/**
 * All layers a packet can have. A layer is readonly data with a `type`; what it carries is the next layer of the
 * list. `...Input` is the same with everything optional that an encoder can derive: lengths, checksums, numbers of
 * the next header, usual values.
 */
import type { Arp } from './arp.ts';
import type { Dhcp, DhcpInput } from './dhcp.ts';
import type { Ethernet, EthernetInput } from './ethernet.ts';
import type { Gre, GreInput } from './gre.ts';
import type { Icmp, IcmpInput } from './icmp.ts';
import type { Icmpv6, Icmpv6Input } from './icmpv6.ts';
import type { Igmp, IgmpInput } from './igmp.ts';
import type { Ipv4, Ipv4Input } from './ipv4.ts';
import type { Ipv6, Ipv6Input } from './ipv6.ts';
import type {
  Authentication,
  AuthenticationInput,
  Fragment,
  FragmentInput,
  Ipv6Options,
  Ipv6OptionsInput,
  Routing,
  RoutingInput,
} from './ipv6-extensions.ts';
import type { Llc } from './llc.ts';
import type { Lldp } from './lldp.ts';
import type { Mpls } from './mpls.ts';
import type { Sctp, SctpInput } from './sctp.ts';
import type { Tcp, TcpInput } from './tcp.ts';
import type { Udp, UdpInput } from './udp.ts';
import type { Vlan, VlanInput } from './vlan.ts';
import type { Vxlan, VxlanInput } from './vxlan.ts';

/** Bytes that no layer names: a protocol not known here, application data, a fragment that is not the first. */
export interface Payload {
  readonly type: 'payload';
  readonly data: Uint8Array;
}

export type Layer =
  | Ethernet
  | Vlan
  | Llc
  | Arp
  | Lldp
  | Mpls
  | Ipv4
  | Ipv6
  | Ipv6Options
  | Routing
  | Fragment
  | Authentication
  | Icmp
  | Icmpv6
  | Igmp
  | Tcp
  | Udp
  | Sctp
  | Gre
  | Vxlan
  | Dhcp
  | Payload;

export type LayerInput =
  | EthernetInput
  | VlanInput
  | Llc
  | Arp
  | Lldp
  | Mpls
  | Ipv4Input
  | Ipv6Input
  | Ipv6OptionsInput
  | RoutingInput
  | FragmentInput
  | AuthenticationInput
  | IcmpInput
  | Icmpv6Input
  | IgmpInput
  | TcpInput
  | UdpInput
  | SctpInput
  | GreInput
  | VxlanInput
  | DhcpInput
  | Payload;

export type LayerType = Layer['type'];
/** What bytes can begin with: tags and LLC depend on the bytes before them. */
export type PacketStart = Exclude<LayerType, 'vlan' | 'llc'>;
export type LayerOf<T extends LayerType> = Extract<Layer, { readonly type: T }>;

/**
 * How far inside a layer stands. A layer that does not stand further inside than the one before it begins an inner
 * packet (a tunnel), except for tags and extension headers, which follow each other.
 */
export const DEPTH: Readonly<Record<LayerType, number>> = {
  ethernet: 0,
  vlan: 0,
  llc: 0,
  arp: 1,
  rarp: 1,
  lldp: 1,
  mpls: 1,
  ipv4: 1,
  ipv6: 1,
  hop_by_hop: 2,
  destination_options: 2,
  routing: 2,
  fragment: 2,
  authentication: 2,
  icmp: 3,
  icmpv6: 3,
  igmp: 3,
  tcp: 3,
  udp: 3,
  sctp: 3,
  gre: 3,
  vxlan: 4,
  dhcp: 4,
  payload: 5,
};

const REPEATABLE_DEPTHS: readonly number[] = [0, 2];

/** Whether `next` after `before` begins an inner packet. */
export function startsInnerPacket(before: LayerType, next: LayerType): boolean {
  const [outer, inner] = [DEPTH[before], DEPTH[next]];
  return inner < outer || (inner === outer && !REPEATABLE_DEPTHS.includes(inner));
}
