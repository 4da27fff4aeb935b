// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_ROLE_REPLY: the role now in force. OpenFlow 1.3.0 §A.3.9. */
export interface RoleReply {
  readonly type: 'role_reply';
  /** OFPCR_ROLE_* */
  readonly role: number;
  readonly generationId: bigint;
}

/** A RoleReply with the usual values where `fields` says nothing. */
export const roleReply = (fields: Buildable<RoleReply, 'generationId'>): RoleReply => ({
  type: 'role_reply',
  generationId: 0n,
  ...fields,
});

export function decodeRoleReply(view: DataView, off: number, end: number): RoleReply {
  exactly(off, end, 16, 'role_reply');
  const role = view.getUint32(off);
  const generationId = view.getBigUint64(off + 8);
  return { type: 'role_reply', role, generationId };
}

export function encodeRoleReply(writer: Writer, value: RoleReply): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint32(at, u32(value.role, 'role'));
  view.setUint32(at + 4, 0);
  view.setBigUint64(at + 8, u64(value.generationId, 'generationId'));
}
