import { match, messages, pad, rest, u8, u16, u32, u64 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPT_PACKET_IN: a packet for the controller. data is a view of the received chunk. From 1.2 on:
 *
 *   u32        bufferId           OFP_NO_BUFFER when data is the whole packet
 *   u16        totalLen           bytes of the frame
 *   u8         reason             OFPR_*
 *   u8         tableId            table of the entry that sent it
 *   u64        cookie             cookie of that entry; from 1.3
 *   ofp_match  match              in_port, and what else is known of the packet
 *   u8[2]      pad
 *   ...        data
 *
 * 1.1 and 1.0, which have ports instead of the match:
 *
 *   u32        bufferId           OFP_NO_BUFFER when data is the whole packet
 *   u32        inPort             1.0: u16, and totalLen before it
 *   u32        inPhyPort          1.1
 *   u16        totalLen           bytes of the frame
 *   u8         reason             OFPR_*
 *   u8         tableId            1.0: padding
 *   ...        data
 */
const bufferId = u32('bufferId', 'OFP_NO_BUFFER when data is the whole packet', 0xffffffff);
const totalLen = u16('totalLen', 'bytes of the frame');
const reason = u8('reason', 'OFPR_*', 0);
const tableId = u8('tableId', 'table of the entry that sent it', 0);

export const packetIn = messages(
  {
    type: 'packet_in',
    doc: 'OFPT_PACKET_IN: a packet for the controller. data is a view of the received chunk.',
  },
  [
    {
      versions: only('1.0'),
      section: '5.4.1',
      code: 10,
      fields: [bufferId, totalLen, u16('inPort', 'where it came in'), reason, pad(1), rest('data')],
    },
    {
      versions: only('1.1'),
      section: 'A.4.1',
      code: 10,
      fields: [
        bufferId,
        u32('inPort', 'where it came in'),
        u32('inPhyPort', 'the physical port under inPort'),
        totalLen,
        reason,
        tableId,
        rest('data'),
      ],
    },
    {
      versions: only('1.2'),
      section: 'A.4.1',
      code: 10,
      fields: [bufferId, totalLen, reason, tableId, match(), pad(2), rest('data')],
    },
    {
      versions: from('1.3'),
      section: 'A.4.1',
      code: 10,
      fields: [
        bufferId,
        totalLen,
        reason,
        tableId,
        u64('cookie', 'cookie of that entry', 0n),
        match(),
        pad(2),
        rest('data'),
      ],
    },
  ],
);
