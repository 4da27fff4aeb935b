import { message, pad, u32, u64 } from '../dsl.ts';

/**
 * OFPT_ROLE_REPLY: the role now in force.
 *
 *   u32        role               OFPCR_ROLE_*
 *   u8[4]      pad
 *   u64        generationId
 */
export const roleReply = message({
  type: 'role_reply',
  section: 'A.3.9',
  doc: 'OFPT_ROLE_REPLY: the role now in force.',
  code: 25,
  fields: [u32('role', 'OFPCR_ROLE_*'), pad(4), u64('generationId', '', 0n)],
});
