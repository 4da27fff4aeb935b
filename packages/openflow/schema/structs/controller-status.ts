import { list, pad, selfLength, struct, u8, u16, u32 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * What a switch knows of one controller (ofp_controller_status).
 *
 *   u16        length
 *   u16        shortId            OFPCID_UNDEFINED when it has none
 *   u32        role               OFPCR_ROLE_*
 *   u8         reason             OFPCSR_*
 *   u8         channelStatus      OFPCT_STATUS_*
 *   u8[6]      pad
 *   ...        properties         each: controller_status_property
 */
export const controllerStatusEntry = struct({
  versions: only('1.5'),
  name: 'controller_status_entry',
  section: '7.2.7',
  doc: 'What a switch knows of one controller (ofp_controller_status).',
  fields: [
    selfLength(),
    u16('shortId', 'OFPCID_UNDEFINED when it has none', 0),
    u32('role', 'OFPCR_ROLE_*'),
    u8('reason', 'OFPCSR_*', 0),
    u8('channelStatus', 'OFPCT_STATUS_*', 0),
    pad(6),
    list('properties', 'controller_status_property'),
  ],
});
