import { message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_TABLE_DESC request: how are tables configured?
 *
 *   (no body)
 */
export const tableDescRequest = message({
  versions: from('1.4'),
  type: 'table_desc_request',
  section: '7.3.5.5',
  doc: 'OFPMP_TABLE_DESC request: how are tables configured?',
  code: 18,
  multipart: 14,
  reply: 'table_desc_reply',
  fields: [],
});
