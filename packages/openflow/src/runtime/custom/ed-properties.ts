/**
 * Properties of nx_encap: u16 class, u8 type, u8 length, body, padding to 8 bytes. Open vSwitch knows two, of class 4,
 * the network service header (RFC 8300): its metadata type (length 5), and one of its options, whose own bytes are
 * padded to 8, which the length counts. Other properties are kept as bytes.
 */
import { bytesOf, need, u8, u16 } from '../bounds.ts';
import { ELEMENT } from '../list.ts';
import { BAD_ACTION_ARGUMENT, BAD_ACTION_LEN, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

export type EdProperty =
  /** 1 has four fixed contexts, 2 has options. */
  | { readonly type: 'nsh_md_type'; readonly mdType: number }
  | {
      readonly type: 'nsh_tlv';
      readonly tlvClass: number;
      readonly tlvType: number;
      readonly data: Uint8Array;
    }
  | {
      readonly type: 'unknown';
      readonly propClass: number;
      readonly propType: number;
      readonly data: Uint8Array;
    };

const HEADER = 4;
const TLV_HEADER = 8;
const ALIGN = 8;
const CLASS_NSH = 4;
const MD_TYPE = 1;
const MD_TYPE_BYTES = 5;
const TLV = 2;
const padded = (size: number): number => Math.ceil(size / ALIGN) * ALIGN;

/** Throws ProtocolError for a property that is cut off, or whose lengths contradict each other. */
export function decodeEdProperties(view: DataView, from: number, end: number): readonly EdProperty[] {
  const properties: EdProperty[] = [];
  let at = from;
  while (at < end) {
    need(at, end, HEADER, ELEMENT);
    const length = view.getUint8(at + 3);
    // Every turn advances by 8 bytes at least.
    if (length < HEADER || padded(length) > end - at) {
      throw protocolError(
        `length ${length} does not fit ${end - at} bytes`,
        BAD_ACTION_LEN,
        at,
        'properties',
      );
    }
    properties.push(propertyAt(view, at, at + length));
    at += padded(length);
  }
  return properties;
}

function propertyAt(view: DataView, at: number, end: number): EdProperty {
  const propClass = view.getUint16(at);
  const propType = view.getUint8(at + 2);
  if (propClass === CLASS_NSH && propType === MD_TYPE && end - at === MD_TYPE_BYTES) {
    return { type: 'nsh_md_type', mdType: view.getUint8(at + HEADER) };
  }
  if (propClass === CLASS_NSH && propType === TLV) {
    const size = end - at < TLV_HEADER ? -1 : view.getUint8(at + 7);
    if (size < 0 || TLV_HEADER + padded(size) !== end - at) {
      throw protocolError('an option whose length is not its own', BAD_ACTION_ARGUMENT, at, 'properties');
    }
    const data = bytesOf(view, at + TLV_HEADER, at + TLV_HEADER + size);
    return { type: 'nsh_tlv', tlvClass: view.getUint16(at + 4), tlvType: view.getUint8(at + 6), data };
  }
  return { type: 'unknown', propClass, propType, data: bytesOf(view, at + HEADER, end) };
}

/** Throws EncodeError for data that its length cannot say. */
export function encodeEdProperties(writer: Writer, properties: readonly EdProperty[]): void {
  for (const property of properties) {
    const at = writer.claim(HEADER);
    const length = body(writer, at, property);
    if (length > 0xff) throw new EncodeError(`properties: ${length} bytes, the limit is 255`);
    writer.view.setUint8(at + 3, length);
    writer.padFrom(at, ALIGN);
  }
}

/** Writes all but the length, which it returns. */
function body(writer: Writer, at: number, property: EdProperty): number {
  const header = (propClass: number, propType: number): void => {
    writer.view.setUint16(at, u16(propClass, 'propClass'));
    writer.view.setUint8(at + 2, u8(propType, 'propType'));
  };
  switch (property.type) {
    case 'nsh_md_type': {
      header(CLASS_NSH, MD_TYPE);
      const value = writer.claim(1);
      writer.view.setUint8(value, u8(property.mdType, 'mdType'));
      return MD_TYPE_BYTES;
    }
    case 'nsh_tlv': {
      header(CLASS_NSH, TLV);
      const option = writer.claim(TLV_HEADER - HEADER);
      writer.view.setUint16(option, u16(property.tlvClass, 'tlvClass'));
      writer.view.setUint8(option + 2, u8(property.tlvType, 'tlvType'));
      writer.view.setUint8(option + 3, u8(property.data.length, 'data.length'));
      writer.append(property.data);
      return TLV_HEADER + padded(property.data.length);
    }
    case 'unknown':
      header(property.propClass, property.propType);
      writer.append(property.data);
      return HEADER + property.data.length;
  }
}
