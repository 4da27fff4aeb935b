// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16, u32, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_AGGREGATE reply: sums over flow entries. OpenFlow 1.3.0 §A.3.5.3. */
export interface AggregateStatsReply {
  readonly type: 'aggregate_stats_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly flowCount: number;
}

/** A AggregateStatsReply with the usual values where `fields` says nothing. */
export const aggregateStatsReply = (fields: Buildable<AggregateStatsReply, 'flags'>): AggregateStatsReply => ({
  type: 'aggregate_stats_reply',
  flags: 0,
  ...fields,
});

export function decodeAggregateStatsReply(view: DataView, off: number, end: number): AggregateStatsReply {
  exactly(off, end, 32, 'aggregate_stats_reply');
  const flags = view.getUint16(off + 2);
  const packetCount = view.getBigUint64(off + 8);
  const byteCount = view.getBigUint64(off + 16);
  const flowCount = view.getUint32(off + 24);
  return { type: 'aggregate_stats_reply', flags, packetCount, byteCount, flowCount };
}

export function encodeAggregateStatsReply(writer: Writer, value: AggregateStatsReply): void {
  const at = writer.claim(32);
  const view = writer.view;
  view.setUint16(at, 2);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setBigUint64(at + 8, u64(value.packetCount, 'packetCount'));
  view.setBigUint64(at + 16, u64(value.byteCount, 'byteCount'));
  view.setUint32(at + 24, u32(value.flowCount, 'flowCount'));
  view.setUint32(at + 28, 0);
}
