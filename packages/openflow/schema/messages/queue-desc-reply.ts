import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_QUEUE_DESC reply: queues and their rates.
 *
 *   ...        queues             each: queue_desc
 */
export const queueDescReply = message({
  versions: from('1.4'),
  type: 'queue_desc_reply',
  section: '7.3.5.10',
  doc: 'OFPMP_QUEUE_DESC reply: queues and their rates.',
  code: 19,
  multipart: 15,
  fields: [list('queues', 'queue_desc')],
});
