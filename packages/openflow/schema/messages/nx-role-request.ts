import { u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_ROLE_REQUEST: asks for a role, where the version has none of its own.
 *
 *   u32        role               NX_ROLE_*
 */
export const nxRoleRequest = nicira({
  type: 'nx_role_request',
  doc: 'NXT_ROLE_REQUEST: asks for a role, where the version has none of its own.',
  subtype: 10,
  reply: 'nx_role_reply',
  fields: [u32('role', 'NX_ROLE_*')],
});
