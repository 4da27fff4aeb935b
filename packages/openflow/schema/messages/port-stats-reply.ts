import { list, message } from '../dsl.ts';

/**
 * OFPMP_PORT_STATS reply: counters of ports.
 *
 *   ...        ports              each: port_stats
 */
export const portStatsReply = message({
  type: 'port_stats_reply',
  section: 'A.3.5.6',
  doc: 'OFPMP_PORT_STATS reply: counters of ports.',
  code: 19,
  multipart: 4,
  fields: [list('ports', 'port_stats')],
});
