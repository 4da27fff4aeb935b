// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.

import { writeIpv4, writeIpv6, writeMac } from '../runtime/addresses.ts';
import { u64 } from '../runtime/bounds.ts';
import { fits, writeU24 } from '../runtime/oxm-numbers.ts';
import type { Writer } from '../runtime/writer.ts';
import type { Masked } from './match-types.ts';

/** Writes header and value of a basic field. False when the name is not one. */
export function encodeBasicField(writer: Writer, name: string, given: unknown): boolean {
  switch (name) {
    case 'in_port': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80000004);
      view.setUint32(at + 4, fits(given as number, 0xffffffff, 'in_port'));
      return true;
    }
    case 'in_phy_port': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80000204);
      view.setUint32(at + 4, fits(given as number, 0xffffffff, 'in_phy_port'));
      return true;
    }
    case 'metadata': {
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
    case 'eth_dst': {
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
    case 'eth_src': {
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
    case 'eth_type': {
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80000a02);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'eth_type'));
      return true;
    }
    case 'vlan_vid': {
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
    case 'vlan_pcp': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80000e01);
      view.setUint8(at + 4, fits(given as number, 0x7, 'vlan_pcp'));
      return true;
    }
    case 'ip_dscp': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80001001);
      view.setUint8(at + 4, fits(given as number, 0x3f, 'ip_dscp'));
      return true;
    }
    case 'ip_ecn': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80001201);
      view.setUint8(at + 4, fits(given as number, 0x3, 'ip_ecn'));
      return true;
    }
    case 'ip_proto': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80001401);
      view.setUint8(at + 4, fits(given as number, 0xff, 'ip_proto'));
      return true;
    }
    case 'ipv4_src': {
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
    case 'ipv4_dst': {
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
    case 'tcp_src': {
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
    case 'tcp_dst': {
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
    case 'udp_src': {
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
    case 'udp_dst': {
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
    case 'sctp_src': {
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
    case 'sctp_dst': {
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
    case 'icmpv4_type': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80002601);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv4_type'));
      return true;
    }
    case 'icmpv4_code': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80002801);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv4_code'));
      return true;
    }
    case 'arp_op': {
      const at = writer.claim(6);
      const view = writer.view;
      view.setUint32(at, 0x80002a02);
      view.setUint16(at + 4, fits(given as number, 0xffff, 'arp_op'));
      return true;
    }
    case 'arp_spa': {
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
    case 'arp_tpa': {
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
    case 'arp_sha': {
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
    case 'arp_tha': {
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
    case 'ipv6_src': {
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
    case 'ipv6_dst': {
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
    case 'ipv6_flabel': {
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
    case 'icmpv6_type': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80003a01);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv6_type'));
      return true;
    }
    case 'icmpv6_code': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80003c01);
      view.setUint8(at + 4, fits(given as number, 0xff, 'icmpv6_code'));
      return true;
    }
    case 'ipv6_nd_target': {
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
    case 'ipv6_nd_sll': {
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
    case 'ipv6_nd_tll': {
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
    case 'mpls_label': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint32(at, 0x80004404);
      view.setUint32(at + 4, fits(given as number, 0xfffff, 'mpls_label'));
      return true;
    }
    case 'mpls_tc': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80004601);
      view.setUint8(at + 4, fits(given as number, 0x7, 'mpls_tc'));
      return true;
    }
    case 'mpls_bos': {
      const at = writer.claim(5);
      const view = writer.view;
      view.setUint32(at, 0x80004801);
      view.setUint8(at + 4, fits(given as number, 0x1, 'mpls_bos'));
      return true;
    }
    case 'pbb_isid': {
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
    case 'tunnel_id': {
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
    case 'ipv6_exthdr': {
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
    default:
      return false;
  }
}
