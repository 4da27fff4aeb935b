// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type PortStats, portStatsKind } from './port-stats.ts';

/** OFPMP_PORT_STATS reply: counters of ports. OpenFlow 1.3.0 §A.3.5.6. */
export interface PortStatsReply {
  readonly type: 'port_stats_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly ports: readonly PortStats[];
}

/** A PortStatsReply with the usual values where `fields` says nothing. */
export const portStatsReply = (fields: Buildable<PortStatsReply, 'flags' | 'ports'> = {}): PortStatsReply => ({
  type: 'port_stats_reply',
  flags: 0,
  ports: [],
  ...fields,
});

export function decodePortStatsReply(view: DataView, off: number, end: number): PortStatsReply {
  need(off, end, 8, 'port_stats_reply');
  const flags = view.getUint16(off + 2);
  const ports = decodeList(view, off + 8, end, portStatsKind, 'ports');
  return { type: 'port_stats_reply', flags, ports };
}

export function encodePortStatsReply(writer: Writer, value: PortStatsReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 4);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.ports, portStatsKind);
}
