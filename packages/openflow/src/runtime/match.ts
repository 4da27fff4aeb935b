/** ofp_match from 1.2 on (type, length, OXM fields, padding to 8 bytes), and the field of a set_field action. */

import { OXM_FIELDS } from '../generated/match-fields.ts';
import type { Match } from '../generated/match-types.ts';
import type { SetFieldAction } from '../generated/of13/elements/action.ts';
import { bytesOf } from './bounds.ts';
import { ELEMENT } from './list.ts';
import { decodeFields, encodeField, encodeFields, headerKey, OXM_HEADER } from './oxm-fields.ts';
import { oxmNameOf } from './oxm-headers.ts';
import { decodeTableField, encodeTableField, type TableField } from './oxm-table.ts';
import {
  BAD_ACTION_SET_ARGUMENT,
  BAD_ACTION_SET_LEN,
  BAD_ACTION_SET_TYPE,
  BAD_MATCH_LEN,
  BAD_MATCH_TYPE,
  EncodeError,
  ProtocolError,
  protocolError,
} from './protocol-error.ts';
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

/** The body of a set_field action: one OXM field, from 1.5 perhaps with a mask, then padding up to `end`. */
export function decodeSetField(view: DataView, at: number, end: number): SetFieldAction {
  const stop = end - at < OXM_HEADER ? Number.POSITIVE_INFINITY : at + OXM_HEADER + view.getUint8(at + 3);
  if (stop > end) {
    const isKnown = end - at >= OXM_HEADER && oxmNameOf(view.getUint32(at)) !== undefined;
    const answer = isKnown ? BAD_MATCH_LEN : BAD_ACTION_SET_LEN;
    throw protocolError('the field of a set_field runs past the action', answer, at, ELEMENT);
  }
  if (end - stop >= 8 || !isZero(view, stop, end)) {
    throw protocolError('more than padding follows the field', BAD_ACTION_SET_ARGUMENT, stop, ELEMENT);
  }
  const known = valueToSet(view, at, stop);
  if (known === undefined) {
    if (NUMBERS.has(view.getUint32(at) >>> 9)) {
      const answer = stop === at + OXM_HEADER ? BAD_ACTION_SET_TYPE : BAD_ACTION_SET_LEN;
      throw protocolError('the field of a set_field has another length', answer, at, ELEMENT);
    }
    return {
      type: 'set_field',
      field: headerKey(view, at, stop),
      value: bytesOf(view, at + OXM_HEADER, stop),
    };
  }
  const { name, ...given } = known;
  // Name and value belong together, which the table alone knows.
  return { type: 'set_field', field: name, ...given } as SetFieldAction;
}

function isZero(view: DataView, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (view.getUint8(at) !== 0) return false;
  return true;
}

/** Class and number of the fields that have one length. */
const NUMBERS: ReadonlySet<number> = new Set(
  Object.values(OXM_FIELDS)
    .filter(({ kind, experimenter }) => kind !== 'bytes' && experimenter === undefined)
    .map(({ oxmClass, number }) => (oxmClass << 7) | number),
);

/** A value that no packet can have is answered otherwise here than in a match. */
function valueToSet(view: DataView, at: number, stop: number): TableField | undefined {
  try {
    return decodeTableField(view, at, stop, 'all');
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw error.answered(BAD_ACTION_SET_ARGUMENT, ELEMENT);
  }
}

/** Writes the field; the action pads itself. */
export function encodeSetField(writer: Writer, field: string, value: unknown, mask?: unknown): void {
  if (mask === undefined) encodeField(writer, field, value);
  else if (!encodeTableField(writer, field, { value, mask }, 'all'))
    throw new EncodeError(`"${field}" is not an OXM field`);
}
