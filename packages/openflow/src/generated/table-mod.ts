// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_TABLE_MOD: configures a flow table. OpenFlow 1.3.0 §A.3.3. */
export interface TableMod {
  readonly type: 'table_mod';
  readonly tableId: number;
  /** OFPTC_* */
  readonly config: number;
}

/** A TableMod with the usual values where `fields` says nothing. */
export const tableMod = (fields: Buildable<TableMod, 'config'>): TableMod => ({
  type: 'table_mod',
  config: 0,
  ...fields,
});

export function decodeTableMod(view: DataView, off: number, end: number): TableMod {
  exactly(off, end, 8, 'table_mod');
  const tableId = view.getUint8(off);
  const config = view.getUint32(off + 4);
  return { type: 'table_mod', tableId, config };
}

export function encodeTableMod(writer: Writer, value: TableMod): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint8(at, u8(value.tableId, 'tableId'));
  view.setUint16(at + 1, 0);
  view.setUint8(at + 3, 0);
  view.setUint32(at + 4, u32(value.config, 'config'));
}
