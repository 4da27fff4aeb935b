// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_PORT_DESC request: what ports are there? OpenFlow 1.3.0 §A.3.5.7. */
export interface PortDescRequest {
  readonly type: 'port_desc_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
}

/** A PortDescRequest with the usual values where `fields` says nothing. */
export const portDescRequest = (fields: Buildable<PortDescRequest, 'flags'> = {}): PortDescRequest => ({
  type: 'port_desc_request',
  flags: 0,
  ...fields,
});

export function decodePortDescRequest(view: DataView, off: number, end: number): PortDescRequest {
  exactly(off, end, 8, 'port_desc_request');
  const flags = view.getUint16(off + 2);
  return { type: 'port_desc_request', flags };
}

export function encodePortDescRequest(writer: Writer, value: PortDescRequest): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 13);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
}
