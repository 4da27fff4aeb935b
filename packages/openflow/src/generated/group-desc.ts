// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u32, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Bucket, bucketKind } from './bucket.ts';

/** One group (ofp_group_desc_stats). OpenFlow 1.3.0 §A.3.5.10. */
export interface GroupDesc {
  /** OFPGT_* */
  readonly groupType: number;
  readonly groupId: number;
  readonly buckets: readonly Bucket[];
}

/** A GroupDesc with the usual values where `fields` says nothing. */
export const groupDesc = (fields: Buildable<GroupDesc, 'groupType' | 'buckets'>): GroupDesc => ({
  groupType: 0,
  buckets: [],
  ...fields,
});

export function decodeGroupDesc(view: DataView, off: number, end: number): GroupDesc {
  need(off, end, 8, ELEMENT);
  const groupType = view.getUint8(off + 2);
  const groupId = view.getUint32(off + 4);
  const buckets = decodeList(view, off + 8, end, bucketKind, 'buckets');
  return { groupType, groupId, buckets };
}

export function encodeGroupDesc(writer: Writer, value: GroupDesc): void {
  const at = writer.claim(8);
  const view = writer.view;
  const lengthAt = at;
  view.setUint8(at + 2, u8(value.groupType, 'groupType'));
  view.setUint8(at + 3, 0);
  view.setUint32(at + 4, u32(value.groupId, 'groupId'));
  encodeList(writer, value.buckets, bucketKind);
  writer.patchLength(lengthAt, at, 'group_desc');
}

export const groupDescKind: ElementKind<GroupDesc> = {
  lengthAt: 0,
  minimum: 8,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeGroupDesc,
  encode: encodeGroupDesc,
};
