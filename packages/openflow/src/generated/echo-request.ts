// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_ECHO_REQUEST: asks whether the other side is alive. OpenFlow 1.3.0 §A.5.2. */
export interface EchoRequest {
  readonly type: 'echo_request';
  readonly data: Uint8Array;
}

/** A EchoRequest with the usual values where `fields` says nothing. */
export const echoRequest = (fields: Buildable<EchoRequest, 'data'> = {}): EchoRequest => ({
  type: 'echo_request',
  data: new Uint8Array(0),
  ...fields,
});

export function decodeEchoRequest(view: DataView, off: number, end: number): EchoRequest {
  const data = bytesOf(view, off, end);
  return { type: 'echo_request', data };
}

export function encodeEchoRequest(writer: Writer, value: EchoRequest): void {
  writer.append(value.data);
}
