// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Port, decodePort, encodePort } from './port.ts';

/** OFPT_PORT_STATUS: a port was added, removed or changed. OpenFlow 1.3.0 §A.4.3. */
export interface PortStatus {
  readonly type: 'port_status';
  /** OFPPR_* */
  readonly reason: number;
  readonly port: Port;
}

/** A PortStatus with the usual values where `fields` says nothing. */
export const portStatus = (fields: Buildable<PortStatus, never>): PortStatus => ({
  type: 'port_status',
  ...fields,
});

export function decodePortStatus(view: DataView, off: number, end: number): PortStatus {
  need(off, end, 8, 'port_status');
  const reason = view.getUint8(off);
  const port = decodePort(view, off + 8, end);
  return { type: 'port_status', reason, port };
}

export function encodePortStatus(writer: Writer, value: PortStatus): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint8(at, u8(value.reason, 'reason'));
  view.setUint32(at + 1, 0);
  view.setUint16(at + 5, 0);
  view.setUint8(at + 7, 0);
  encodePort(writer, value.port);
}
