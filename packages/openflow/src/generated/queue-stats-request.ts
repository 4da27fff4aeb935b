// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_QUEUE request: counters of queues. OpenFlow 1.3.0 §A.3.5.8. */
export interface QueueStatsRequest {
  readonly type: 'queue_stats_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  /** OFPP_ANY for all */
  readonly portNo: number;
  /** OFPQ_ALL for all */
  readonly queueId: number;
}

/** A QueueStatsRequest with the usual values where `fields` says nothing. */
export const queueStatsRequest = (fields: Buildable<QueueStatsRequest, 'flags' | 'portNo' | 'queueId'> = {}): QueueStatsRequest => ({
  type: 'queue_stats_request',
  flags: 0,
  portNo: 0xffffffff,
  queueId: 0xffffffff,
  ...fields,
});

export function decodeQueueStatsRequest(view: DataView, off: number, end: number): QueueStatsRequest {
  exactly(off, end, 16, 'queue_stats_request');
  const flags = view.getUint16(off + 2);
  const portNo = view.getUint32(off + 8);
  const queueId = view.getUint32(off + 12);
  return { type: 'queue_stats_request', flags, portNo, queueId };
}

export function encodeQueueStatsRequest(writer: Writer, value: QueueStatsRequest): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint16(at, 5);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, u32(value.portNo, 'portNo'));
  view.setUint32(at + 12, u32(value.queueId, 'queueId'));
}
