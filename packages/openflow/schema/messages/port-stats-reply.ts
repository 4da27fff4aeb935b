import { list, messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

const fields = [list('ports', 'port_stats')];

/**
 * OFPMP_PORT_STATS reply: counters of ports.
 *
 *   ...        ports              each: port_stats
 */
export const portStatsReply = messages(
  { type: 'port_stats_reply', doc: 'OFPMP_PORT_STATS reply: counters of ports.' },
  [
    { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 4, fields },
    { versions: from('1.1'), section: 'A.3.5.6', code: 19, multipart: 4, fields },
  ],
);
