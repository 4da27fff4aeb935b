// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** Counters of one band (ofp_meter_band_stats). OpenFlow 1.3.0 §A.3.5.12. */
export interface BandStats {
  readonly packetBandCount: bigint;
  readonly byteBandCount: bigint;
}

/** A BandStats with the usual values where `fields` says nothing. */
export const bandStats = (fields: Buildable<BandStats, 'packetBandCount' | 'byteBandCount'> = {}): BandStats => ({
  packetBandCount: 0n,
  byteBandCount: 0n,
  ...fields,
});

export function decodeBandStats(view: DataView, off: number, end: number): BandStats {
  exactly(off, end, 16, ELEMENT);
  const packetBandCount = view.getBigUint64(off);
  const byteBandCount = view.getBigUint64(off + 8);
  return { packetBandCount, byteBandCount };
}

export function encodeBandStats(writer: Writer, value: BandStats): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setBigUint64(at, u64(value.packetBandCount, 'packetBandCount'));
  view.setBigUint64(at + 8, u64(value.byteBandCount, 'byteBandCount'));
}

export const bandStatsKind: ElementKind<BandStats> = {
  lengthAt: -1,
  minimum: 16,
  align: 1,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeBandStats,
  encode: encodeBandStats,
};
