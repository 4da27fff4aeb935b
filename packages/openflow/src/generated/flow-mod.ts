// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32, u64, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import { decodeMatch, encodeMatch, endOfMatch } from '../runtime/match.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Instruction, instructionKind } from './instruction.ts';
import type { Match } from './match-types.ts';

/** OFPT_FLOW_MOD: adds, changes or deletes flow entries. OpenFlow 1.3.0 §A.3.4.1. */
export interface FlowMod {
  readonly type: 'flow_mod';
  /** owner tag */
  readonly cookie: bigint;
  /** for modify and delete: bits of the cookie that must agree */
  readonly cookieMask: bigint;
  /** OFPTT_ALL for delete means every table */
  readonly tableId: number;
  /** OFPFC_* */
  readonly command: number;
  /** seconds, 0 is never */
  readonly idleTimeout: number;
  /** seconds, 0 is never */
  readonly hardTimeout: number;
  /** higher wins */
  readonly priority: number;
  /** OFP_NO_BUFFER or a packet to send through the entry */
  readonly bufferId: number;
  /** for delete: only entries that output here; OFPP_ANY */
  readonly outPort: number;
  /** for delete: only entries that use the group; OFPG_ANY */
  readonly outGroup: number;
  /** OFPFF_* */
  readonly flags: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
}

/** A FlowMod with the usual values where `fields` says nothing. */
export const flowMod = (fields: Buildable<FlowMod, 'cookie' | 'cookieMask' | 'tableId' | 'idleTimeout' | 'hardTimeout' | 'priority' | 'bufferId' | 'outPort' | 'outGroup' | 'flags' | 'match' | 'instructions'>): FlowMod => ({
  type: 'flow_mod',
  cookie: 0n,
  cookieMask: 0n,
  tableId: 0,
  idleTimeout: 0,
  hardTimeout: 0,
  priority: 0x8000,
  bufferId: 0xffffffff,
  outPort: 0xffffffff,
  outGroup: 0xffffffff,
  flags: 0,
  match: {},
  instructions: [],
  ...fields,
});

export function decodeFlowMod(view: DataView, off: number, end: number): FlowMod {
  need(off, end, 40, 'flow_mod');
  const cookie = view.getBigUint64(off);
  const cookieMask = view.getBigUint64(off + 8);
  const tableId = view.getUint8(off + 16);
  const command = view.getUint8(off + 17);
  const idleTimeout = view.getUint16(off + 18);
  const hardTimeout = view.getUint16(off + 20);
  const priority = view.getUint16(off + 22);
  const bufferId = view.getUint32(off + 24);
  const outPort = view.getUint32(off + 28);
  const outGroup = view.getUint32(off + 32);
  const flags = view.getUint16(off + 36);
  const matchEnd = endOfMatch(view, off + 40, end);
  const match = decodeMatch(view, off + 40);
  const instructions = decodeList(view, matchEnd, end, instructionKind, 'instructions');
  return { type: 'flow_mod', cookie, cookieMask, tableId, command, idleTimeout, hardTimeout, priority, bufferId, outPort, outGroup, flags, match, instructions };
}

export function encodeFlowMod(writer: Writer, value: FlowMod): void {
  const at = writer.claim(40);
  const view = writer.view;
  view.setBigUint64(at, u64(value.cookie, 'cookie'));
  view.setBigUint64(at + 8, u64(value.cookieMask, 'cookieMask'));
  view.setUint8(at + 16, u8(value.tableId, 'tableId'));
  view.setUint8(at + 17, u8(value.command, 'command'));
  view.setUint16(at + 18, u16(value.idleTimeout, 'idleTimeout'));
  view.setUint16(at + 20, u16(value.hardTimeout, 'hardTimeout'));
  view.setUint16(at + 22, u16(value.priority, 'priority'));
  view.setUint32(at + 24, u32(value.bufferId, 'bufferId'));
  view.setUint32(at + 28, u32(value.outPort, 'outPort'));
  view.setUint32(at + 32, u32(value.outGroup, 'outGroup'));
  view.setUint16(at + 36, u16(value.flags, 'flags'));
  view.setUint16(at + 38, 0);
  encodeMatch(writer, value.match);
  encodeList(writer, value.instructions, instructionKind);
}
