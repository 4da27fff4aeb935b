// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.

import { writeIpv4, writeIpv6, writeMac } from '../runtime/addresses.ts';
import { u64 } from '../runtime/bounds.ts';
import { fits, writeU24 } from '../runtime/oxm-numbers.ts';
import type { Writer } from '../runtime/writer.ts';
import type { Masked } from './match-types.ts';

/** From the name of a basic field to its number: a switch over numbers is quicker than one over names. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['in_port', 0],
  ['in_phy_port', 1],
  ['metadata', 2],
  ['eth_dst', 3],
  ['eth_src', 4],
  ['eth_type', 5],
  ['vlan_vid', 6],
  ['vlan_pcp', 7],
  ['ip_dscp', 8],
  ['ip_ecn', 9],
  ['ip_proto', 10],
  ['ipv4_src', 11],
  ['ipv4_dst', 12],
  ['tcp_src', 13],
  ['tcp_dst', 14],
  ['udp_src', 15],
  ['udp_dst', 16],
  ['sctp_src', 17],
  ['sctp_dst', 18],
  ['icmpv4_type', 19],
  ['icmpv4_code', 20],
  ['arp_op', 21],
  ['arp_spa', 22],
  ['arp_tpa', 23],
  ['arp_sha', 24],
  ['arp_tha', 25],
  ['ipv6_src', 26],
  ['ipv6_dst', 27],
  ['ipv6_flabel', 28],
  ['icmpv6_type', 29],
  ['icmpv6_code', 30],
  ['ipv6_nd_target', 31],
  ['ipv6_nd_sll', 32],
  ['ipv6_nd_tll', 33],
  ['mpls_label', 34],
  ['mpls_tc', 35],
  ['mpls_bos', 36],
  ['pbb_isid', 37],
  ['tunnel_id', 38],
  ['ipv6_exthdr', 39],
  ['pbb_uca', 41],
  ['tcp_flags', 42],
  ['actset_output', 43],
  ['packet_type', 44],
]);

/** Writes header and value of a field of class 0x8000. False when the name is not one. */
export function encodeBasicField(writer: Writer, name: string, given: unknown): boolean {
  switch (NUMBERS.get(name)) {
    case 0: {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80000004);
      view.setUint32(at + 4, fits(given as number, 0xffffffff, 'in_port'));
      return true;
    }
    case 1: {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80000204);
      view.setUint32(at + 4, fits(given as number, 0xffffffff, 'in_phy_port'));
      return true;
    }
    case 2: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<bigint>;
        const at = writer.claim(20);
        const view = writer.view;
        view.setUint32(at, 0x80000510);
        view.setBigUint64(at + 4, u64(value, 'metadata'));
        view.setBigUint64(at + 12, u64(mask, 'metadata'));
        return true;
      }
      const at = writer.claim(12);
      const view = writer.view;
      view.setUint32(at, 0x80000408);
      view.setBigUint64(at + 4, u64(given as bigint, 'metadata'));
      return true;
    }
    case 3: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(16);
        const view = writer.view;
        view.setUint32(at, 0x8000070c);
        writeMac(view, at + 4, value);
        writeMac(view, at + 10, mask);
        return true;
      }
      const at = writer.claim(10);
      const view = writer.view;
      view.setUint32(at, 0x80000606);
      writeMac(view, at + 4, given as string);
      return true;
    }
    case 4: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(16);
        const view = writer.view;
        view.setUint32(at, 0x8000090c);
        writeMac(view, at + 4, value);
        writeMac(view, at + 10, mask);
        return true;
      }
      const at = writer.claim(10);
      const view = writer.view;
      view.setUint32(at, 0x80000806);
      writeMac(view, at + 4, given as string);
      return true;
    }
    case 5: {
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80000a02);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'eth_type'));
      return true;
    }
    case 6: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80000d04);
        view.setUint16(at + 4, fits(value, 0x1fff, 'vlan_vid'));
        view.setUint16(at + 6, fits(mask, 0x1fff, 'vlan_vid'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80000c02);
      view.setUint16(at + 4, fits(given as number, 0x1fff, 'vlan_vid'));
      return true;
    }
    case 7: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80000e01);
      view.setUint8(at + 4, fits(given as number, 0x7, 'vlan_pcp'));
      return true;
    }
    case 8: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80001001);
      view.setUint8(at + 4, fits(given as number, 0x3f, 'ip_dscp'));
      return true;
    }
    case 9: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80001201);
      view.setUint8(at + 4, fits(given as number, 0x3, 'ip_ecn'));
      return true;
    }
    case 10: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80001401);
      view.setUint8(at + 4, fits(given as number, 0xff, 'ip_proto'));
      return true;
    }
    case 11: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(12);
        const view = writer.view;
        view.setUint32(at, 0x80001708);
        writeIpv4(view, at + 4, value);
        writeIpv4(view, at + 8, mask);
        return true;
      }
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80001604);
      writeIpv4(view, at + 4, given as string);
      return true;
    }
    case 12: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(12);
        const view = writer.view;
        view.setUint32(at, 0x80001908);
        writeIpv4(view, at + 4, value);
        writeIpv4(view, at + 8, mask);
        return true;
      }
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80001804);
      writeIpv4(view, at + 4, given as string);
      return true;
    }
    case 13: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80001b04);
        view.setUint16(at + 4, fits(value, 0xffff, 'tcp_src'));
        view.setUint16(at + 6, fits(mask, 0xffff, 'tcp_src'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80001a02);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'tcp_src'));
      return true;
    }
    case 14: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80001d04);
        view.setUint16(at + 4, fits(value, 0xffff, 'tcp_dst'));
        view.setUint16(at + 6, fits(mask, 0xffff, 'tcp_dst'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80001c02);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'tcp_dst'));
      return true;
    }
    case 15: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80001f04);
        view.setUint16(at + 4, fits(value, 0xffff, 'udp_src'));
        view.setUint16(at + 6, fits(mask, 0xffff, 'udp_src'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80001e02);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'udp_src'));
      return true;
    }
    case 16: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80002104);
        view.setUint16(at + 4, fits(value, 0xffff, 'udp_dst'));
        view.setUint16(at + 6, fits(mask, 0xffff, 'udp_dst'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80002002);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'udp_dst'));
      return true;
    }
    case 17: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80002304);
        view.setUint16(at + 4, fits(value, 0xffff, 'sctp_src'));
        view.setUint16(at + 6, fits(mask, 0xffff, 'sctp_src'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80002202);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'sctp_src'));
      return true;
    }
    case 18: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80002504);
        view.setUint16(at + 4, fits(value, 0xffff, 'sctp_dst'));
        view.setUint16(at + 6, fits(mask, 0xffff, 'sctp_dst'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80002402);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'sctp_dst'));
      return true;
    }
    case 19: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80002601);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv4_type'));
      return true;
    }
    case 20: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80002801);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv4_code'));
      return true;
    }
    case 21: {
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80002a02);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'arp_op'));
      return true;
    }
    case 22: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(12);
        const view = writer.view;
        view.setUint32(at, 0x80002d08);
        writeIpv4(view, at + 4, value);
        writeIpv4(view, at + 8, mask);
        return true;
      }
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80002c04);
      writeIpv4(view, at + 4, given as string);
      return true;
    }
    case 23: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(12);
        const view = writer.view;
        view.setUint32(at, 0x80002f08);
        writeIpv4(view, at + 4, value);
        writeIpv4(view, at + 8, mask);
        return true;
      }
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80002e04);
      writeIpv4(view, at + 4, given as string);
      return true;
    }
    case 24: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(16);
        const view = writer.view;
        view.setUint32(at, 0x8000310c);
        writeMac(view, at + 4, value);
        writeMac(view, at + 10, mask);
        return true;
      }
      const at = writer.claim(10);
      const view = writer.view;
      view.setUint32(at, 0x80003006);
      writeMac(view, at + 4, given as string);
      return true;
    }
    case 25: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(16);
        const view = writer.view;
        view.setUint32(at, 0x8000330c);
        writeMac(view, at + 4, value);
        writeMac(view, at + 10, mask);
        return true;
      }
      const at = writer.claim(10);
      const view = writer.view;
      view.setUint32(at, 0x80003206);
      writeMac(view, at + 4, given as string);
      return true;
    }
    case 26: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(36);
        const view = writer.view;
        view.setUint32(at, 0x80003520);
        writeIpv6(view, at + 4, value);
        writeIpv6(view, at + 20, mask);
        return true;
      }
      const at = writer.claim(20);
      const view = writer.view;
      view.setUint32(at, 0x80003410);
      writeIpv6(view, at + 4, given as string);
      return true;
    }
    case 27: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(36);
        const view = writer.view;
        view.setUint32(at, 0x80003720);
        writeIpv6(view, at + 4, value);
        writeIpv6(view, at + 20, mask);
        return true;
      }
      const at = writer.claim(20);
      const view = writer.view;
      view.setUint32(at, 0x80003610);
      writeIpv6(view, at + 4, given as string);
      return true;
    }
    case 28: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(12);
        const view = writer.view;
        view.setUint32(at, 0x80003908);
        view.setUint32(at + 4, fits(value, 0xfffff, 'ipv6_flabel'));
        view.setUint32(at + 8, fits(mask, 0xfffff, 'ipv6_flabel'));
        return true;
      }
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80003804);
      view.setUint32(at + 4, fits(given as number, 0xfffff, 'ipv6_flabel'));
      return true;
    }
    case 29: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80003a01);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv6_type'));
      return true;
    }
    case 30: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80003c01);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv6_code'));
      return true;
    }
    case 31: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(36);
        const view = writer.view;
        view.setUint32(at, 0x80003f20);
        writeIpv6(view, at + 4, value);
        writeIpv6(view, at + 20, mask);
        return true;
      }
      const at = writer.claim(20);
      const view = writer.view;
      view.setUint32(at, 0x80003e10);
      writeIpv6(view, at + 4, given as string);
      return true;
    }
    case 32: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(16);
        const view = writer.view;
        view.setUint32(at, 0x8000410c);
        writeMac(view, at + 4, value);
        writeMac(view, at + 10, mask);
        return true;
      }
      const at = writer.claim(10);
      const view = writer.view;
      view.setUint32(at, 0x80004006);
      writeMac(view, at + 4, given as string);
      return true;
    }
    case 33: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<string>;
        const at = writer.claim(16);
        const view = writer.view;
        view.setUint32(at, 0x8000430c);
        writeMac(view, at + 4, value);
        writeMac(view, at + 10, mask);
        return true;
      }
      const at = writer.claim(10);
      const view = writer.view;
      view.setUint32(at, 0x80004206);
      writeMac(view, at + 4, given as string);
      return true;
    }
    case 34: {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80004404);
      view.setUint32(at + 4, fits(given as number, 0xfffff, 'mpls_label'));
      return true;
    }
    case 35: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80004601);
      view.setUint8(at + 4, fits(given as number, 0x7, 'mpls_tc'));
      return true;
    }
    case 36: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80004801);
      view.setUint8(at + 4, fits(given as number, 0x1, 'mpls_bos'));
      return true;
    }
    case 37: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(10);
        const view = writer.view;
        view.setUint32(at, 0x80004b06);
        writeU24(view, at + 4, fits(value, 0xffffff, 'pbb_isid'));
        writeU24(view, at + 7, fits(mask, 0xffffff, 'pbb_isid'));
        return true;
      }
      const at = writer.claim(7);
      const view = writer.view;
      view.setUint32(at, 0x80004a03);
      writeU24(view, at + 4, fits(given as number, 0xffffff, 'pbb_isid'));
      return true;
    }
    case 38: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<bigint>;
        const at = writer.claim(20);
        const view = writer.view;
        view.setUint32(at, 0x80004d10);
        view.setBigUint64(at + 4, u64(value, 'tunnel_id'));
        view.setBigUint64(at + 12, u64(mask, 'tunnel_id'));
        return true;
      }
      const at = writer.claim(12);
      const view = writer.view;
      view.setUint32(at, 0x80004c08);
      view.setBigUint64(at + 4, u64(given as bigint, 'tunnel_id'));
      return true;
    }
    case 39: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80004f04);
        view.setUint16(at + 4, fits(value, 0x1ff, 'ipv6_exthdr'));
        view.setUint16(at + 6, fits(mask, 0x1ff, 'ipv6_exthdr'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80004e02);
      view.setUint16(at + 4, fits(given as number, 0x1ff, 'ipv6_exthdr'));
      return true;
    }
    case 41: {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80005201);
      view.setUint8(at + 4, fits(given as number, 0x1, 'pbb_uca'));
      return true;
    }
    case 42: {
      if (typeof given === 'object') {
        const { value, mask } = given as Masked<number>;
        const at = writer.claim(8);
        const view = writer.view;
        view.setUint32(at, 0x80005504);
        view.setUint16(at + 4, fits(value, 0xfff, 'tcp_flags'));
        view.setUint16(at + 6, fits(mask, 0xfff, 'tcp_flags'));
        return true;
      }
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80005402);
      view.setUint16(at + 4, fits(given as number, 0xfff, 'tcp_flags'));
      return true;
    }
    case 43: {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80005604);
      view.setUint32(at + 4, fits(given as number, 0xffffffff, 'actset_output'));
      return true;
    }
    case 44: {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80005804);
      view.setUint32(at + 4, fits(given as number, 0xffffffff, 'packet_type'));
      return true;
    }
    default:
      return false;
  }
}
