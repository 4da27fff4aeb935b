import { list, message, pad, u32 } from '../dsl.ts';

/**
 * OFPT_QUEUE_GET_CONFIG_REPLY: the queues of a port.
 *
 *   u32        portNo
 *   u8[4]      pad
 *   ...        queues             each: packet_queue
 */
export const queueGetConfigReply = message({
  type: 'queue_get_config_reply',
  section: 'A.3.6',
  doc: 'OFPT_QUEUE_GET_CONFIG_REPLY: the queues of a port.',
  code: 23,
  fields: [u32('portNo'), pad(4), list('queues', 'packet_queue')],
});
