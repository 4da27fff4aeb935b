import { list } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { only } from '../versions.ts';

/**
 * NXST_GROUP reply: counters of groups.
 *
 *   ...        groups             each: nx_group_stats
 */
export const nxGroupStatsReply = niciraMultipart('reply', {
  type: 'nx_group_stats_reply',
  doc: 'NXST_GROUP reply: counters of groups.',
  subtype: 7,
  versions: only('1.0'),
  fields: [list('groups', 'nx_group_stats')],
});
