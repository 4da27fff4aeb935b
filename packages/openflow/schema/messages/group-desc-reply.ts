import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_GROUP_DESC reply: groups and their buckets.
 *
 *   ...        groups             each: group_desc
 */
export const groupDescReply = message({
  versions: from('1.1'),
  type: 'group_desc_reply',
  section: 'A.3.5.10',
  doc: 'OFPMP_GROUP_DESC reply: groups and their buckets.',
  code: 19,
  multipart: 7,
  fields: [list('groups', 'group_desc')],
});
