// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u32, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type BandStats, bandStatsKind } from './band-stats.ts';

/** Counters of one meter (ofp_meter_stats). OpenFlow 1.3.0 §A.3.5.12. */
export interface MeterStats {
  readonly meterId: number;
  /** entries that use it */
  readonly flowCount: number;
  readonly packetInCount: bigint;
  readonly byteInCount: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
  readonly bands: readonly BandStats[];
}

/** A MeterStats with the usual values where `fields` says nothing. */
export const meterStats = (fields: Buildable<MeterStats, 'flowCount' | 'packetInCount' | 'byteInCount' | 'durationSec' | 'durationNsec' | 'bands'>): MeterStats => ({
  flowCount: 0,
  packetInCount: 0n,
  byteInCount: 0n,
  durationSec: 0,
  durationNsec: 0,
  bands: [],
  ...fields,
});

export function decodeMeterStats(view: DataView, off: number, end: number): MeterStats {
  need(off, end, 40, ELEMENT);
  const meterId = view.getUint32(off);
  const flowCount = view.getUint32(off + 12);
  const packetInCount = view.getBigUint64(off + 16);
  const byteInCount = view.getBigUint64(off + 24);
  const durationSec = view.getUint32(off + 32);
  const durationNsec = view.getUint32(off + 36);
  const bands = decodeList(view, off + 40, end, bandStatsKind, 'bands');
  return { meterId, flowCount, packetInCount, byteInCount, durationSec, durationNsec, bands };
}

export function encodeMeterStats(writer: Writer, value: MeterStats): void {
  const at = writer.claim(40);
  const view = writer.view;
  view.setUint32(at, u32(value.meterId, 'meterId'));
  const lengthAt = at + 4;
  view.setUint32(at + 6, 0);
  view.setUint16(at + 10, 0);
  view.setUint32(at + 12, u32(value.flowCount, 'flowCount'));
  view.setBigUint64(at + 16, u64(value.packetInCount, 'packetInCount'));
  view.setBigUint64(at + 24, u64(value.byteInCount, 'byteInCount'));
  view.setUint32(at + 32, u32(value.durationSec, 'durationSec'));
  view.setUint32(at + 36, u32(value.durationNsec, 'durationNsec'));
  encodeList(writer, value.bands, bandStatsKind);
  writer.patchLength(lengthAt, at, 'meter_stats');
}

export const meterStatsKind: ElementKind<MeterStats> = {
  lengthAt: 4,
  minimum: 40,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeMeterStats,
  encode: encodeMeterStats,
};
