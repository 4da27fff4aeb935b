import { message, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_QUEUE_DESC request: what queues are there?
 *
 * Before 1.4 queue_get_config_request asks that.
 *
 *   u32        portNo             OFPP_ANY for all
 *   u32        queueId            OFPQ_ALL for all
 */
export const queueDescRequest = message({
  versions: from('1.4'),
  type: 'queue_desc_request',
  section: '7.3.5.10',
  doc: 'OFPMP_QUEUE_DESC request: what queues are there?',
  code: 18,
  multipart: 15,
  reply: 'queue_desc_reply',
  fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), u32('queueId', 'OFPQ_ALL for all', 0xffffffff)],
});
