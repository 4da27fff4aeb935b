// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_GROUP_DESC request: what groups are there? OpenFlow 1.3.0 §A.3.5.10. */
export interface GroupDescRequest {
  readonly type: 'group_desc_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
}

/** A GroupDescRequest with the usual values where `fields` says nothing. */
export const groupDescRequest = (fields: Buildable<GroupDescRequest, 'flags'> = {}): GroupDescRequest => ({
  type: 'group_desc_request',
  flags: 0,
  ...fields,
});

export function decodeGroupDescRequest(view: DataView, off: number, end: number): GroupDescRequest {
  exactly(off, end, 8, 'group_desc_request');
  const flags = view.getUint16(off + 2);
  return { type: 'group_desc_request', flags };
}

export function encodeGroupDescRequest(writer: Writer, value: GroupDescRequest): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 7);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
}
