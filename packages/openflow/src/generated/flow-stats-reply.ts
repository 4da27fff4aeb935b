// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type FlowStats, flowStatsKind } from './flow-stats.ts';

/** OFPMP_FLOW reply: flow entries with counters. OpenFlow 1.3.0 §A.3.5.2. */
export interface FlowStatsReply {
  readonly type: 'flow_stats_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly flows: readonly FlowStats[];
}

/** A FlowStatsReply with the usual values where `fields` says nothing. */
export const flowStatsReply = (fields: Buildable<FlowStatsReply, 'flags' | 'flows'> = {}): FlowStatsReply => ({
  type: 'flow_stats_reply',
  flags: 0,
  flows: [],
  ...fields,
});

export function decodeFlowStatsReply(view: DataView, off: number, end: number): FlowStatsReply {
  need(off, end, 8, 'flow_stats_reply');
  const flags = view.getUint16(off + 2);
  const flows = decodeList(view, off + 8, end, flowStatsKind, 'flows');
  return { type: 'flow_stats_reply', flags, flows };
}

export function encodeFlowStatsReply(writer: Writer, value: FlowStatsReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 1);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.flows, flowStatsKind);
}
