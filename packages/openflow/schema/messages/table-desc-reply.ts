import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_TABLE_DESC reply: the configuration of tables.
 *
 *   ...        tables             each: table_desc
 */
export const tableDescReply = message({
  versions: from('1.4'),
  type: 'table_desc_reply',
  section: '7.3.5.5',
  doc: 'OFPMP_TABLE_DESC reply: the configuration of tables.',
  code: 19,
  multipart: 14,
  fields: [list('tables', 'table_desc')],
});
