import { message, pad, u32 } from '../dsl.ts';

/**
 * OFPT_QUEUE_GET_CONFIG_REQUEST: asks for the queues of a port.
 *
 *   u32        portNo             OFPP_ANY for all
 *   u8[4]      pad
 */
export const queueGetConfigRequest = message({
  type: 'queue_get_config_request',
  section: 'A.3.6',
  doc: 'OFPT_QUEUE_GET_CONFIG_REQUEST: asks for the queues of a port.',
  code: 22,
  reply: 'queue_get_config_reply',
  fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), pad(4)],
});
