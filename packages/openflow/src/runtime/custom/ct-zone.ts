/**
 * The zone of nx_ct: u32 header of a field and u16 range of its bits, or u32 zero and the zone itself as u16.
 * ovs-actions(7), ct.
 */
import { type BitRange, readBitRange, writeBitRange } from '../bit-range.ts';
import { u16 } from '../bounds.ts';
import { type OxmId, readOxmId, writeOxmId } from '../oxm-id.ts';
import { BAD_ACTION_SET_LEN, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

/** A number, or the field in which it stands: 16 bits of it. */
export type CtZone = number | CtZoneField;

export interface CtZoneField {
  readonly field: OxmId;
  readonly range: BitRange;
}

const SIZE = 6;
const ZONE_BITS = 16;

/** Throws ProtocolError when the bits of the field are not 16. */
export function decodeCtZone(view: DataView, at: number, _end: number): CtZone {
  if (view.getUint32(at) === 0) return view.getUint16(at + 4);
  const range = readBitRange(view, at + 4);
  if (range.bits !== ZONE_BITS) {
    throw protocolError(`a zone has ${ZONE_BITS} bits, not ${range.bits}`, BAD_ACTION_SET_LEN, at, 'zone');
  }
  return { field: readOxmId(view, at), range };
}

export function encodeCtZone(writer: Writer, zone: CtZone): void {
  const at = writer.claim(SIZE);
  const { view } = writer;
  if (typeof zone === 'number') {
    view.setUint32(at, 0);
    view.setUint16(at + 4, u16(zone, 'zone'));
    return;
  }
  if (zone.range.bits !== ZONE_BITS)
    throw new EncodeError(`zone: ${zone.range.bits} bits are not ${ZONE_BITS}`);
  writeOxmId(view, at, zone.field);
  writeBitRange(view, at + 4, zone.range);
}
