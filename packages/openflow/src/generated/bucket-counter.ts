// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** Counters of one bucket (ofp_bucket_counter). OpenFlow 1.3.0 §A.3.5.9. */
export interface BucketCounter {
  readonly packetCount: bigint;
  readonly byteCount: bigint;
}

/** A BucketCounter with the usual values where `fields` says nothing. */
export const bucketCounter = (fields: Buildable<BucketCounter, 'packetCount' | 'byteCount'> = {}): BucketCounter => ({
  packetCount: 0n,
  byteCount: 0n,
  ...fields,
});

export function decodeBucketCounter(view: DataView, off: number, end: number): BucketCounter {
  exactly(off, end, 16, ELEMENT);
  const packetCount = view.getBigUint64(off);
  const byteCount = view.getBigUint64(off + 8);
  return { packetCount, byteCount };
}

export function encodeBucketCounter(writer: Writer, value: BucketCounter): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setBigUint64(at, u64(value.packetCount, 'packetCount'));
  view.setBigUint64(at + 8, u64(value.byteCount, 'byteCount'));
}

export const bucketCounterKind: ElementKind<BucketCounter> = {
  lengthAt: -1,
  minimum: 16,
  align: 1,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeBucketCounter,
  encode: encodeBucketCounter,
};
