// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Band, bandKind } from './band.ts';

/** OFPT_METER_MOD: adds, changes or deletes a meter. OpenFlow 1.3.0 §A.3.4.4. */
export interface MeterMod {
  readonly type: 'meter_mod';
  /** OFPMC_* */
  readonly command: number;
  /** OFPMF_* */
  readonly flags: number;
  readonly meterId: number;
  readonly bands: readonly Band[];
}

/** A MeterMod with the usual values where `fields` says nothing. */
export const meterMod = (fields: Buildable<MeterMod, 'flags' | 'bands'>): MeterMod => ({
  type: 'meter_mod',
  flags: 0,
  bands: [],
  ...fields,
});

export function decodeMeterMod(view: DataView, off: number, end: number): MeterMod {
  need(off, end, 8, 'meter_mod');
  const command = view.getUint16(off);
  const flags = view.getUint16(off + 2);
  const meterId = view.getUint32(off + 4);
  const bands = decodeList(view, off + 8, end, bandKind, 'bands');
  return { type: 'meter_mod', command, flags, meterId, bands };
}

export function encodeMeterMod(writer: Writer, value: MeterMod): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, u16(value.command, 'command'));
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, u32(value.meterId, 'meterId'));
  encodeList(writer, value.bands, bandKind);
}
