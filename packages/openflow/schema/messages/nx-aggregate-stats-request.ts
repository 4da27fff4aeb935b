import { lengthOf, nxMatch, pad, u8, u16 } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_AGGREGATE request: sums over the entries that this match covers.
 *
 *   u16        outPort            OFPP_NONE for no limit
 *   u16        length of match
 *   u8         tableId            0xff for every table
 *   u8[3]      pad
 *   nx_match   match              padded to 8 bytes
 */
export const nxAggregateStatsRequest = niciraMultipart('request', {
  type: 'nx_aggregate_stats_request',
  doc: 'NXST_AGGREGATE request: sums over the entries that this match covers.',
  subtype: 1,
  versions: upTo('1.1'),
  reply: 'nx_aggregate_stats_reply',
  fields: [
    u16('outPort', 'OFPP_NONE for no limit', 0xffff),
    lengthOf('match'),
    u8('tableId', '0xff for every table', 0xff),
    pad(3),
    nxMatch('match'),
  ],
});
