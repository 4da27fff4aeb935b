import { lengthOf, nxMatch, pad, u8, u16 } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_FLOW request: entries that this match covers.
 *
 *   u16        outPort            OFPP_NONE for no limit
 *   u16        length of match
 *   u8         tableId            0xff for every table
 *   u8[3]      pad
 *   nx_match   match              padded to 8 bytes
 */
export const nxFlowStatsRequest = niciraMultipart('request', {
  type: 'nx_flow_stats_request',
  doc: 'NXST_FLOW request: entries that this match covers.',
  subtype: 0,
  versions: upTo('1.1'),
  reply: 'nx_flow_stats_reply',
  fields: [
    u16('outPort', 'OFPP_NONE for no limit', 0xffff),
    lengthOf('match'),
    u8('tableId', '0xff for every table', 0xff),
    pad(3),
    nxMatch('match'),
  ],
});
