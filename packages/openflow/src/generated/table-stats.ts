// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32, u64, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** Counters of one table (ofp_table_stats). OpenFlow 1.3.0 §A.3.5.4. */
export interface TableStats {
  readonly tableId: number;
  /** entries */
  readonly activeCount: number;
  readonly lookupCount: bigint;
  readonly matchedCount: bigint;
}

/** A TableStats with the usual values where `fields` says nothing. */
export const tableStats = (fields: Buildable<TableStats, never>): TableStats => ({
  ...fields,
});

export function decodeTableStats(view: DataView, off: number, end: number): TableStats {
  exactly(off, end, 24, ELEMENT);
  const tableId = view.getUint8(off);
  const activeCount = view.getUint32(off + 4);
  const lookupCount = view.getBigUint64(off + 8);
  const matchedCount = view.getBigUint64(off + 16);
  return { tableId, activeCount, lookupCount, matchedCount };
}

export function encodeTableStats(writer: Writer, value: TableStats): void {
  const at = writer.claim(24);
  const view = writer.view;
  view.setUint8(at, u8(value.tableId, 'tableId'));
  view.setUint16(at + 1, 0);
  view.setUint8(at + 3, 0);
  view.setUint32(at + 4, u32(value.activeCount, 'activeCount'));
  view.setBigUint64(at + 8, u64(value.lookupCount, 'lookupCount'));
  view.setBigUint64(at + 16, u64(value.matchedCount, 'matchedCount'));
}

export const tableStatsKind: ElementKind<TableStats> = {
  lengthAt: -1,
  minimum: 24,
  align: 1,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeTableStats,
  encode: encodeTableStats,
};
