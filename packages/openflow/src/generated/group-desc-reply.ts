// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type GroupDesc, groupDescKind } from './group-desc.ts';

/** OFPMP_GROUP_DESC reply: groups and their buckets. OpenFlow 1.3.0 §A.3.5.10. */
export interface GroupDescReply {
  readonly type: 'group_desc_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly groups: readonly GroupDesc[];
}

/** A GroupDescReply with the usual values where `fields` says nothing. */
export const groupDescReply = (fields: Buildable<GroupDescReply, 'flags' | 'groups'> = {}): GroupDescReply => ({
  type: 'group_desc_reply',
  flags: 0,
  groups: [],
  ...fields,
});

export function decodeGroupDescReply(view: DataView, off: number, end: number): GroupDescReply {
  need(off, end, 8, 'group_desc_reply');
  const flags = view.getUint16(off + 2);
  const groups = decodeList(view, off + 8, end, groupDescKind, 'groups');
  return { type: 'group_desc_reply', flags, groups };
}

export function encodeGroupDescReply(writer: Writer, value: GroupDescReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 7);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.groups, groupDescKind);
}
