import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_GROUP reply: counters of groups.
 *
 *   ...        groups             each: group_stats
 */
export const groupStatsReply = message({
  versions: from('1.1'),
  type: 'group_stats_reply',
  section: 'A.3.5.9',
  doc: 'OFPMP_GROUP reply: counters of groups.',
  code: 19,
  multipart: 6,
  fields: [list('groups', 'group_stats')],
});
