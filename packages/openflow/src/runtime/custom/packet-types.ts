/**
 * The packet types that a table accepts (OFPTFPT_PACKET_TYPES of 1.5): OXM fields packet_type, each u32 header 0x80005804,
 * u16 namespace, u16 type in it. Another field is kept as bytes, because it says nothing here.
 */
import { bytesOf, u16 } from '../bounds.ts';
import { ELEMENT } from '../list.ts';
import { BAD_REQUEST_LEN, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

export type PacketType =
  | {
      /** OFPHTN_*: 0 ONF, 1 ethertype, 2 IP protocol, 3 UDP or TCP port, 4 IPv4 option */
      readonly namespace: number;
      /** In the namespace; 0 of 0 is Ethernet. */
      readonly nsType: number;
    }
  | {
      /** Header and value of another field. */
      readonly unknown: Uint8Array;
    };

const HEADER = 0x80005804;
const HEADER_BYTES = 4;

/** Throws ProtocolError when a field is cut off. */
export function decodePacketTypes(view: DataView, from: number, end: number): readonly PacketType[] {
  const types: PacketType[] = [];
  let at = from;
  while (at < end) {
    // Every turn advances by a header at least.
    const size = end - at < HEADER_BYTES ? Number.POSITIVE_INFINITY : HEADER_BYTES + view.getUint8(at + 3);
    if (size > end - at) {
      throw protocolError('an OXM field runs past the property', BAD_REQUEST_LEN, at, ELEMENT);
    }
    types.push(
      view.getUint32(at) === HEADER
        ? { namespace: view.getUint16(at + 4), nsType: view.getUint16(at + 6) }
        : { unknown: bytesOf(view, at, at + size) },
    );
    at += size;
  }
  return types;
}

export function encodePacketTypes(writer: Writer, types: readonly PacketType[]): void {
  for (const type of types) {
    if ('unknown' in type) {
      appendWhole(writer, type.unknown);
      continue;
    }
    const at = writer.claim(8);
    writer.view.setUint32(at, HEADER);
    writer.view.setUint16(at + 4, u16(type.namespace, 'namespace'));
    writer.view.setUint16(at + 6, u16(type.nsType, 'nsType'));
  }
}

function appendWhole(writer: Writer, field: Uint8Array): void {
  if (field.length !== HEADER_BYTES + (field[3] ?? 0)) {
    throw new EncodeError(`${field.length} bytes are not one OXM field`);
  }
  writer.append(field);
}
