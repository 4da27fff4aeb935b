// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32, u64, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import { decodeMatch, encodeMatch, endOfMatch } from '../runtime/match.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Instruction, instructionKind } from './instruction.ts';
import type { Match } from './match-types.ts';

/** A flow entry with its counters (ofp_flow_stats). OpenFlow 1.3.0 §A.3.5.2. */
export interface FlowStats {
  readonly tableId: number;
  readonly durationSec: number;
  readonly durationNsec: number;
  readonly priority: number;
  /** seconds */
  readonly idleTimeout: number;
  /** seconds */
  readonly hardTimeout: number;
  /** OFPFF_* */
  readonly flags: number;
  readonly cookie: bigint;
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
}

/** A FlowStats with the usual values where `fields` says nothing. */
export const flowStats = (fields: Buildable<FlowStats, 'durationSec' | 'durationNsec' | 'idleTimeout' | 'hardTimeout' | 'flags' | 'cookie' | 'packetCount' | 'byteCount' | 'match' | 'instructions'>): FlowStats => ({
  durationSec: 0,
  durationNsec: 0,
  idleTimeout: 0,
  hardTimeout: 0,
  flags: 0,
  cookie: 0n,
  packetCount: 0n,
  byteCount: 0n,
  match: {},
  instructions: [],
  ...fields,
});

export function decodeFlowStats(view: DataView, off: number, end: number): FlowStats {
  need(off, end, 48, ELEMENT);
  const tableId = view.getUint8(off + 2);
  const durationSec = view.getUint32(off + 4);
  const durationNsec = view.getUint32(off + 8);
  const priority = view.getUint16(off + 12);
  const idleTimeout = view.getUint16(off + 14);
  const hardTimeout = view.getUint16(off + 16);
  const flags = view.getUint16(off + 18);
  const cookie = view.getBigUint64(off + 24);
  const packetCount = view.getBigUint64(off + 32);
  const byteCount = view.getBigUint64(off + 40);
  const matchEnd = endOfMatch(view, off + 48, end);
  const match = decodeMatch(view, off + 48);
  const instructions = decodeList(view, matchEnd, end, instructionKind, 'instructions');
  return { tableId, durationSec, durationNsec, priority, idleTimeout, hardTimeout, flags, cookie, packetCount, byteCount, match, instructions };
}

export function encodeFlowStats(writer: Writer, value: FlowStats): void {
  const at = writer.claim(48);
  const view = writer.view;
  const lengthAt = at;
  view.setUint8(at + 2, u8(value.tableId, 'tableId'));
  view.setUint8(at + 3, 0);
  view.setUint32(at + 4, u32(value.durationSec, 'durationSec'));
  view.setUint32(at + 8, u32(value.durationNsec, 'durationNsec'));
  view.setUint16(at + 12, u16(value.priority, 'priority'));
  view.setUint16(at + 14, u16(value.idleTimeout, 'idleTimeout'));
  view.setUint16(at + 16, u16(value.hardTimeout, 'hardTimeout'));
  view.setUint16(at + 18, u16(value.flags, 'flags'));
  view.setUint32(at + 20, 0);
  view.setBigUint64(at + 24, u64(value.cookie, 'cookie'));
  view.setBigUint64(at + 32, u64(value.packetCount, 'packetCount'));
  view.setBigUint64(at + 40, u64(value.byteCount, 'byteCount'));
  encodeMatch(writer, value.match);
  encodeList(writer, value.instructions, instructionKind);
  writer.patchLength(lengthAt, at, 'flow_stats');
}

export const flowStatsKind: ElementKind<FlowStats> = {
  lengthAt: 0,
  minimum: 48,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeFlowStats,
  encode: encodeFlowStats,
};
