import { message, pad, u32, u64 } from '../dsl.ts';

/**
 * OFPT_ROLE_REQUEST: asks for a role; a stale generation is refused.
 *
 *   u32        role               OFPCR_ROLE_*
 *   u8[4]      pad
 *   u64        generationId       mastership election
 */
export const roleRequest = message({
  type: 'role_request',
  section: 'A.3.9',
  doc: 'OFPT_ROLE_REQUEST: asks for a role; a stale generation is refused.',
  code: 24,
  reply: 'role_reply',
  fields: [u32('role', 'OFPCR_ROLE_*'), pad(4), u64('generationId', 'mastership election', 0n)],
});
