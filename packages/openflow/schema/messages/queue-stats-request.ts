import { messages, pad, u16, u32 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPMP_QUEUE request: counters of queues.
 *
 * 1.0:
 *   u16        portNo             OFPP_ALL for all
 *   u8[2]      pad
 *   u32        queueId            OFPQ_ALL for all
 *
 * From 1.1:
 *   u32        portNo             OFPP_ANY for all
 *   u32        queueId            OFPQ_ALL for all
 */
export const queueStatsRequest = messages(
  {
    type: 'queue_stats_request',
    doc: 'OFPMP_QUEUE request: counters of queues.',
    reply: 'queue_stats_reply',
  },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      code: 16,
      multipart: 5,
      fields: [
        u16('portNo', 'OFPP_ALL for all', 0xfffc),
        pad(2),
        u32('queueId', 'OFPQ_ALL for all', 0xffffffff),
      ],
    },
    {
      versions: from('1.1'),
      section: 'A.3.5.8',
      code: 18,
      multipart: 5,
      fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), u32('queueId', 'OFPQ_ALL for all', 0xffffffff)],
    },
  ],
);
