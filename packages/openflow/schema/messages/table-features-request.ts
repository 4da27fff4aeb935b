import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_TABLE_FEATURES request: what can tables do? With tables, it sets that.
 *
 *   ...        tables             each: table_features
 */
export const tableFeaturesRequest = message({
  versions: from('1.3'),
  type: 'table_features_request',
  section: 'A.3.5.5',
  doc: 'OFPMP_TABLE_FEATURES request: what can tables do? With tables, it sets that.',
  code: 18,
  multipart: 12,
  reply: 'table_features_reply',
  fields: [list('tables', 'table_features')],
});
