import { list, messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

const fields = [list('tables', 'table_stats')];

/**
 * OFPMP_TABLE reply: counters of tables.
 *
 *   ...        tables             each: table_stats
 */
export const tableStatsReply = messages(
  { type: 'table_stats_reply', doc: 'OFPMP_TABLE reply: counters of tables.' },
  [
    { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 3, fields },
    { versions: from('1.1'), section: 'A.3.5.4', code: 19, multipart: 3, fields },
  ],
);
