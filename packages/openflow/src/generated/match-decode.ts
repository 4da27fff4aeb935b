// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.

import { readIpv4, readIpv6, readMac } from '../runtime/addresses.ts';
import { atMost, readU24 } from '../runtime/oxm-numbers.ts';
import type { Match } from './match-types.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads the value of a field of class 0x8000 into `into`. `field` is its number times 2, plus 1 with a mask. False
 * when nobody has named the number, or the length is not that of the field.
 */
export function decodeBasicField(into: Mutable<Match>, field: number, length: number, view: DataView, at: number): boolean {
  switch (field) {
    case 0:
      if (length !== 4) return false;
      into.in_port = view.getUint32(at);
      return true;
    case 2:
      if (length !== 4) return false;
      into.in_phy_port = view.getUint32(at);
      return true;
    case 4:
      if (length !== 8) return false;
      into.metadata = view.getBigUint64(at);
      return true;
    case 5:
      if (length !== 16) return false;
      into.metadata = { value: view.getBigUint64(at), mask: view.getBigUint64(at + 8) };
      return true;
    case 6:
      if (length !== 6) return false;
      into.eth_dst = readMac(view, at);
      return true;
    case 7:
      if (length !== 12) return false;
      into.eth_dst = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return true;
    case 8:
      if (length !== 6) return false;
      into.eth_src = readMac(view, at);
      return true;
    case 9:
      if (length !== 12) return false;
      into.eth_src = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return true;
    case 10:
      if (length !== 2) return false;
      into.eth_type = view.getUint16(at);
      return true;
    case 12:
      if (length !== 2) return false;
      into.vlan_vid = atMost(view.getUint16(at), 0x1fff, 'vlan_vid', at);
      return true;
    case 13:
      if (length !== 4) return false;
      into.vlan_vid = { value: atMost(view.getUint16(at), 0x1fff, 'vlan_vid', at), mask: atMost(view.getUint16(at + 2), 0x1fff, 'vlan_vid', at + 2) };
      return true;
    case 14:
      if (length !== 1) return false;
      into.vlan_pcp = atMost(view.getUint8(at), 0x7, 'vlan_pcp', at);
      return true;
    case 16:
      if (length !== 1) return false;
      into.ip_dscp = atMost(view.getUint8(at), 0x3f, 'ip_dscp', at);
      return true;
    case 18:
      if (length !== 1) return false;
      into.ip_ecn = atMost(view.getUint8(at), 0x3, 'ip_ecn', at);
      return true;
    case 20:
      if (length !== 1) return false;
      into.ip_proto = view.getUint8(at);
      return true;
    case 22:
      if (length !== 4) return false;
      into.ipv4_src = readIpv4(view, at);
      return true;
    case 23:
      if (length !== 8) return false;
      into.ipv4_src = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return true;
    case 24:
      if (length !== 4) return false;
      into.ipv4_dst = readIpv4(view, at);
      return true;
    case 25:
      if (length !== 8) return false;
      into.ipv4_dst = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return true;
    case 26:
      if (length !== 2) return false;
      into.tcp_src = view.getUint16(at);
      return true;
    case 27:
      if (length !== 4) return false;
      into.tcp_src = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return true;
    case 28:
      if (length !== 2) return false;
      into.tcp_dst = view.getUint16(at);
      return true;
    case 29:
      if (length !== 4) return false;
      into.tcp_dst = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return true;
    case 30:
      if (length !== 2) return false;
      into.udp_src = view.getUint16(at);
      return true;
    case 31:
      if (length !== 4) return false;
      into.udp_src = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return true;
    case 32:
      if (length !== 2) return false;
      into.udp_dst = view.getUint16(at);
      return true;
    case 33:
      if (length !== 4) return false;
      into.udp_dst = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return true;
    case 34:
      if (length !== 2) return false;
      into.sctp_src = view.getUint16(at);
      return true;
    case 35:
      if (length !== 4) return false;
      into.sctp_src = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return true;
    case 36:
      if (length !== 2) return false;
      into.sctp_dst = view.getUint16(at);
      return true;
    case 37:
      if (length !== 4) return false;
      into.sctp_dst = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return true;
    case 38:
      if (length !== 1) return false;
      into.icmpv4_type = view.getUint8(at);
      return true;
    case 40:
      if (length !== 1) return false;
      into.icmpv4_code = view.getUint8(at);
      return true;
    case 42:
      if (length !== 2) return false;
      into.arp_op = view.getUint16(at);
      return true;
    case 44:
      if (length !== 4) return false;
      into.arp_spa = readIpv4(view, at);
      return true;
    case 45:
      if (length !== 8) return false;
      into.arp_spa = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return true;
    case 46:
      if (length !== 4) return false;
      into.arp_tpa = readIpv4(view, at);
      return true;
    case 47:
      if (length !== 8) return false;
      into.arp_tpa = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return true;
    case 48:
      if (length !== 6) return false;
      into.arp_sha = readMac(view, at);
      return true;
    case 49:
      if (length !== 12) return false;
      into.arp_sha = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return true;
    case 50:
      if (length !== 6) return false;
      into.arp_tha = readMac(view, at);
      return true;
    case 51:
      if (length !== 12) return false;
      into.arp_tha = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return true;
    case 52:
      if (length !== 16) return false;
      into.ipv6_src = readIpv6(view, at);
      return true;
    case 53:
      if (length !== 32) return false;
      into.ipv6_src = { value: readIpv6(view, at), mask: readIpv6(view, at + 16) };
      return true;
    case 54:
      if (length !== 16) return false;
      into.ipv6_dst = readIpv6(view, at);
      return true;
    case 55:
      if (length !== 32) return false;
      into.ipv6_dst = { value: readIpv6(view, at), mask: readIpv6(view, at + 16) };
      return true;
    case 56:
      if (length !== 4) return false;
      into.ipv6_flabel = atMost(view.getUint32(at), 0xfffff, 'ipv6_flabel', at);
      return true;
    case 57:
      if (length !== 8) return false;
      into.ipv6_flabel = { value: atMost(view.getUint32(at), 0xfffff, 'ipv6_flabel', at), mask: atMost(view.getUint32(at + 4), 0xfffff, 'ipv6_flabel', at + 4) };
      return true;
    case 58:
      if (length !== 1) return false;
      into.icmpv6_type = view.getUint8(at);
      return true;
    case 60:
      if (length !== 1) return false;
      into.icmpv6_code = view.getUint8(at);
      return true;
    case 62:
      if (length !== 16) return false;
      into.ipv6_nd_target = readIpv6(view, at);
      return true;
    case 63:
      if (length !== 32) return false;
      into.ipv6_nd_target = { value: readIpv6(view, at), mask: readIpv6(view, at + 16) };
      return true;
    case 64:
      if (length !== 6) return false;
      into.ipv6_nd_sll = readMac(view, at);
      return true;
    case 65:
      if (length !== 12) return false;
      into.ipv6_nd_sll = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return true;
    case 66:
      if (length !== 6) return false;
      into.ipv6_nd_tll = readMac(view, at);
      return true;
    case 67:
      if (length !== 12) return false;
      into.ipv6_nd_tll = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return true;
    case 68:
      if (length !== 4) return false;
      into.mpls_label = atMost(view.getUint32(at), 0xfffff, 'mpls_label', at);
      return true;
    case 70:
      if (length !== 1) return false;
      into.mpls_tc = atMost(view.getUint8(at), 0x7, 'mpls_tc', at);
      return true;
    case 72:
      if (length !== 1) return false;
      into.mpls_bos = atMost(view.getUint8(at), 0x1, 'mpls_bos', at);
      return true;
    case 74:
      if (length !== 3) return false;
      into.pbb_isid = readU24(view, at);
      return true;
    case 75:
      if (length !== 6) return false;
      into.pbb_isid = { value: readU24(view, at), mask: readU24(view, at + 3) };
      return true;
    case 76:
      if (length !== 8) return false;
      into.tunnel_id = view.getBigUint64(at);
      return true;
    case 77:
      if (length !== 16) return false;
      into.tunnel_id = { value: view.getBigUint64(at), mask: view.getBigUint64(at + 8) };
      return true;
    case 78:
      if (length !== 2) return false;
      into.ipv6_exthdr = atMost(view.getUint16(at), 0x1ff, 'ipv6_exthdr', at);
      return true;
    case 79:
      if (length !== 4) return false;
      into.ipv6_exthdr = { value: atMost(view.getUint16(at), 0x1ff, 'ipv6_exthdr', at), mask: atMost(view.getUint16(at + 2), 0x1ff, 'ipv6_exthdr', at + 2) };
      return true;
    case 82:
      if (length !== 1) return false;
      into.pbb_uca = atMost(view.getUint8(at), 0x1, 'pbb_uca', at);
      return true;
    case 84:
      if (length !== 2) return false;
      into.tcp_flags = atMost(view.getUint16(at), 0xfff, 'tcp_flags', at);
      return true;
    case 85:
      if (length !== 4) return false;
      into.tcp_flags = { value: atMost(view.getUint16(at), 0xfff, 'tcp_flags', at), mask: atMost(view.getUint16(at + 2), 0xfff, 'tcp_flags', at + 2) };
      return true;
    case 86:
      if (length !== 4) return false;
      into.actset_output = view.getUint32(at);
      return true;
    case 88:
      if (length !== 4) return false;
      into.packet_type = view.getUint32(at);
      return true;
    default:
      return false;
  }
}
