/**
 * ofp_match and set_field around the generated field codecs: lengths, padding, unknown fields, duplicates.
 * A field that the tables do not name is kept under its header: `0x` and 8 hexadecimal digits, and for class
 * OFPXMC_EXPERIMENTER also `:` and the experimenter's id, because there the header alone names no field.
 */

import type { SetFieldAction } from '../generated/action.ts';
import { basicFieldName, decodeBasicField } from '../generated/match-decode.ts';
import { encodeBasicField } from '../generated/match-encode.ts';
import type { Match } from '../generated/match-types.ts';
import { bytesOf } from './bounds.ts';
import { ELEMENT } from './list.ts';
import {
  BAD_ACTION_SET_LEN,
  BAD_MATCH_DUPLICATE,
  BAD_MATCH_LEN,
  BAD_MATCH_TYPE,
  EncodeError,
  type ProtocolError,
  protocolError,
} from './protocol-error.ts';
import type { Writer } from './writer.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type HeaderKey = `0x${string}`;

const OXM_TYPE = 1;
const MATCH_HEADER = 4;
const OXM_HEADER = 4;
/** Open vSwitch knows about a hundred fields; a bound keeps a hostile match from costing more than its size. */
export const FIELDS_MAX = 256;
const CLASS_BASIC = 0x8000;
const CLASS_EXPERIMENTER = 0xffff;

/** Where the match and its padding end; checks that both are there. */
export function endOfMatch(view: DataView, at: number, end: number): number {
  if (end - at < 8)
    throw protocolError(`truncated: needed 8 bytes, had ${end - at}`, BAD_MATCH_LEN, at, 'match');
  if (view.getUint16(at) !== OXM_TYPE) {
    throw protocolError(`match type ${view.getUint16(at)} is not OXM`, BAD_MATCH_TYPE, at, 'match');
  }
  const length = view.getUint16(at + 2);
  const padded = Math.ceil(length / 8) * 8;
  if (length < MATCH_HEADER || padded > end - at) {
    throw protocolError(`match length ${length} does not fit ${end - at} bytes`, BAD_MATCH_LEN, at, 'match');
  }
  return at + padded;
}

/** The match at `from`, whose bounds endOfMatch has checked. */
export function decodeMatch(view: DataView, from: number): Match {
  const into: Mutable<Match> = {};
  const limit = from + view.getUint16(from + 2);
  let at = from + MATCH_HEADER;
  let count = 0;
  while (at < limit) {
    // Every turn advances by an OXM header at least.
    const end = endOfField(view, at, limit);
    count += 1;
    if (count > FIELDS_MAX) throw protocolError(`more than ${FIELDS_MAX} fields`, BAD_MATCH_LEN, at, 'match');
    decodeField(into, view, at, end);
    at = end;
  }
  return into;
}

function endOfField(view: DataView, at: number, limit: number): number {
  const end = limit - at < OXM_HEADER ? Number.POSITIVE_INFINITY : at + OXM_HEADER + view.getUint8(at + 3);
  if (end > limit) throw protocolError('an OXM field runs past the match', BAD_MATCH_LEN, at, 'match');
  return end;
}

function decodeField(into: Mutable<Match>, view: DataView, at: number, end: number): void {
  const header = view.getUint32(at);
  const isBasic = header >>> 16 === CLASS_BASIC;
  const known = isBasic ? basicFieldName((header >>> 9) & 0x7f) : undefined;
  if (known !== undefined && known in into) throw duplicate(known, at);
  if (isBasic && decodeBasicField(into, header, view, at + OXM_HEADER) !== undefined) return;
  const key = keyOf(view, at, end);
  if (key in into) throw duplicate(key, at);
  into[key] = bytesOf(view, at + OXM_HEADER, end);
}

const duplicate = (name: string, at: number): ProtocolError =>
  protocolError(`${name} appears twice`, BAD_MATCH_DUPLICATE, at, 'match');

function keyOf(view: DataView, at: number, end: number): HeaderKey {
  const header = view.getUint32(at);
  const key: HeaderKey = `0x${header.toString(16).padStart(8, '0')}`;
  if (header >>> 16 !== CLASS_EXPERIMENTER || end - at < 8) return key;
  return `${key}:${view
    .getUint32(at + OXM_HEADER)
    .toString(16)
    .padStart(8, '0')}`;
}

export function encodeMatch(writer: Writer, match: Match): void {
  const at = writer.claim(MATCH_HEADER);
  writer.view.setUint16(at, OXM_TYPE);
  for (const name in match) {
    const value = match[name as keyof Match];
    if (value !== undefined) encodeField(writer, name, value);
  }
  writer.patchLength(at + 2, at, 'match');
  writer.padFrom(at, 8);
}

function encodeField(writer: Writer, name: string, value: unknown): void {
  if (encodeBasicField(writer, name, value)) return;
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

/** The body of a set_field action: one OXM field, then padding up to `end`. */
export function decodeSetField(view: DataView, at: number, end: number): SetFieldAction {
  const stop = end - at < OXM_HEADER ? Number.POSITIVE_INFINITY : at + OXM_HEADER + view.getUint8(at + 3);
  if (stop > end || end - stop >= 8) {
    throw protocolError('the field of a set_field does not fill the action', BAD_ACTION_SET_LEN, at, ELEMENT);
  }
  const header = view.getUint32(at);
  const into: Mutable<Match> = {};
  if (header >>> 16 === CLASS_BASIC && (header & 0x100) === 0) {
    const field = decodeBasicField(into, header, view, at + OXM_HEADER);
    if (field !== undefined) return { type: 'set_field', field, value: into[field] } as SetFieldAction;
  }
  return { type: 'set_field', field: keyOf(view, at, stop), value: bytesOf(view, at + OXM_HEADER, stop) };
}

/** Writes the field; the action pads itself. */
export function encodeSetField(writer: Writer, field: string, value: unknown): void {
  encodeField(writer, field, value);
}
