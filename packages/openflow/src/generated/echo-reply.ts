// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_ECHO_REPLY: the data of the request, unchanged. OpenFlow 1.3.0 §A.5.3. */
export interface EchoReply {
  readonly type: 'echo_reply';
  readonly data: Uint8Array;
}

/** A EchoReply with the usual values where `fields` says nothing. */
export const echoReply = (fields: Buildable<EchoReply, 'data'> = {}): EchoReply => ({
  type: 'echo_reply',
  data: new Uint8Array(0),
  ...fields,
});

export function decodeEchoReply(view: DataView, off: number, end: number): EchoReply {
  const data = bytesOf(view, off, end);
  return { type: 'echo_reply', data };
}

export function encodeEchoReply(writer: Writer, value: EchoReply): void {
  writer.append(value.data);
}
