/**
 * The fields of a packet that go into a hash (Netronome's selection method): OXM fields up to the end, whose values are
 * masks of the bits that count. A mask may be wider than any value of the field, so it is kept as bytes.
 */
import type { OxmName } from '../../generated/match-types.ts';
import { bytesOf } from '../bounds.ts';
import { headerKey, OXM_HEADER } from '../oxm-fields.ts';
import { CLASS_EXPERIMENTER, oxmExperimenterOf, oxmHeaderOf, oxmNameOf } from '../oxm-headers.ts';
import {
  BAD_MATCH_DUPLICATE,
  BAD_MATCH_LEN,
  BAD_MATCH_MASK,
  EncodeError,
  protocolError,
} from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

/** The mask of each field; the order of keys is the order on the wire. Unknown fields stand under their header. */
export type HashFields = { readonly [F in OxmName]?: Uint8Array } & {
  readonly [unknown: `0x${string}`]: Uint8Array;
};

const PATH = 'fields';
const MASK_BIT = 0x100;
const EXPERIMENTER_BYTES = 4;
/** A property has at most 65,535 bytes, but nobody hashes more fields than a match has. */
export const HASH_FIELDS_MAX = 256;

export function decodeHashFields(view: DataView, from: number, end: number): HashFields {
  const fields: Record<string, Uint8Array> = {};
  let at = from;
  for (let count = 0; at < end; count++) {
    if (count === HASH_FIELDS_MAX) throw protocolError(`more than ${count} fields`, BAD_MATCH_LEN, at, PATH);
    const next = end - at < OXM_HEADER ? Number.POSITIVE_INFINITY : at + OXM_HEADER + view.getUint8(at + 3);
    if (next > end) throw protocolError('a field runs past the property', BAD_MATCH_LEN, at, PATH);
    const header = view.getUint32(at);
    if ((header & MASK_BIT) !== 0) throw protocolError('a mask has a mask', BAD_MATCH_MASK, at, PATH);
    const isForeign = header >>> 16 === CLASS_EXPERIMENTER && next - at >= OXM_HEADER + EXPERIMENTER_BYTES;
    const name = oxmNameOf(header, isForeign ? view.getUint32(at + OXM_HEADER) : undefined);
    const key = name ?? headerKey(view, at, next);
    if (key in fields) throw protocolError(`${key} appears twice`, BAD_MATCH_DUPLICATE, at, PATH);
    const before = name !== undefined && isForeign ? EXPERIMENTER_BYTES : 0;
    fields[key] = bytesOf(view, at + OXM_HEADER + before, next);
    at = next;
  }
  return fields as HashFields;
}

export function encodeHashFields(writer: Writer, fields: HashFields): void {
  for (const [name, mask] of Object.entries(fields)) {
    if (mask === undefined) continue;
    const unknown = /^0x[0-9a-f]{8}(:[0-9a-f]{8})?$/.test(name);
    const header = unknown ? Number.parseInt(name.slice(2, 10), 16) : oxmHeaderOf(name);
    if (header === undefined) throw new EncodeError(`"${name}" is not an OXM field`);
    const experimenter = unknown ? undefined : oxmExperimenterOf(name);
    const size = (header & 0xff) - (experimenter === undefined ? 0 : EXPERIMENTER_BYTES);
    if (mask.length !== size) {
      throw new EncodeError(`the mask of ${name} has ${mask.length} bytes instead of ${size}`);
    }
    const at = writer.claim(OXM_HEADER + (experimenter === undefined ? 0 : EXPERIMENTER_BYTES));
    writer.view.setUint32(at, header);
    if (experimenter !== undefined) writer.view.setUint32(at + OXM_HEADER, experimenter);
    writer.append(mask);
  }
}
