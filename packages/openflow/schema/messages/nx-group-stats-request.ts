import { pad, u32 } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { only } from '../versions.ts';

/**
 * NXST_GROUP request: counters of groups.
 *
 *   u32        groupId            OFPG_ALL for all
 *   u8[4]      pad
 */
export const nxGroupStatsRequest = niciraMultipart('request', {
  type: 'nx_group_stats_request',
  doc: 'NXST_GROUP request: counters of groups.',
  subtype: 7,
  versions: only('1.0'),
  reply: 'nx_group_stats_reply',
  fields: [u32('groupId', 'OFPG_ALL for all', 0xfffffffc), pad(4)],
});
