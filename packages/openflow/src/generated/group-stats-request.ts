// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_GROUP request: counters of groups. OpenFlow 1.3.0 §A.3.5.9. */
export interface GroupStatsRequest {
  readonly type: 'group_stats_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  /** OFPG_ALL for all */
  readonly groupId: number;
}

/** A GroupStatsRequest with the usual values where `fields` says nothing. */
export const groupStatsRequest = (fields: Buildable<GroupStatsRequest, 'flags' | 'groupId'> = {}): GroupStatsRequest => ({
  type: 'group_stats_request',
  flags: 0,
  groupId: 0xfffffffc,
  ...fields,
});

export function decodeGroupStatsRequest(view: DataView, off: number, end: number): GroupStatsRequest {
  exactly(off, end, 16, 'group_stats_request');
  const flags = view.getUint16(off + 2);
  const groupId = view.getUint32(off + 8);
  return { type: 'group_stats_request', flags, groupId };
}

export function encodeGroupStatsRequest(writer: Writer, value: GroupStatsRequest): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint16(at, 6);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, u32(value.groupId, 'groupId'));
  view.setUint32(at + 12, 0);
}
