import { messages, pad, u16, u32, u64 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPT_ROLE_REPLY: the role now in force.
 *
 *   u32        role               OFPCR_ROLE_*
 *   u8[4]      pad                1.5: u16 shortId, u8[2] pad
 *   u64        generationId
 */
const role = u32('role', 'OFPCR_ROLE_*');
const generationId = u64('generationId', '', 0n);

export const roleReply = messages({ type: 'role_reply', doc: 'OFPT_ROLE_REPLY: the role now in force.' }, [
  {
    versions: between('1.2', '1.4'),
    section: 'A.3.9',
    code: 25,
    fields: [role, pad(4), generationId],
  },
  {
    versions: only('1.5'),
    section: '7.3.8',
    code: 25,
    fields: [role, u16('shortId', 'of the controller; OFPCID_UNDEFINED', 0), pad(2), generationId],
  },
]);
