// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly } from '../runtime/bounds.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_GET_ASYNC_REQUEST: asks which asynchronous messages come. OpenFlow 1.3.0 §A.3.10. */
export interface GetAsyncRequest {
  readonly type: 'get_async_request';
}

export const getAsyncRequest = (): GetAsyncRequest => ({ type: 'get_async_request' });

export function decodeGetAsyncRequest(_view: DataView, off: number, end: number): GetAsyncRequest {
  exactly(off, end, 0, 'get_async_request');
  return { type: 'get_async_request' };
}

export function encodeGetAsyncRequest(_writer: Writer, _value: GetAsyncRequest): void {
}
