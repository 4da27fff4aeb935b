import { pad, u32 } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_GROUP_DESC request: which groups are there, as in 1.5.
 *
 *   u32        groupId            OFPG_ALL for all
 *   u8[4]      pad
 */
export const nxGroupDescRequest = niciraMultipart('request', {
  type: 'nx_group_desc_request',
  doc: 'NXST_GROUP_DESC request: which groups are there, as in 1.5.',
  subtype: 8,
  versions: upTo('1.4'),
  reply: 'nx_group_desc_reply',
  fields: [u32('groupId', 'OFPG_ALL for all', 0xfffffffc), pad(4)],
});
