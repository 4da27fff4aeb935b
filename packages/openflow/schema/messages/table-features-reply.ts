import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_TABLE_FEATURES reply: what tables can do.
 *
 *   ...        tables             each: table_features
 */
export const tableFeaturesReply = message({
  versions: from('1.3'),
  type: 'table_features_reply',
  section: 'A.3.5.5',
  doc: 'OFPMP_TABLE_FEATURES reply: what tables can do.',
  code: 19,
  multipart: 12,
  fields: [list('tables', 'table_features')],
});
