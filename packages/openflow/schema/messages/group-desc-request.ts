import { messages, pad, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPMP_GROUP_DESC request: what groups are there?
 *
 * 1.1 to 1.4:
 *   (no body)
 *
 * 1.5:
 *   u32        groupId            OFPG_ALL for all
 *   u8[4]      pad
 */
export const groupDescRequest = messages(
  {
    type: 'group_desc_request',
    doc: 'OFPMP_GROUP_DESC request: what groups are there?',
    reply: 'group_desc_reply',
  },
  [
    { versions: between('1.1', '1.4'), section: 'A.3.5.10', code: 18, multipart: 7, fields: [] },
    {
      versions: only('1.5'),
      section: '7.3.5',
      code: 18,
      multipart: 7,
      fields: [u32('groupId', 'OFPG_ALL for all', 0xfffffffc), pad(4)],
    },
  ],
);
