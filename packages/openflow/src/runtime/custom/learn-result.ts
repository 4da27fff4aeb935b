/**
 * Where nx_learn2 writes whether it could add the entry: u16 offset, 2 bytes of padding, and the header of the field
 * when bit 2 of the flags says so. The flags stand 12 bytes before; the encoder sets the bit there.
 */
import { need, u16 } from '../bounds.ts';
import { ELEMENT } from '../list.ts';
import { decodeOxmHeader, encodeOxmHeader, endOfOxmHeader, type OxmId } from '../oxm-id.ts';
import { BAD_ACTION_ARGUMENT, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

/** One bit of a field; undefined when nobody asked. */
export type LearnResult = { readonly field: OxmId; readonly offset: number } | undefined;

const FIXED = 4;
const FLAGS_BEFORE = 12;
const WRITE_RESULT = 4;

const isAsked = (view: DataView, at: number): boolean =>
  (view.getUint16(at - FLAGS_BEFORE) & WRITE_RESULT) !== 0;

export function endOfLearnResult(view: DataView, at: number, end: number): number {
  need(at, end, FIXED, ELEMENT);
  return isAsked(view, at) ? endOfOxmHeader(view, at + FIXED, end) : at + FIXED;
}

/** Throws ProtocolError when there is an offset and no field. */
export function decodeLearnResult(view: DataView, at: number): LearnResult {
  const offset = view.getUint16(at);
  if (isAsked(view, at)) return { field: decodeOxmHeader(view, at + FIXED), offset };
  if (offset !== 0) throw protocolError('an offset and no field', BAD_ACTION_ARGUMENT, at, 'result');
  return undefined;
}

/** Throws EncodeError when the flags ask for a result and none is given. */
export function encodeLearnResult(writer: Writer, result: LearnResult): void {
  const at = writer.claim(FIXED);
  const { view } = writer;
  view.setUint16(at, u16(result?.offset ?? 0, 'offset'));
  view.setUint16(at + 2, 0);
  if (result === undefined) {
    if (isAsked(view, at)) throw new EncodeError('flags ask for a result, and there is none');
    return;
  }
  view.setUint16(at - FLAGS_BEFORE, view.getUint16(at - FLAGS_BEFORE) | WRITE_RESULT);
  encodeOxmHeader(writer, result.field);
}
