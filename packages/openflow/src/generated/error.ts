// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_ERROR: what was wrong with the message whose xid it carries; data begins with that message. OpenFlow 1.3.0 §A.4.4. */
export interface ErrorMessage {
  readonly type: 'error';
  /** OFPET_* */
  readonly ofType: number;
  /** a code of that type */
  readonly ofCode: number;
  readonly data: Uint8Array;
}

/** A ErrorMessage with the usual values where `fields` says nothing. */
export const errorMessage = (fields: Buildable<ErrorMessage, 'data'>): ErrorMessage => ({
  type: 'error',
  data: new Uint8Array(0),
  ...fields,
});

export function decodeError(view: DataView, off: number, end: number): ErrorMessage {
  need(off, end, 4, 'error');
  const ofType = view.getUint16(off);
  const ofCode = view.getUint16(off + 2);
  const data = bytesOf(view, off + 4, end);
  return { type: 'error', ofType, ofCode, data };
}

export function encodeError(writer: Writer, value: ErrorMessage): void {
  const at = writer.claim(4);
  const view = writer.view;
  view.setUint16(at, u16(value.ofType, 'ofType'));
  view.setUint16(at + 2, u16(value.ofCode, 'ofCode'));
  writer.append(value.data);
}
