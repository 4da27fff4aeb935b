// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16, u32, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Bucket, bucketKind } from './bucket.ts';

/** OFPT_GROUP_MOD: adds, changes or deletes a group. OpenFlow 1.3.0 §A.3.4.2. */
export interface GroupMod {
  readonly type: 'group_mod';
  /** OFPGC_* */
  readonly command: number;
  /** OFPGT_* */
  readonly groupType: number;
  readonly groupId: number;
  readonly buckets: readonly Bucket[];
}

/** A GroupMod with the usual values where `fields` says nothing. */
export const groupMod = (fields: Buildable<GroupMod, 'groupType' | 'buckets'>): GroupMod => ({
  type: 'group_mod',
  groupType: 0,
  buckets: [],
  ...fields,
});

export function decodeGroupMod(view: DataView, off: number, end: number): GroupMod {
  need(off, end, 8, 'group_mod');
  const command = view.getUint16(off);
  const groupType = view.getUint8(off + 2);
  const groupId = view.getUint32(off + 4);
  const buckets = decodeList(view, off + 8, end, bucketKind, 'buckets');
  return { type: 'group_mod', command, groupType, groupId, buckets };
}

export function encodeGroupMod(writer: Writer, value: GroupMod): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, u16(value.command, 'command'));
  view.setUint8(at + 2, u8(value.groupType, 'groupType'));
  view.setUint8(at + 3, 0);
  view.setUint32(at + 4, u32(value.groupId, 'groupId'));
  encodeList(writer, value.buckets, bucketKind);
}
