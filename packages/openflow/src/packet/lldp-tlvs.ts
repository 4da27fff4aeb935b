/**
 * TLVs of LLDP (IEEE 802.1AB-2016 8.5). One whose form is not the usual one is kept as bytes.
 *
 *   each: u7 type  u9 length  value
 *   capabilities (7)         u16 system  u16 enabled
 *   management address (8)   u8 length  u8 addressSubtype  address  u8 interfaceSubtype  u32 interface  u8 length  oid
 *   organisation (127)       u24 oui  u8 subtype  value
 */
import { fits, readU24, writeU24 } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import type { Cursor } from './cursor.ts';
import { PacketError, viewOf } from './packet-error.ts';

export type LldpTlv =
  /** Text, usually UTF-8. */
  | {
      readonly kind: 'port_description' | 'system_name' | 'system_description';
      readonly value: Uint8Array;
    }
  /** Bits: 2 repeater, 4 bridge, 8 access point, 16 router, ... */
  | { readonly kind: 'capabilities'; readonly system: number; readonly enabled: number }
  | {
      readonly kind: 'management_address';
      /** IANA address family: 1 IPv4, 2 IPv6, 6 MAC. */
      readonly addressSubtype: number;
      readonly address: Uint8Array;
      /** 1 unknown, 2 ifIndex, 3 port number. */
      readonly interfaceSubtype: number;
      readonly interfaceNumber: number;
      readonly oid: Uint8Array;
    }
  | {
      readonly kind: 'organisation';
      /** 24 bits. */
      readonly oui: number;
      readonly subtype: number;
      readonly value: Uint8Array;
    }
  /** 0 to 127, but 1 to 3 only at the beginning of a unit. */
  | { readonly kind: 'other'; readonly number: number; readonly value: Uint8Array };

const NUMBER = {
  port_description: 4,
  system_name: 5,
  system_description: 6,
  capabilities: 7,
  management_address: 8,
  organisation: 127,
} as const;
const END = 0;
const VALUE_BYTES_MAX = 511;
/** A unit fits one frame of 1,500 bytes, so more TLVs than this cannot be there. */
export const LLDP_TLVS_MAX = 750;

interface RawTlv {
  readonly number: number;
  readonly value: Uint8Array;
}

/** All TLVs before the end TLV, and where that ends. */
export function readTlvs(cursor: Cursor): readonly [readonly RawTlv[], number] {
  const tlvs: RawTlv[] = [];
  let { at } = cursor;
  while (tlvs.length < LLDP_TLVS_MAX) {
    cursor.need(at, 2, 'lldp');
    const header = cursor.view.getUint16(at);
    if (header === END) return [tlvs, at + 2];
    const [number, length] = [header >>> 9, header & VALUE_BYTES_MAX];
    if (number === END) throw new PacketError('lldp', `an end of ${length} bytes`, at);
    cursor.need(at + 2, length, 'lldp');
    tlvs.push({ number, value: cursor.slice(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  throw new PacketError('lldp', `more than ${LLDP_TLVS_MAX} TLVs`, at);
}

export function tlvOf({ number, value }: RawTlv): LldpTlv {
  const view = viewOf(value);
  switch (number) {
    case NUMBER.port_description:
      return { kind: 'port_description', value };
    case NUMBER.system_name:
      return { kind: 'system_name', value };
    case NUMBER.system_description:
      return { kind: 'system_description', value };
    case NUMBER.capabilities:
      if (value.length !== 4) break;
      return { kind: 'capabilities', system: view.getUint16(0), enabled: view.getUint16(2) };
    case NUMBER.management_address:
      return managementAddressOf(value) ?? { kind: 'other', number, value };
    case NUMBER.organisation:
      if (value.length < 4) break;
      return {
        kind: 'organisation',
        oui: readU24(view, 0),
        subtype: view.getUint8(3),
        value: value.subarray(4),
      };
  }
  return { kind: 'other', number, value };
}

function managementAddressOf(value: Uint8Array): LldpTlv | undefined {
  const view = viewOf(value);
  const interfaceAt = 1 + (value[0] ?? 0);
  if (interfaceAt < 2 || value.length < interfaceAt + 6) return undefined;
  if (value.length !== interfaceAt + 6 + view.getUint8(interfaceAt + 5)) return undefined;
  return {
    kind: 'management_address',
    addressSubtype: view.getUint8(1),
    address: value.subarray(2, interfaceAt),
    interfaceSubtype: view.getUint8(interfaceAt),
    interfaceNumber: view.getUint32(interfaceAt + 1),
    oid: value.subarray(interfaceAt + 6),
  };
}

export function tlvBytes(tlv: LldpTlv): Uint8Array {
  const value = tlvValue(tlv);
  const number = tlv.kind === 'other' ? fits(tlv.number, 127, 'TLV type') : NUMBER[tlv.kind];
  if (value.length > VALUE_BYTES_MAX)
    throw new EncodeError(`an LLDP value of ${value.length} bytes is too long`);
  const bytes = new Uint8Array(2 + value.length);
  viewOf(bytes).setUint16(0, (number << 9) | value.length);
  bytes.set(value, 2);
  return bytes;
}

function tlvValue(tlv: LldpTlv): Uint8Array {
  switch (tlv.kind) {
    case 'capabilities': {
      const value = new Uint8Array(4);
      viewOf(value).setUint16(0, fits(tlv.system, 0xffff, 'system capabilities'));
      viewOf(value).setUint16(2, fits(tlv.enabled, 0xffff, 'enabled capabilities'));
      return value;
    }
    case 'management_address': {
      const { address, oid } = tlv;
      const value = new Uint8Array(8 + address.length + oid.length);
      value[0] = fits(address.length + 1, 255, 'management address length');
      value[1] = fits(tlv.addressSubtype, 255, 'address subtype');
      value.set(address, 2);
      value[2 + address.length] = fits(tlv.interfaceSubtype, 255, 'interface subtype');
      viewOf(value).setUint32(3 + address.length, fits(tlv.interfaceNumber, 0xffffffff, 'interface number'));
      value[7 + address.length] = fits(oid.length, 255, 'object identifier length');
      value.set(oid, 8 + address.length);
      return value;
    }
    case 'organisation': {
      const value = new Uint8Array(4 + tlv.value.length);
      writeU24(viewOf(value), 0, fits(tlv.oui, 0xffffff, 'oui'));
      value[3] = fits(tlv.subtype, 255, 'organisation subtype');
      value.set(tlv.value, 4);
      return value;
    }
    default:
      return tlv.value;
  }
}
