// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type QueueProperty, queuePropertyKind } from './queue-property.ts';

/** One queue of a port (ofp_packet_queue). OpenFlow 1.3.0 §A.2.2. */
export interface PacketQueue {
  readonly queueId: number;
  readonly portNo: number;
  readonly properties: readonly QueueProperty[];
}

/** A PacketQueue with the usual values where `fields` says nothing. */
export const packetQueue = (fields: Buildable<PacketQueue, 'properties'>): PacketQueue => ({
  properties: [],
  ...fields,
});

export function decodePacketQueue(view: DataView, off: number, end: number): PacketQueue {
  need(off, end, 16, ELEMENT);
  const queueId = view.getUint32(off);
  const portNo = view.getUint32(off + 4);
  const properties = decodeList(view, off + 16, end, queuePropertyKind, 'properties');
  return { queueId, portNo, properties };
}

export function encodePacketQueue(writer: Writer, value: PacketQueue): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint32(at, u32(value.queueId, 'queueId'));
  view.setUint32(at + 4, u32(value.portNo, 'portNo'));
  const lengthAt = at + 8;
  view.setUint32(at + 10, 0);
  view.setUint16(at + 14, 0);
  encodeList(writer, value.properties, queuePropertyKind);
  writer.patchLength(lengthAt, at, 'packet_queue');
}

export const packetQueueKind: ElementKind<PacketQueue> = {
  lengthAt: 8,
  minimum: 16,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodePacketQueue,
  encode: encodePacketQueue,
};
