// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type PacketQueue, packetQueueKind } from './packet-queue.ts';

/** OFPT_QUEUE_GET_CONFIG_REPLY: the queues of a port. OpenFlow 1.3.0 §A.3.6. */
export interface QueueGetConfigReply {
  readonly type: 'queue_get_config_reply';
  readonly portNo: number;
  readonly queues: readonly PacketQueue[];
}

/** A QueueGetConfigReply with the usual values where `fields` says nothing. */
export const queueGetConfigReply = (fields: Buildable<QueueGetConfigReply, 'queues'>): QueueGetConfigReply => ({
  type: 'queue_get_config_reply',
  queues: [],
  ...fields,
});

export function decodeQueueGetConfigReply(view: DataView, off: number, end: number): QueueGetConfigReply {
  need(off, end, 8, 'queue_get_config_reply');
  const portNo = view.getUint32(off);
  const queues = decodeList(view, off + 8, end, packetQueueKind, 'queues');
  return { type: 'queue_get_config_reply', portNo, queues };
}

export function encodeQueueGetConfigReply(writer: Writer, value: QueueGetConfigReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint32(at, u32(value.portNo, 'portNo'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.queues, packetQueueKind);
}
