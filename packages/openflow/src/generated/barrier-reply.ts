// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly } from '../runtime/bounds.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_BARRIER_REPLY: everything before the request is finished. OpenFlow 1.3.0 §A.3.8. */
export interface BarrierReply {
  readonly type: 'barrier_reply';
}

export const barrierReply = (): BarrierReply => ({ type: 'barrier_reply' });

export function decodeBarrierReply(_view: DataView, off: number, end: number): BarrierReply {
  exactly(off, end, 0, 'barrier_reply');
  return { type: 'barrier_reply' };
}

export function encodeBarrierReply(_writer: Writer, _value: BarrierReply): void {
}
