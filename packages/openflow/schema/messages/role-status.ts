import { list, message, pad, u8, u32, u64 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPT_ROLE_STATUS: the role of this controller was changed by something else.
 *
 *   u32        role               OFPCR_ROLE_*, the new one
 *   u8         reason             OFPCRR_*
 *   u8[3]      pad
 *   u64        generationId
 *   ...        properties         each: role_property
 */
export const roleStatus = message({
  versions: from('1.4'),
  type: 'role_status',
  section: '7.4.4',
  doc: 'OFPT_ROLE_STATUS: the role of this controller was changed by something else.',
  code: 30,
  fields: [
    u32('role', 'OFPCR_ROLE_*, the new one'),
    u8('reason', 'OFPCRR_*'),
    pad(3),
    u64('generationId', '', 0n),
    list('properties', 'role_property'),
  ],
});
