// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Action, actionKind } from './action.ts';

/** One bucket of a group (ofp_bucket). OpenFlow 1.3.0 §A.3.4.2. */
export interface Bucket {
  /** for select groups */
  readonly weight: number;
  /** for fast failover; OFPP_ANY */
  readonly watchPort: number;
  /** for fast failover; OFPG_ANY */
  readonly watchGroup: number;
  readonly actions: readonly Action[];
}

/** A Bucket with the usual values where `fields` says nothing. */
export const bucket = (fields: Buildable<Bucket, 'weight' | 'watchPort' | 'watchGroup' | 'actions'> = {}): Bucket => ({
  weight: 0,
  watchPort: 0xffffffff,
  watchGroup: 0xffffffff,
  actions: [],
  ...fields,
});

export function decodeBucket(view: DataView, off: number, end: number): Bucket {
  need(off, end, 16, ELEMENT);
  const weight = view.getUint16(off + 2);
  const watchPort = view.getUint32(off + 4);
  const watchGroup = view.getUint32(off + 8);
  const actions = decodeList(view, off + 16, end, actionKind, 'actions');
  return { weight, watchPort, watchGroup, actions };
}

export function encodeBucket(writer: Writer, value: Bucket): void {
  const at = writer.claim(16);
  const view = writer.view;
  const lengthAt = at;
  view.setUint16(at + 2, u16(value.weight, 'weight'));
  view.setUint32(at + 4, u32(value.watchPort, 'watchPort'));
  view.setUint32(at + 8, u32(value.watchGroup, 'watchGroup'));
  view.setUint32(at + 12, 0);
  encodeList(writer, value.actions, actionKind);
  writer.patchLength(lengthAt, at, 'bucket');
}

export const bucketKind: ElementKind<Bucket> = {
  lengthAt: 0,
  minimum: 16,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeBucket,
  encode: encodeBucket,
};
