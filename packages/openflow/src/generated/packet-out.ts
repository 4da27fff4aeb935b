// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, need, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Action, actionKind } from './action.ts';

/** OFPT_PACKET_OUT: send this packet through these actions. OpenFlow 1.3.0 §A.3.7. */
export interface PacketOut {
  readonly type: 'packet_out';
  /** OFP_NO_BUFFER when data is the packet */
  readonly bufferId: number;
  /** port or OFPP_CONTROLLER */
  readonly inPort: number;
  readonly actions: readonly Action[];
  readonly data: Uint8Array;
}

/** A PacketOut with the usual values where `fields` says nothing. */
export const packetOut = (fields: Buildable<PacketOut, 'bufferId' | 'inPort' | 'actions' | 'data'> = {}): PacketOut => ({
  type: 'packet_out',
  bufferId: 0xffffffff,
  inPort: 0xfffffffd,
  actions: [],
  data: new Uint8Array(0),
  ...fields,
});

export function decodePacketOut(view: DataView, off: number, end: number): PacketOut {
  need(off, end, 16, 'packet_out');
  const bufferId = view.getUint32(off);
  const inPort = view.getUint32(off + 4);
  const actionsLength = view.getUint16(off + 8);
  need(off + 16, end, actionsLength, 'packet_out');
  const actionsEnd = off + 16 + actionsLength;
  const actions = decodeList(view, off + 16, actionsEnd, actionKind, 'actions');
  const data = bytesOf(view, actionsEnd, end);
  return { type: 'packet_out', bufferId, inPort, actions, data };
}

export function encodePacketOut(writer: Writer, value: PacketOut): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint32(at, u32(value.bufferId, 'bufferId'));
  view.setUint32(at + 4, u32(value.inPort, 'inPort'));
  const actionsLengthAt = at + 8;
  view.setUint32(at + 10, 0);
  view.setUint16(at + 14, 0);
  const actionsStart = writer.length;
  encodeList(writer, value.actions, actionKind);
  writer.patchLength(actionsLengthAt, actionsStart, 'actions');
  writer.append(value.data);
}
