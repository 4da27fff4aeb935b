/**
 * OXM fields one after another, as matches of every kind have them: unknown ones, duplicates, bounds. A field that no
 * table names is kept under its header: `0x` and 8 hexadecimal digits, and for class OFPXMC_EXPERIMENTER also `:` and
 * the experimenter's id, because there the header alone names no field.
 */
import { decodeBasicField } from '../generated/match-decode.ts';
import { encodeBasicField } from '../generated/match-encode.ts';
import type { Match } from '../generated/match-types.ts';
import { bytesOf } from './bounds.ts';
import { CLASS_BASIC, CLASS_EXPERIMENTER } from './oxm-headers.ts';
import { decodeTableField, encodeTableField } from './oxm-table.ts';
import {
  BAD_MATCH_DUPLICATE,
  BAD_MATCH_LEN,
  EncodeError,
  type ProtocolError,
  protocolError,
} from './protocol-error.ts';
import type { Writer } from './writer.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type HeaderKey = `0x${string}`;

export const OXM_HEADER = 4;
/** There are about two hundred names; a bound keeps a hostile match from costing more than its size. */
export const FIELDS_MAX = 256;

/** All fields from `from` to `limit`. */
export function decodeFields(view: DataView, from: number, limit: number): Mutable<Match> {
  const into: Mutable<Match> = {};
  let at = from;
  // One bit a basic field that was there: quicker than to ask the object.
  let seenLow = 0;
  let seenHigh = 0;
  for (let count = 0; at < limit; count++) {
    // Every turn advances by an OXM header at least.
    if (count === FIELDS_MAX)
      throw protocolError(`more than ${FIELDS_MAX} fields`, BAD_MATCH_LEN, at, 'match');
    const end = endOfField(view, at, limit);
    const field = view.getUint16(at + 2) >>> 8;
    if (
      view.getUint16(at) === CLASS_BASIC &&
      decodeBasicField(into, field, end - at - OXM_HEADER, view, at + OXM_HEADER)
    ) {
      const bit = 1 << ((field >>> 1) & 31);
      if ((field < 64 ? seenLow : seenHigh) & bit) throw duplicate(`basic field ${field >>> 1}`, at);
      if (field < 64) seenLow |= bit;
      else seenHigh |= bit;
    } else {
      decodeOther(into, view, at, end);
    }
    at = end;
  }
  return into;
}

function endOfField(view: DataView, at: number, limit: number): number {
  const end = limit - at < OXM_HEADER ? Number.POSITIVE_INFINITY : at + OXM_HEADER + view.getUint8(at + 3);
  if (end > limit) throw protocolError('an OXM field runs past the match', BAD_MATCH_LEN, at, 'match');
  return end;
}

function decodeOther(into: Mutable<Match>, view: DataView, at: number, end: number): void {
  const field = decodeTableField(view, at, end, 'maskable');
  if (field === undefined && view.getUint16(at) === CLASS_EXPERIMENTER && end - at < 8) {
    throw protocolError('an OXM field has no room for its experimenter', BAD_MATCH_LEN, at, 'match');
  }
  const key = field?.name ?? headerKey(view, at, end);
  if (key in into) throw duplicate(key, at);
  const value = field === undefined ? bytesOf(view, at + OXM_HEADER, end) : plainOrMasked(field);
  (into as Record<string, unknown>)[key] = value;
}

const plainOrMasked = ({ value, mask }: { readonly value: unknown; readonly mask?: unknown }): unknown =>
  mask === undefined ? value : { value, mask };

const duplicate = (name: string, at: number): ProtocolError =>
  protocolError(`${name} appears twice`, BAD_MATCH_DUPLICATE, at, 'match');

/** The key of a field that no table names. */
export function headerKey(view: DataView, at: number, end: number): HeaderKey {
  const header = view.getUint32(at);
  const key: HeaderKey = `0x${header.toString(16).padStart(8, '0')}`;
  if (header >>> 16 !== CLASS_EXPERIMENTER || end - at < 8) return key;
  return `${key}:${view
    .getUint32(at + OXM_HEADER)
    .toString(16)
    .padStart(8, '0')}`;
}

/** Writes all fields of a match, in the order of its keys. */
export function encodeFields(writer: Writer, match: Match): void {
  for (const name in match) {
    const value = match[name as keyof Match];
    if (value !== undefined) encodeField(writer, name, value);
  }
}

/** Writes one field: a plain value, or `{ value, mask }`. */
export function encodeField(writer: Writer, name: string, value: unknown): void {
  if (encodeBasicField(writer, name, value) || encodeTableField(writer, name, value, 'maskable')) return;
  const header = /^0x[0-9a-f]{8}(:[0-9a-f]{8})?$/.test(name)
    ? Number.parseInt(name.slice(2, 10), 16)
    : undefined;
  if (header === undefined || !(value instanceof Uint8Array))
    throw new EncodeError(`"${name}" is not an OXM field`);
  if ((header & 0xff) !== value.length) {
    throw new EncodeError(`${name}: the header says ${header & 0xff} bytes, the value has ${value.length}`);
  }
  const at = writer.claim(OXM_HEADER);
  writer.view.setUint32(at, header);
  writer.append(value);
}
