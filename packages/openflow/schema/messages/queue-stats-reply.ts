import { list, messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

const fields = [list('queues', 'queue_stats')];

/**
 * OFPMP_QUEUE reply: counters of queues.
 *
 *   ...        queues             each: queue_stats
 */
export const queueStatsReply = messages(
  { type: 'queue_stats_reply', doc: 'OFPMP_QUEUE reply: counters of queues.' },
  [
    { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 5, fields },
    { versions: from('1.1'), section: 'A.3.5.8', code: 19, multipart: 5, fields },
  ],
);
