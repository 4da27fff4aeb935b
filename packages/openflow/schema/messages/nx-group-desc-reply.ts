import { list } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_GROUP_DESC reply: groups, as in 1.5.
 *
 *   ...        groups             each: nx_group_desc
 */
export const nxGroupDescReply = niciraMultipart('reply', {
  type: 'nx_group_desc_reply',
  doc: 'NXST_GROUP_DESC reply: groups, as in 1.5.',
  subtype: 8,
  versions: upTo('1.4'),
  fields: [list('groups', 'nx_group_desc')],
});
