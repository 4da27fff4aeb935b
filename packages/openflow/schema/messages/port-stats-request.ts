import { messages, pad, u16, u32 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPMP_PORT_STATS request: counters of a port.
 *
 * 1.0:
 *   u16        portNo             OFPP_NONE for all
 *   u8[6]      pad
 *
 * From 1.1:
 *   u32        portNo             OFPP_ANY for all
 *   u8[4]      pad
 */
export const portStatsRequest = messages(
  {
    type: 'port_stats_request',
    doc: 'OFPMP_PORT_STATS request: counters of a port.',
    reply: 'port_stats_reply',
  },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      code: 16,
      multipart: 4,
      fields: [u16('portNo', 'OFPP_NONE for all', 0xffff), pad(6)],
    },
    {
      versions: from('1.1'),
      section: 'A.3.5.6',
      code: 18,
      multipart: 4,
      fields: [u32('portNo', 'OFPP_ANY for all', 0xffffffff), pad(4)],
    },
  ],
);
