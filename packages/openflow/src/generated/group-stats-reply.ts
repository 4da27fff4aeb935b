// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type GroupStats, groupStatsKind } from './group-stats.ts';

/** OFPMP_GROUP reply: counters of groups. OpenFlow 1.3.0 §A.3.5.9. */
export interface GroupStatsReply {
  readonly type: 'group_stats_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly groups: readonly GroupStats[];
}

/** A GroupStatsReply with the usual values where `fields` says nothing. */
export const groupStatsReply = (fields: Buildable<GroupStatsReply, 'flags' | 'groups'> = {}): GroupStatsReply => ({
  type: 'group_stats_reply',
  flags: 0,
  groups: [],
  ...fields,
});

export function decodeGroupStatsReply(view: DataView, off: number, end: number): GroupStatsReply {
  need(off, end, 8, 'group_stats_reply');
  const flags = view.getUint16(off + 2);
  const groups = decodeList(view, off + 8, end, groupStatsKind, 'groups');
  return { type: 'group_stats_reply', flags, groups };
}

export function encodeGroupStatsReply(writer: Writer, value: GroupStatsReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 6);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.groups, groupStatsKind);
}
