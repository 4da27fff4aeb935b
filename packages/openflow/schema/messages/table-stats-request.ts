import { messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPMP_TABLE request: counters of every table.
 *
 *   (no body)
 */
export const tableStatsRequest = messages(
  {
    type: 'table_stats_request',
    doc: 'OFPMP_TABLE request: counters of every table.',
    reply: 'table_stats_reply',
  },
  [
    { versions: only('1.0'), section: '5.3.5', code: 16, multipart: 3, fields: [] },
    { versions: from('1.1'), section: 'A.3.5.4', code: 18, multipart: 3, fields: [] },
  ],
);
