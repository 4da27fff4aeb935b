/** ofp_match from 1.2 on (type, length, OXM fields, padding to 8 bytes), and the field of a set_field action. */

import type { Match } from '../generated/match-types.ts';
import type { SetFieldAction } from '../generated/of13/elements/action.ts';
import { ELEMENT } from './list.ts';
import { decodeFields, encodeField, encodeFields, OXM_HEADER } from './oxm-fields.ts';
import { BAD_ACTION_SET_LEN, BAD_MATCH_LEN, BAD_MATCH_TYPE, protocolError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

const OXM_TYPE = 1;
const MATCH_HEADER = 4;

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

/** The same for a match whose length the structure around it says too. */
export function endOfSizedMatch(view: DataView, at: number, end: number, length: number): number {
  const stop = endOfMatch(view, at, end);
  if (view.getUint16(at + 2) === length) return stop;
  throw protocolError(
    `the match has ${view.getUint16(at + 2)} bytes, not ${length}`,
    BAD_MATCH_LEN,
    at,
    'match',
  );
}

/** The match at `from`, whose bounds endOfMatch has checked. */
export function decodeMatch(view: DataView, from: number): Match {
  return decodeFields(view, from + MATCH_HEADER, from + view.getUint16(from + 2));
}

export function encodeMatch(writer: Writer, match: Match): void {
  const at = writer.claim(MATCH_HEADER);
  writer.view.setUint16(at, OXM_TYPE);
  encodeFields(writer, match);
  writer.patchLength(at + 2, at, 'match');
  writer.padFrom(at, 8);
}

/** The body of a set_field action: one OXM field, then padding up to `end`. */
export function decodeSetField(view: DataView, at: number, end: number): SetFieldAction {
  const stop = end - at < OXM_HEADER ? Number.POSITIVE_INFINITY : at + OXM_HEADER + view.getUint8(at + 3);
  if (stop > end || end - stop >= 8) {
    throw protocolError('the field of a set_field does not fill the action', BAD_ACTION_SET_LEN, at, ELEMENT);
  }
  const [field, given] = Object.entries(decodeFields(view, at, stop))[0] as [string, unknown];
  const isMasked = typeof given === 'object' && given !== null && !(given instanceof Uint8Array);
  return {
    type: 'set_field',
    field,
    ...(isMasked ? (given as { readonly value: unknown; readonly mask: unknown }) : { value: given }),
  } as SetFieldAction;
}

/** Writes the field; the action pads itself. */
export function encodeSetField(writer: Writer, field: string, value: unknown, mask?: unknown): void {
  encodeField(writer, field, mask === undefined ? value : { value, mask });
}
