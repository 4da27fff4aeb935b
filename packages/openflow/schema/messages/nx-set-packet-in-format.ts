import { u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_SET_PACKET_IN_FORMAT: in which message packets come.
 *
 *   u32        format             NXPIF_*
 */
export const nxSetPacketInFormat = nicira({
  type: 'nx_set_packet_in_format',
  doc: 'NXT_SET_PACKET_IN_FORMAT: in which message packets come.',
  subtype: 16,
  fields: [u32('format', 'NXPIF_*')],
});
