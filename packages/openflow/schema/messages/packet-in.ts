import { match, message, pad, rest, u8, u16, u32, u64 } from '../dsl.ts';

/**
 * OFPT_PACKET_IN: a packet for the controller. data is a view of the received chunk.
 *
 *   u32        bufferId           OFP_NO_BUFFER when data is the whole packet
 *   u16        totalLen           bytes of the frame
 *   u8         reason             OFPR_*
 *   u8         tableId            table of the entry that sent it
 *   u64        cookie             cookie of that entry
 *   ofp_match  match
 *   u8[2]      pad
 *   ...        data
 */
export const packetIn = message({
  type: 'packet_in',
  section: 'A.4.1',
  doc: 'OFPT_PACKET_IN: a packet for the controller. data is a view of the received chunk.',
  code: 10,
  fields: [
    u32('bufferId', 'OFP_NO_BUFFER when data is the whole packet', 0xffffffff),
    u16('totalLen', 'bytes of the frame'),
    u8('reason', 'OFPR_*', 0),
    u8('tableId', 'table of the entry that sent it', 0),
    u64('cookie', 'cookie of that entry', 0n),
    match(),
    pad(2),
    rest('data'),
  ],
});
