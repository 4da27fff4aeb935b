import { match, message, pad, u8, u32, u64 } from '../dsl.ts';

/**
 * OFPMP_AGGREGATE request: sums over entries that this match covers.
 *
 *   u8         tableId            OFPTT_ALL for every table
 *   u8[3]      pad
 *   u32        outPort            OFPP_ANY for no limit
 *   u32        outGroup           OFPG_ANY for no limit
 *   u8[4]      pad
 *   u64        cookie
 *   u64        cookieMask         bits of the cookie that must agree
 *   ofp_match  match
 */
export const aggregateStatsRequest = message({
  type: 'aggregate_stats_request',
  section: 'A.3.5.3',
  doc: 'OFPMP_AGGREGATE request: sums over entries that this match covers.',
  code: 18,
  multipart: 2,
  reply: 'aggregate_stats_reply',
  fields: [
    u8('tableId', 'OFPTT_ALL for every table', 0xff),
    pad(3),
    u32('outPort', 'OFPP_ANY for no limit', 0xffffffff),
    u32('outGroup', 'OFPG_ANY for no limit', 0xffffffff),
    pad(4),
    u64('cookie', '', 0n),
    u64('cookieMask', 'bits of the cookie that must agree', 0n),
    match(),
  ],
});
