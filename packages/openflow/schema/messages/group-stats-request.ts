import { message, pad, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_GROUP request: counters of groups.
 *
 *   u32        groupId            OFPG_ALL for all
 *   u8[4]      pad
 */
export const groupStatsRequest = message({
  versions: from('1.1'),
  type: 'group_stats_request',
  section: 'A.3.5.9',
  doc: 'OFPMP_GROUP request: counters of groups.',
  code: 18,
  multipart: 6,
  reply: 'group_stats_reply',
  fields: [u32('groupId', 'OFPG_ALL for all', 0xfffffffc), pad(4)],
});
