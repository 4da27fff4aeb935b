// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_TABLE request: counters of every table. OpenFlow 1.3.0 §A.3.5.4. */
export interface TableStatsRequest {
  readonly type: 'table_stats_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
}

/** A TableStatsRequest with the usual values where `fields` says nothing. */
export const tableStatsRequest = (fields: Buildable<TableStatsRequest, 'flags'> = {}): TableStatsRequest => ({
  type: 'table_stats_request',
  flags: 0,
  ...fields,
});

export function decodeTableStatsRequest(view: DataView, off: number, end: number): TableStatsRequest {
  exactly(off, end, 8, 'table_stats_request');
  const flags = view.getUint16(off + 2);
  return { type: 'table_stats_request', flags };
}

export function encodeTableStatsRequest(writer: Writer, value: TableStatsRequest): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 3);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
}
