// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_QUEUE_GET_CONFIG_REQUEST: asks for the queues of a port. OpenFlow 1.3.0 §A.3.6. */
export interface QueueGetConfigRequest {
  readonly type: 'queue_get_config_request';
  /** OFPP_ANY for all */
  readonly portNo: number;
}

/** A QueueGetConfigRequest with the usual values where `fields` says nothing. */
export const queueGetConfigRequest = (fields: Buildable<QueueGetConfigRequest, 'portNo'> = {}): QueueGetConfigRequest => ({
  type: 'queue_get_config_request',
  portNo: 0xffffffff,
  ...fields,
});

export function decodeQueueGetConfigRequest(view: DataView, off: number, end: number): QueueGetConfigRequest {
  exactly(off, end, 8, 'queue_get_config_request');
  const portNo = view.getUint32(off);
  return { type: 'queue_get_config_request', portNo };
}

export function encodeQueueGetConfigRequest(writer: Writer, value: QueueGetConfigRequest): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint32(at, u32(value.portNo, 'portNo'));
  view.setUint32(at + 4, 0);
}
