// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32, u64, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeMatch, encodeMatch, endOfMatch } from '../runtime/match.ts';
import type { Writer } from '../runtime/writer.ts';
import type { Match } from './match-types.ts';

/** OFPMP_AGGREGATE request: sums over entries that this match covers. OpenFlow 1.3.0 §A.3.5.3. */
export interface AggregateStatsRequest {
  readonly type: 'aggregate_stats_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  /** OFPTT_ALL for every table */
  readonly tableId: number;
  /** OFPP_ANY for no limit */
  readonly outPort: number;
  /** OFPG_ANY for no limit */
  readonly outGroup: number;
  readonly cookie: bigint;
  /** bits of the cookie that must agree */
  readonly cookieMask: bigint;
  readonly match: Match;
}

/** A AggregateStatsRequest with the usual values where `fields` says nothing. */
export const aggregateStatsRequest = (fields: Buildable<AggregateStatsRequest, 'flags' | 'tableId' | 'outPort' | 'outGroup' | 'cookie' | 'cookieMask' | 'match'> = {}): AggregateStatsRequest => ({
  type: 'aggregate_stats_request',
  flags: 0,
  tableId: 255,
  outPort: 0xffffffff,
  outGroup: 0xffffffff,
  cookie: 0n,
  cookieMask: 0n,
  match: {},
  ...fields,
});

export function decodeAggregateStatsRequest(view: DataView, off: number, end: number): AggregateStatsRequest {
  need(off, end, 40, 'aggregate_stats_request');
  const flags = view.getUint16(off + 2);
  const tableId = view.getUint8(off + 8);
  const outPort = view.getUint32(off + 12);
  const outGroup = view.getUint32(off + 16);
  const cookie = view.getBigUint64(off + 24);
  const cookieMask = view.getBigUint64(off + 32);
  const matchEnd = endOfMatch(view, off + 40, end);
  const match = decodeMatch(view, off + 40);
  return { type: 'aggregate_stats_request', flags, tableId, outPort, outGroup, cookie, cookieMask, match };
}

export function encodeAggregateStatsRequest(writer: Writer, value: AggregateStatsRequest): void {
  const at = writer.claim(40);
  const view = writer.view;
  view.setUint16(at, 2);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint8(at + 8, u8(value.tableId, 'tableId'));
  view.setUint16(at + 9, 0);
  view.setUint8(at + 11, 0);
  view.setUint32(at + 12, u32(value.outPort, 'outPort'));
  view.setUint32(at + 16, u32(value.outGroup, 'outGroup'));
  view.setUint32(at + 20, 0);
  view.setBigUint64(at + 24, u64(value.cookie, 'cookie'));
  view.setBigUint64(at + 32, u64(value.cookieMask, 'cookieMask'));
  encodeMatch(writer, value.match);
}
