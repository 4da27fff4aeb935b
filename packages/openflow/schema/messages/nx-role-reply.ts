import { u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_ROLE_REPLY: the role that the controller has now.
 *
 *   u32        role               NX_ROLE_*
 */
export const nxRoleReply = nicira({
  type: 'nx_role_reply',
  doc: 'NXT_ROLE_REPLY: the role that the controller has now.',
  subtype: 11,
  fields: [u32('role', 'NX_ROLE_*')],
});
