import { messages, pad, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPMP_PORT_DESC request: what ports are there?
 *
 * The specification has it from 1.3; Open vSwitch answers it in every version.
 *
 * 1.0 and 1.1 to 1.4:
 *   (no body)
 *
 * 1.5:
 *   u32        portNo             OFPP_ANY for all
 *   u8[4]      pad
 */
export const portDescRequest = messages(
  {
    type: 'port_desc_request',
    doc: 'OFPMP_PORT_DESC request: what ports are there?',
    reply: 'port_desc_reply',
  },
  [
    { versions: only('1.0'), section: '5.3.5', code: 16, multipart: 13, fields: [] },
    { versions: between('1.1', '1.4'), section: 'A.3.5.7', code: 18, multipart: 13, fields: [] },
    {
      versions: only('1.5'),
      section: '7.3.5',
      code: 18,
      multipart: 13,
      fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), pad(4)],
    },
  ],
);
