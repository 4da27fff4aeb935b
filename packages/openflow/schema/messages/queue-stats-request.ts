import { message, u32 } from '../dsl.ts';

/**
 * OFPMP_QUEUE request: counters of queues.
 *
 *   u32        portNo             OFPP_ANY for all
 *   u32        queueId            OFPQ_ALL for all
 */
export const queueStatsRequest = message({
  type: 'queue_stats_request',
  section: 'A.3.5.8',
  doc: 'OFPMP_QUEUE request: counters of queues.',
  code: 18,
  multipart: 5,
  reply: 'queue_stats_reply',
  fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), u32('queueId', 'OFPQ_ALL for all', 0xffffffff)],
});
