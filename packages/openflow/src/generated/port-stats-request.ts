// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_PORT_STATS request: counters of a port. OpenFlow 1.3.0 §A.3.5.6. */
export interface PortStatsRequest {
  readonly type: 'port_stats_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  /** OFPP_ANY for all */
  readonly portNo: number;
}

/** A PortStatsRequest with the usual values where `fields` says nothing. */
export const portStatsRequest = (fields: Buildable<PortStatsRequest, 'flags' | 'portNo'> = {}): PortStatsRequest => ({
  type: 'port_stats_request',
  flags: 0,
  portNo: 0xffffffff,
  ...fields,
});

export function decodePortStatsRequest(view: DataView, off: number, end: number): PortStatsRequest {
  exactly(off, end, 16, 'port_stats_request');
  const flags = view.getUint16(off + 2);
  const portNo = view.getUint32(off + 8);
  return { type: 'port_stats_request', flags, portNo };
}

export function encodePortStatsRequest(writer: Writer, value: PortStatsRequest): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint16(at, 4);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, u32(value.portNo, 'portNo'));
  view.setUint32(at + 12, 0);
}
