import { list, message } from '../dsl.ts';

/**
 * OFPMP_QUEUE reply: counters of queues.
 *
 *   ...        queues             each: queue_stats
 */
export const queueStatsReply = message({
  type: 'queue_stats_reply',
  section: 'A.3.5.8',
  doc: 'OFPMP_QUEUE reply: counters of queues.',
  code: 19,
  multipart: 5,
  fields: [list('queues', 'queue_stats')],
});
