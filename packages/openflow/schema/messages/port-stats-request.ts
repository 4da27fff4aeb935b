import { message, pad, u32 } from '../dsl.ts';

/**
 * OFPMP_PORT_STATS request: counters of a port.
 *
 *   u32        portNo             OFPP_ANY for all
 *   u8[4]      pad
 */
export const portStatsRequest = message({
  type: 'port_stats_request',
  section: 'A.3.5.6',
  doc: 'OFPMP_PORT_STATS request: counters of a port.',
  code: 18,
  multipart: 4,
  reply: 'port_stats_reply',
  fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), pad(4)],
});
