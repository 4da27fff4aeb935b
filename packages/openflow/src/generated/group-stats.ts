// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u32, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type BucketCounter, bucketCounterKind } from './bucket-counter.ts';

/** Counters of one group (ofp_group_stats). OpenFlow 1.3.0 §A.3.5.9. */
export interface GroupStats {
  readonly groupId: number;
  /** entries and groups that use it */
  readonly refCount: number;
  readonly packetCount: bigint;
  readonly byteCount: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
  readonly buckets: readonly BucketCounter[];
}

/** A GroupStats with the usual values where `fields` says nothing. */
export const groupStats = (fields: Buildable<GroupStats, 'refCount' | 'packetCount' | 'byteCount' | 'durationSec' | 'durationNsec' | 'buckets'>): GroupStats => ({
  refCount: 0,
  packetCount: 0n,
  byteCount: 0n,
  durationSec: 0,
  durationNsec: 0,
  buckets: [],
  ...fields,
});

export function decodeGroupStats(view: DataView, off: number, end: number): GroupStats {
  need(off, end, 40, ELEMENT);
  const groupId = view.getUint32(off + 4);
  const refCount = view.getUint32(off + 8);
  const packetCount = view.getBigUint64(off + 16);
  const byteCount = view.getBigUint64(off + 24);
  const durationSec = view.getUint32(off + 32);
  const durationNsec = view.getUint32(off + 36);
  const buckets = decodeList(view, off + 40, end, bucketCounterKind, 'buckets');
  return { groupId, refCount, packetCount, byteCount, durationSec, durationNsec, buckets };
}

export function encodeGroupStats(writer: Writer, value: GroupStats): void {
  const at = writer.claim(40);
  const view = writer.view;
  const lengthAt = at;
  view.setUint16(at + 2, 0);
  view.setUint32(at + 4, u32(value.groupId, 'groupId'));
  view.setUint32(at + 8, u32(value.refCount, 'refCount'));
  view.setUint32(at + 12, 0);
  view.setBigUint64(at + 16, u64(value.packetCount, 'packetCount'));
  view.setBigUint64(at + 24, u64(value.byteCount, 'byteCount'));
  view.setUint32(at + 32, u32(value.durationSec, 'durationSec'));
  view.setUint32(at + 36, u32(value.durationNsec, 'durationNsec'));
  encodeList(writer, value.buckets, bucketCounterKind);
  writer.patchLength(lengthAt, at, 'group_stats');
}

export const groupStatsKind: ElementKind<GroupStats> = {
  lengthAt: 0,
  minimum: 40,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeGroupStats,
  encode: encodeGroupStats,
};
