// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type QueueStats, queueStatsKind } from './queue-stats.ts';

/** OFPMP_QUEUE reply: counters of queues. OpenFlow 1.3.0 §A.3.5.8. */
export interface QueueStatsReply {
  readonly type: 'queue_stats_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly queues: readonly QueueStats[];
}

/** A QueueStatsReply with the usual values where `fields` says nothing. */
export const queueStatsReply = (fields: Buildable<QueueStatsReply, 'flags' | 'queues'> = {}): QueueStatsReply => ({
  type: 'queue_stats_reply',
  flags: 0,
  queues: [],
  ...fields,
});

export function decodeQueueStatsReply(view: DataView, off: number, end: number): QueueStatsReply {
  need(off, end, 8, 'queue_stats_reply');
  const flags = view.getUint16(off + 2);
  const queues = decodeList(view, off + 8, end, queueStatsKind, 'queues');
  return { type: 'queue_stats_reply', flags, queues };
}

export function encodeQueueStatsReply(writer: Writer, value: QueueStatsReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 5);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.queues, queueStatsKind);
}
