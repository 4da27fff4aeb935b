import { list, messages, pad, u16, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPT_QUEUE_GET_CONFIG_REPLY: the queues of a port.
 *
 *   u32        portNo             1.0: u16
 *   u8[4]      pad                1.0: u8[6]
 *   ...        queues             each: packet_queue
 */
const queues = list('queues', 'packet_queue');

export const queueGetConfigReply = messages(
  { type: 'queue_get_config_reply', doc: 'OFPT_QUEUE_GET_CONFIG_REPLY: the queues of a port.' },
  [
    { versions: only('1.0'), section: '5.3.4', code: 21, fields: [u16('portNo'), pad(6), queues] },
    {
      versions: between('1.1', '1.3'),
      section: 'A.3.6',
      code: 23,
      fields: [u32('portNo'), pad(4), queues],
    },
  ],
);
