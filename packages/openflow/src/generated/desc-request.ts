// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_DESC request: who made this switch? OpenFlow 1.3.0 §A.3.5.1. */
export interface DescRequest {
  readonly type: 'desc_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
}

/** A DescRequest with the usual values where `fields` says nothing. */
export const descRequest = (fields: Buildable<DescRequest, 'flags'> = {}): DescRequest => ({
  type: 'desc_request',
  flags: 0,
  ...fields,
});

export function decodeDescRequest(view: DataView, off: number, end: number): DescRequest {
  exactly(off, end, 8, 'desc_request');
  const flags = view.getUint16(off + 2);
  return { type: 'desc_request', flags };
}

export function encodeDescRequest(writer: Writer, value: DescRequest): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 0);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
}
