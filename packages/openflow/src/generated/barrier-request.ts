// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly } from '../runtime/bounds.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_BARRIER_REQUEST: finish everything before this. OpenFlow 1.3.0 §A.3.8. */
export interface BarrierRequest {
  readonly type: 'barrier_request';
}

export const barrierRequest = (): BarrierRequest => ({ type: 'barrier_request' });

export function decodeBarrierRequest(_view: DataView, off: number, end: number): BarrierRequest {
  exactly(off, end, 0, 'barrier_request');
  return { type: 'barrier_request' };
}

export function encodeBarrierRequest(_writer: Writer, _value: BarrierRequest): void {
}
