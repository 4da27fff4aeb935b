import { lengthOf, list, match, messages, pad, rest, u16, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPT_PACKET_OUT: send this packet through these actions. 1.1 to 1.4:
 *
 *   u32        bufferId           OFP_NO_BUFFER when data is the packet
 *   u32        inPort             port or OFPP_CONTROLLER; 1.0: u16
 *   u16        length of actions
 *   u8[6]      pad                not in 1.0
 *   ...        actions            each: action
 *   ...        data
 *
 * 1.5:
 *
 *   u32        bufferId           OFP_NO_BUFFER when data is the packet
 *   u16        length of actions
 *   u8[2]      pad
 *   ofp_match  match              must say in_port; may say other pipeline fields
 *   ...        actions            each: action
 *   ...        data
 */
/** OFPP_CONTROLLER, as the older versions have it. */
const FROM_CONTROLLER = '{ in_port: 0xfffffffd }';
const bufferId = u32('bufferId', 'OFP_NO_BUFFER when data is the packet', 0xffffffff);
const actions = list('actions', 'action');

export const packetOut = messages(
  { type: 'packet_out', doc: 'OFPT_PACKET_OUT: send this packet through these actions.' },
  [
    {
      versions: only('1.0'),
      section: '5.3.6',
      code: 13,
      fields: [
        bufferId,
        u16('inPort', 'port or OFPP_NONE', 0xffff),
        lengthOf('actions'),
        actions,
        rest('data'),
      ],
    },
    {
      versions: between('1.1', '1.4'),
      section: 'A.3.7',
      code: 13,
      fields: [
        bufferId,
        u32('inPort', 'port or OFPP_CONTROLLER', 0xfffffffd),
        lengthOf('actions'),
        pad(6),
        actions,
        rest('data'),
      ],
    },
    {
      versions: only('1.5'),
      section: '7.3.6',
      code: 13,
      fields: [bufferId, lengthOf('actions'), pad(2), match('match', FROM_CONTROLLER), actions, rest('data')],
    },
  ],
);
