// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_ROLE_REQUEST: asks for a role; a stale generation is refused. OpenFlow 1.3.0 §A.3.9. */
export interface RoleRequest {
  readonly type: 'role_request';
  /** OFPCR_ROLE_* */
  readonly role: number;
  /** mastership election */
  readonly generationId: bigint;
}

/** A RoleRequest with the usual values where `fields` says nothing. */
export const roleRequest = (fields: Buildable<RoleRequest, 'generationId'>): RoleRequest => ({
  type: 'role_request',
  generationId: 0n,
  ...fields,
});

export function decodeRoleRequest(view: DataView, off: number, end: number): RoleRequest {
  exactly(off, end, 16, 'role_request');
  const role = view.getUint32(off);
  const generationId = view.getBigUint64(off + 8);
  return { type: 'role_request', role, generationId };
}

export function encodeRoleRequest(writer: Writer, value: RoleRequest): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint32(at, u32(value.role, 'role'));
  view.setUint32(at + 4, 0);
  view.setBigUint64(at + 8, u64(value.generationId, 'generationId'));
}
