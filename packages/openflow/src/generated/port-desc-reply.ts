// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Port, portKind } from './port.ts';

/** OFPMP_PORT_DESC reply: the ports. OpenFlow 1.3.0 §A.3.5.7. */
export interface PortDescReply {
  readonly type: 'port_desc_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly ports: readonly Port[];
}

/** A PortDescReply with the usual values where `fields` says nothing. */
export const portDescReply = (fields: Buildable<PortDescReply, 'flags' | 'ports'> = {}): PortDescReply => ({
  type: 'port_desc_reply',
  flags: 0,
  ports: [],
  ...fields,
});

export function decodePortDescReply(view: DataView, off: number, end: number): PortDescReply {
  need(off, end, 8, 'port_desc_reply');
  const flags = view.getUint16(off + 2);
  const ports = decodeList(view, off + 8, end, portKind, 'ports');
  return { type: 'port_desc_reply', flags, ports };
}

export function encodePortDescReply(writer: Writer, value: PortDescReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 13);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.ports, portKind);
}
