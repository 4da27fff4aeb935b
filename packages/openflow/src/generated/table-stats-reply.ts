// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type TableStats, tableStatsKind } from './table-stats.ts';

/** OFPMP_TABLE reply: counters of tables. OpenFlow 1.3.0 §A.3.5.4. */
export interface TableStatsReply {
  readonly type: 'table_stats_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly tables: readonly TableStats[];
}

/** A TableStatsReply with the usual values where `fields` says nothing. */
export const tableStatsReply = (fields: Buildable<TableStatsReply, 'flags' | 'tables'> = {}): TableStatsReply => ({
  type: 'table_stats_reply',
  flags: 0,
  tables: [],
  ...fields,
});

export function decodeTableStatsReply(view: DataView, off: number, end: number): TableStatsReply {
  need(off, end, 8, 'table_stats_reply');
  const flags = view.getUint16(off + 2);
  const tables = decodeList(view, off + 8, end, tableStatsKind, 'tables');
  return { type: 'table_stats_reply', flags, tables };
}

export function encodeTableStatsReply(writer: Writer, value: TableStatsReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 3);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.tables, tableStatsKind);
}
