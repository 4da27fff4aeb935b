/** One step of decoding: the layer that stands at the cursor, whatever it is. */
import { decodeArp } from './arp.ts';
import type { Cursor } from './cursor.ts';
import { decodeDhcp } from './dhcp.ts';
import { decodeEthernet } from './ethernet.ts';
import { decodeGre } from './gre.ts';
import { decodeIcmp } from './icmp.ts';
import { decodeIcmpv6 } from './icmpv6.ts';
import { decodeIgmp } from './igmp.ts';
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { decodeAuthentication, decodeFragment, decodeIpv6Options, decodeRouting } from './ipv6-extensions.ts';
import type { Layer, Payload } from './layer.ts';
import { decodeLlc } from './llc.ts';
import { decodeLldp } from './lldp.ts';
import { decodeMpls } from './mpls.ts';
import { decodeSctp } from './sctp.ts';
import { decodeTcp } from './tcp.ts';
import { decodeUdp } from './udp.ts';
import { decodeVlan } from './vlan.ts';
import { decodeVxlan } from './vxlan.ts';

export function decodeLayer(cursor: Cursor): Layer {
  const { next } = cursor;
  switch (next) {
    case 'ethernet':
      return decodeEthernet(cursor);
    case 'vlan':
      return decodeVlan(cursor);
    case 'llc':
      return decodeLlc(cursor);
    case 'arp':
    case 'rarp':
      return decodeArp(cursor, next);
    case 'lldp':
      return decodeLldp(cursor);
    case 'mpls':
      return decodeMpls(cursor);
    case 'ipv4':
      return decodeIpv4(cursor);
    case 'ipv6':
      return decodeIpv6(cursor);
    case 'hop_by_hop':
    case 'destination_options':
      return decodeIpv6Options(cursor, next);
    case 'routing':
      return decodeRouting(cursor);
    case 'fragment':
      return decodeFragment(cursor);
    case 'authentication':
      return decodeAuthentication(cursor);
    case 'icmp':
      return decodeIcmp(cursor);
    case 'icmpv6':
      return decodeIcmpv6(cursor);
    case 'igmp':
      return decodeIgmp(cursor);
    case 'tcp':
      return decodeTcp(cursor);
    case 'udp':
      return decodeUdp(cursor);
    case 'sctp':
      return decodeSctp(cursor);
    case 'gre':
      return decodeGre(cursor);
    case 'vxlan':
      return decodeVxlan(cursor);
    case 'dhcp':
      return decodeDhcp(cursor);
    case 'payload':
      return rest(cursor);
  }
}

function rest(cursor: Cursor): Payload {
  const data = cursor.slice(cursor.at, cursor.end);
  cursor.leave(cursor.end, cursor.end, 'payload');
  return { type: 'payload', data };
}
