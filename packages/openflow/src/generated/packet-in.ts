// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, need, u16, u32, u64, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeMatch, encodeMatch, endOfMatch } from '../runtime/match.ts';
import type { Writer } from '../runtime/writer.ts';
import type { Match } from './match-types.ts';

/** OFPT_PACKET_IN: a packet for the controller. data is a view of the received chunk. OpenFlow 1.3.0 §A.4.1. */
export interface PacketIn {
  readonly type: 'packet_in';
  /** OFP_NO_BUFFER when data is the whole packet */
  readonly bufferId: number;
  /** bytes of the frame */
  readonly totalLen: number;
  /** OFPR_* */
  readonly reason: number;
  /** table of the entry that sent it */
  readonly tableId: number;
  /** cookie of that entry */
  readonly cookie: bigint;
  readonly match: Match;
  readonly data: Uint8Array;
}

/** A PacketIn with the usual values where `fields` says nothing. */
export const packetIn = (fields: Buildable<PacketIn, 'bufferId' | 'reason' | 'tableId' | 'cookie' | 'match' | 'data'>): PacketIn => ({
  type: 'packet_in',
  bufferId: 0xffffffff,
  reason: 0,
  tableId: 0,
  cookie: 0n,
  match: {},
  data: new Uint8Array(0),
  ...fields,
});

export function decodePacketIn(view: DataView, off: number, end: number): PacketIn {
  need(off, end, 16, 'packet_in');
  const bufferId = view.getUint32(off);
  const totalLen = view.getUint16(off + 4);
  const reason = view.getUint8(off + 6);
  const tableId = view.getUint8(off + 7);
  const cookie = view.getBigUint64(off + 8);
  const matchEnd = endOfMatch(view, off + 16, end);
  const match = decodeMatch(view, off + 16);
  need(matchEnd, end, 2, 'packet_in');
  const data = bytesOf(view, matchEnd + 2, end);
  return { type: 'packet_in', bufferId, totalLen, reason, tableId, cookie, match, data };
}

export function encodePacketIn(writer: Writer, value: PacketIn): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint32(at, u32(value.bufferId, 'bufferId'));
  view.setUint16(at + 4, u16(value.totalLen, 'totalLen'));
  view.setUint8(at + 6, u8(value.reason, 'reason'));
  view.setUint8(at + 7, u8(value.tableId, 'tableId'));
  view.setBigUint64(at + 8, u64(value.cookie, 'cookie'));
  encodeMatch(writer, value.match);
  const at2 = writer.claim(2);
  const view2 = writer.view;
  view2.setUint16(at2, 0);
  writer.append(value.data);
}
