// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.

import { readIpv4, readIpv6, readMac } from '../runtime/addresses.ts';
import { atMost, readU24 } from '../runtime/oxm-numbers.ts';
import type { Match, OxmName } from './match-types.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NAMES: readonly (OxmName | undefined)[] = [
  'in_port',
  'in_phy_port',
  'metadata',
  'eth_dst',
  'eth_src',
  'eth_type',
  'vlan_vid',
  'vlan_pcp',
  'ip_dscp',
  'ip_ecn',
  'ip_proto',
  'ipv4_src',
  'ipv4_dst',
  'tcp_src',
  'tcp_dst',
  'udp_src',
  'udp_dst',
  'sctp_src',
  'sctp_dst',
  'icmpv4_type',
  'icmpv4_code',
  'arp_op',
  'arp_spa',
  'arp_tpa',
  'arp_sha',
  'arp_tha',
  'ipv6_src',
  'ipv6_dst',
  'ipv6_flabel',
  'icmpv6_type',
  'icmpv6_code',
  'ipv6_nd_target',
  'ipv6_nd_sll',
  'ipv6_nd_tll',
  'mpls_label',
  'mpls_tc',
  'mpls_bos',
  'pbb_isid',
  'tunnel_id',
  'ipv6_exthdr',
];

/** The name of the basic field of this number. */
export const basicFieldName = (field: number): OxmName | undefined => NAMES[field];

/**
 * Reads the value of the field with this OXM header into `into`, and names it. Undefined when the header is not
 * one of the basic fields with its right length.
 */
