import { lengthOf, list, message, pad, rest, u32 } from '../dsl.ts';

/**
 * OFPT_PACKET_OUT: send this packet through these actions.
 *
 *   u32        bufferId           OFP_NO_BUFFER when data is the packet
 *   u32        inPort             port or OFPP_CONTROLLER
 *   u16        length of actions
 *   u8[6]      pad
 *   ...        actions            each: action
 *   ...        data
 */
export const packetOut = message({
  type: 'packet_out',
  section: 'A.3.7',
  doc: 'OFPT_PACKET_OUT: send this packet through these actions.',
  code: 13,
  fields: [
    u32('bufferId', 'OFP_NO_BUFFER when data is the packet', 0xffffffff),
    u32('inPort', 'port or OFPP_CONTROLLER', 0xfffffffd),
    lengthOf('actions'),
    pad(6),
    list('actions', 'action'),
    rest('data'),
  ],
});
