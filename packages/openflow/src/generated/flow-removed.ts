// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32, u64, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeMatch, encodeMatch, endOfMatch } from '../runtime/match.ts';
import type { Writer } from '../runtime/writer.ts';
import type { Match } from './match-types.ts';

/** OFPT_FLOW_REMOVED: an entry with SEND_FLOW_REM is gone. OpenFlow 1.3.0 §A.4.2. */
export interface FlowRemoved {
  readonly type: 'flow_removed';
  readonly cookie: bigint;
  readonly priority: number;
  /** OFPRR_* */
  readonly reason: number;
  readonly tableId: number;
  readonly durationSec: number;
  readonly durationNsec: number;
  /** seconds */
  readonly idleTimeout: number;
  /** seconds */
  readonly hardTimeout: number;
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly match: Match;
}

/** A FlowRemoved with the usual values where `fields` says nothing. */
export const flowRemoved = (fields: Buildable<FlowRemoved, 'match'>): FlowRemoved => ({
  type: 'flow_removed',
  match: {},
  ...fields,
});

export function decodeFlowRemoved(view: DataView, off: number, end: number): FlowRemoved {
  need(off, end, 40, 'flow_removed');
  const cookie = view.getBigUint64(off);
  const priority = view.getUint16(off + 8);
  const reason = view.getUint8(off + 10);
  const tableId = view.getUint8(off + 11);
  const durationSec = view.getUint32(off + 12);
  const durationNsec = view.getUint32(off + 16);
  const idleTimeout = view.getUint16(off + 20);
  const hardTimeout = view.getUint16(off + 22);
  const packetCount = view.getBigUint64(off + 24);
  const byteCount = view.getBigUint64(off + 32);
  const matchEnd = endOfMatch(view, off + 40, end);
  const match = decodeMatch(view, off + 40);
  return { type: 'flow_removed', cookie, priority, reason, tableId, durationSec, durationNsec, idleTimeout, hardTimeout, packetCount, byteCount, match };
}

export function encodeFlowRemoved(writer: Writer, value: FlowRemoved): void {
  const at = writer.claim(40);
  const view = writer.view;
  view.setBigUint64(at, u64(value.cookie, 'cookie'));
  view.setUint16(at + 8, u16(value.priority, 'priority'));
  view.setUint8(at + 10, u8(value.reason, 'reason'));
  view.setUint8(at + 11, u8(value.tableId, 'tableId'));
  view.setUint32(at + 12, u32(value.durationSec, 'durationSec'));
  view.setUint32(at + 16, u32(value.durationNsec, 'durationNsec'));
  view.setUint16(at + 20, u16(value.idleTimeout, 'idleTimeout'));
  view.setUint16(at + 22, u16(value.hardTimeout, 'hardTimeout'));
  view.setBigUint64(at + 24, u64(value.packetCount, 'packetCount'));
  view.setBigUint64(at + 32, u64(value.byteCount, 'byteCount'));
  encodeMatch(writer, value.match);
}
