import { message } from '../dsl.ts';

/**
 * OFPMP_GROUP_DESC request: what groups are there?
 *
 *   (no body)
 */
export const groupDescRequest = message({
  type: 'group_desc_request',
  section: 'A.3.5.10',
  doc: 'OFPMP_GROUP_DESC request: what groups are there?',
  code: 18,
  multipart: 7,
  reply: 'group_desc_reply',
  fields: [],
});
