// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Band, bandKind } from './band.ts';

/** One meter (ofp_meter_config). OpenFlow 1.3.0 §A.3.5.13. */
export interface MeterConfig {
  /** OFPMF_* */
  readonly flags: number;
  readonly meterId: number;
  readonly bands: readonly Band[];
}

/** A MeterConfig with the usual values where `fields` says nothing. */
export const meterConfig = (fields: Buildable<MeterConfig, 'flags' | 'bands'>): MeterConfig => ({
  flags: 0,
  bands: [],
  ...fields,
});

export function decodeMeterConfig(view: DataView, off: number, end: number): MeterConfig {
  need(off, end, 8, ELEMENT);
  const flags = view.getUint16(off + 2);
  const meterId = view.getUint32(off + 4);
  const bands = decodeList(view, off + 8, end, bandKind, 'bands');
  return { flags, meterId, bands };
}

export function encodeMeterConfig(writer: Writer, value: MeterConfig): void {
  const at = writer.claim(8);
  const view = writer.view;
  const lengthAt = at;
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, u32(value.meterId, 'meterId'));
  encodeList(writer, value.bands, bandKind);
  writer.patchLength(lengthAt, at, 'meter_config');
}

export const meterConfigKind: ElementKind<MeterConfig> = {
  lengthAt: 0,
  minimum: 8,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeMeterConfig,
  encode: encodeMeterConfig,
};
