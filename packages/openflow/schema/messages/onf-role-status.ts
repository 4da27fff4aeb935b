import { list, pad, u8, u32, u64 } from '../dsl.ts';
import { onf } from '../extensions.ts';

/**
 * ONFT_ROLE_STATUS: the role of this controller was changed by something else.
 *
 *   u32        role               OFPCR_ROLE_*, the new one
 *   u8         reason             OFPCRR_*
 *   u8[3]      pad
 *   u64        generationId
 *   ...        properties         each: role_property
 */
export const onfRoleStatus = onf({
  type: 'onf_role_status',
  doc: 'ONFT_ROLE_STATUS: the role of this controller was changed by something else.',
  subtype: 1911,
  fields: [
    u32('role', 'OFPCR_ROLE_*, the new one'),
    u8('reason', 'OFPCRR_*'),
    pad(3),
    u64('generationId', '', 0n),
    list('properties', 'role_property'),
  ],
});
