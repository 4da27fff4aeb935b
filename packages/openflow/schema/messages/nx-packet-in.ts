import { lengthOf, nxMatch, pad, rest, u8, u16, u32, u64 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_PACKET_IN: a packet, with an extensible match of its metadata.
 *
 *   u32        bufferId           OFP_NO_BUFFER when the whole packet is here
 *   u16        totalLen           bytes of the whole packet
 *   u8         reason             OFPR_*
 *   u8         tableId
 *   u64        cookie             of the entry that sent it; all ones when none did
 *   u16        length of match
 *   u8[6]      pad
 *   nx_match   match              padded to 8 bytes
 *   u8[2]      pad
 *   ...        data
 */
export const nxPacketIn = nicira({
  type: 'nx_packet_in',
  doc: 'NXT_PACKET_IN: a packet, with an extensible match of its metadata.',
  subtype: 17,
  fields: [
    u32('bufferId', 'OFP_NO_BUFFER when the whole packet is here', 0xffffffff),
    u16('totalLen', 'bytes of the whole packet'),
    u8('reason', 'OFPR_*', 0),
    u8('tableId', '', 0),
    u64('cookie', 'of the entry that sent it; all ones when none did', 0xffffffffffffffffn),
    lengthOf('match'),
    pad(6),
    nxMatch('match'),
    pad(2),
    rest('data'),
  ],
});
