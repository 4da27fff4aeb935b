import { messages, pad, u16, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPT_QUEUE_GET_CONFIG_REQUEST: asks for the queues of a port. From 1.4 on it is OFPMP_QUEUE_DESC.
 *
 *   u32        portNo             OFPP_ANY for all; 1.0: u16
 *   u8[4]      pad                1.0: u8[2]
 */
export const queueGetConfigRequest = messages(
  {
    type: 'queue_get_config_request',
    doc: 'OFPT_QUEUE_GET_CONFIG_REQUEST: asks for the queues of a port.',
    reply: 'queue_get_config_reply',
  },
  [
    {
      versions: only('1.0'),
      section: '5.3.4',
      code: 20,
      fields: [u16('portNo', 'a physical port'), pad(2)],
    },
    {
      versions: between('1.1', '1.3'),
      section: 'A.3.6',
      code: 22,
      fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), pad(4)],
    },
  ],
);