export function decodeBasicField(into: Mutable<Match>, header: number, view: DataView, at: number): OxmName | undefined {
  switch (header) {
    case 0x80000004:
      into.in_port = view.getUint32(at);
      return 'in_port';
    case 0x80000204:
      into.in_phy_port = view.getUint32(at);
      return 'in_phy_port';
    case 0x80000408:
      into.metadata = view.getBigUint64(at);
      return 'metadata';
    case 0x80000510:
      into.metadata = { value: view.getBigUint64(at), mask: view.getBigUint64(at + 8) };
      return 'metadata';
    case 0x80000606:
      into.eth_dst = readMac(view, at);
      return 'eth_dst';
    case 0x8000070c:
      into.eth_dst = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return 'eth_dst';
    case 0x80000806:
      into.eth_src = readMac(view, at);
      return 'eth_src';
    case 0x8000090c:
      into.eth_src = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return 'eth_src';
    case 0x80000a02:
      into.eth_type = view.getUint16(at);
      return 'eth_type';
    case 0x80000c02:
      into.vlan_vid = atMost(view.getUint16(at), 0x1fff, 'vlan_vid', at);
      return 'vlan_vid';
    case 0x80000d04:
      into.vlan_vid = { value: atMost(view.getUint16(at), 0x1fff, 'vlan_vid', at), mask: atMost(view.getUint16(at + 2), 0x1fff, 'vlan_vid', at + 2) };
      return 'vlan_vid';
    case 0x80000e01:
      into.vlan_pcp = atMost(view.getUint8(at), 0x7, 'vlan_pcp', at);
      return 'vlan_pcp';
    case 0x80001001:
      into.ip_dscp = atMost(view.getUint8(at), 0x3f, 'ip_dscp', at);
      return 'ip_dscp';
    case 0x80001201:
      into.ip_ecn = atMost(view.getUint8(at), 0x3, 'ip_ecn', at);
      return 'ip_ecn';
    case 0x80001401:
      into.ip_proto = view.getUint8(at);
      return 'ip_proto';
    case 0x80001604:
      into.ipv4_src = readIpv4(view, at);
      return 'ipv4_src';
    case 0x80001708:
      into.ipv4_src = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return 'ipv4_src';
    case 0x80001804:
      into.ipv4_dst = readIpv4(view, at);
      return 'ipv4_dst';
    case 0x80001908:
      into.ipv4_dst = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return 'ipv4_dst';
    case 0x80001a02:
      into.tcp_src = view.getUint16(at);
      return 'tcp_src';
    case 0x80001b04:
      into.tcp_src = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return 'tcp_src';
    case 0x80001c02:
      into.tcp_dst = view.getUint16(at);
      return 'tcp_dst';
    case 0x80001d04:
      into.tcp_dst = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return 'tcp_dst';
    case 0x80001e02:
      into.udp_src = view.getUint16(at);
      return 'udp_src';
    case 0x80001f04:
      into.udp_src = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return 'udp_src';
    case 0x80002002:
      into.udp_dst = view.getUint16(at);
      return 'udp_dst';
    case 0x80002104:
      into.udp_dst = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return 'udp_dst';
    case 0x80002202:
      into.sctp_src = view.getUint16(at);
      return 'sctp_src';
    case 0x80002304:
      into.sctp_src = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return 'sctp_src';
    case 0x80002402:
      into.sctp_dst = view.getUint16(at);
      return 'sctp_dst';
    case 0x80002504:
      into.sctp_dst = { value: view.getUint16(at), mask: view.getUint16(at + 2) };
      return 'sctp_dst';
    case 0x80002601:
      into.icmpv4_type = view.getUint8(at);
      return 'icmpv4_type';
    case 0x80002801:
      into.icmpv4_code = view.getUint8(at);
      return 'icmpv4_code';
    case 0x80002a02:
      into.arp_op = view.getUint16(at);
      return 'arp_op';
    case 0x80002c04:
      into.arp_spa = readIpv4(view, at);
      return 'arp_spa';
    case 0x80002d08:
      into.arp_spa = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return 'arp_spa';
    case 0x80002e04:
      into.arp_tpa = readIpv4(view, at);
      return 'arp_tpa';
    case 0x80002f08:
      into.arp_tpa = { value: readIpv4(view, at), mask: readIpv4(view, at + 4) };
      return 'arp_tpa';
    case 0x80003006:
      into.arp_sha = readMac(view, at);
      return 'arp_sha';
    case 0x8000310c:
      into.arp_sha = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return 'arp_sha';
    case 0x80003206:
      into.arp_tha = readMac(view, at);
      return 'arp_tha';
    case 0x8000330c:
      into.arp_tha = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return 'arp_tha';
    case 0x80003410:
      into.ipv6_src = readIpv6(view, at);
      return 'ipv6_src';
    case 0x80003520:
      into.ipv6_src = { value: readIpv6(view, at), mask: readIpv6(view, at + 16) };
      return 'ipv6_src';
    case 0x80003610:
      into.ipv6_dst = readIpv6(view, at);
      return 'ipv6_dst';
    case 0x80003720:
      into.ipv6_dst = { value: readIpv6(view, at), mask: readIpv6(view, at + 16) };
      return 'ipv6_dst';
    case 0x80003804:
      into.ipv6_flabel = atMost(view.getUint32(at), 0xfffff, 'ipv6_flabel', at);
      return 'ipv6_flabel';
    case 0x80003908:
      into.ipv6_flabel = { value: atMost(view.getUint32(at), 0xfffff, 'ipv6_flabel', at), mask: atMost(view.getUint32(at + 4), 0xfffff, 'ipv6_flabel', at + 4) };
      return 'ipv6_flabel';
    case 0x80003a01:
      into.icmpv6_type = view.getUint8(at);
      return 'icmpv6_type';
    case 0x80003c01:
      into.icmpv6_code = view.getUint8(at);
      return 'icmpv6_code';
    case 0x80003e10:
      into.ipv6_nd_target = readIpv6(view, at);
      return 'ipv6_nd_target';
    case 0x80003f20:
      into.ipv6_nd_target = { value: readIpv6(view, at), mask: readIpv6(view, at + 16) };
      return 'ipv6_nd_target';
    case 0x80004006:
      into.ipv6_nd_sll = readMac(view, at);
      return 'ipv6_nd_sll';
    case 0x8000410c:
      into.ipv6_nd_sll = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return 'ipv6_nd_sll';
    case 0x80004206:
      into.ipv6_nd_tll = readMac(view, at);
      return 'ipv6_nd_tll';
    case 0x8000430c:
      into.ipv6_nd_tll = { value: readMac(view, at), mask: readMac(view, at + 6) };
      return 'ipv6_nd_tll';
    case 0x80004404:
      into.mpls_label = atMost(view.getUint32(at), 0xfffff, 'mpls_label', at);
      return 'mpls_label';
    case 0x80004601:
      into.mpls_tc = atMost(view.getUint8(at), 0x7, 'mpls_tc', at);
      return 'mpls_tc';
    case 0x80004801:
      into.mpls_bos = atMost(view.getUint8(at), 0x1, 'mpls_bos', at);
      return 'mpls_bos';
    case 0x80004a03:
      into.pbb_isid = readU24(view, at);
      return 'pbb_isid';
    case 0x80004b06:
      into.pbb_isid = { value: readU24(view, at), mask: readU24(view, at + 3) };
      return 'pbb_isid';
    case 0x80004c08:
      into.tunnel_id = view.getBigUint64(at);
      return 'tunnel_id';
    case 0x80004d10:
      into.tunnel_id = { value: view.getBigUint64(at), mask: view.getBigUint64(at + 8) };
      return 'tunnel_id';
    case 0x80004e02:
      into.ipv6_exthdr = atMost(view.getUint16(at), 0x1ff, 'ipv6_exthdr', at);
      return 'ipv6_exthdr';
    case 0x80004f04:
      into.ipv6_exthdr = { value: atMost(view.getUint16(at), 0x1ff, 'ipv6_exthdr', at), mask: atMost(view.getUint16(at + 2), 0x1ff, 'ipv6_exthdr', at + 2) };
      return 'ipv6_exthdr';
    default:
      return undefined;
  }
}
