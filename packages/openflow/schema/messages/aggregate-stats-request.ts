import { match, match10, match11, messages, pad, u8, u16, u32, u64 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPMP_AGGREGATE request: sums over entries that this match covers.
 *
 * 1.0:
 *   u8[40]     match
 *   u8         tableId            OFPTT_ALL for every table
 *   u8[1]      pad
 *   u16        outPort            OFPP_NONE for no limit
 *
 * 1.1:
 *   u8         tableId            OFPTT_ALL for every table
 *   u8[3]      pad
 *   u32        outPort            OFPP_ANY for no limit
 *   u32        outGroup           OFPG_ANY for no limit
 *   u8[4]      pad
 *   u64        cookie
 *   u64        cookieMask         bits of the cookie that must agree
 *   u8[88]     match
 *
 * From 1.2:
 *   u8         tableId            OFPTT_ALL for every table
 *   u8[3]      pad
 *   u32        outPort            OFPP_ANY for no limit
 *   u32        outGroup           OFPG_ANY for no limit
 *   u8[4]      pad
 *   u64        cookie
 *   u64        cookieMask         bits of the cookie that must agree
 *   ofp_match  match
 */
export const aggregateStatsRequest = messages(
  {
    type: 'aggregate_stats_request',
    doc: 'OFPMP_AGGREGATE request: sums over entries that this match covers.',
    reply: 'aggregate_stats_reply',
  },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      code: 16,
      multipart: 2,
      fields: [
        match10(),
        u8('tableId', 'OFPTT_ALL for every table', 0xff),
        pad(1),
        u16('outPort', 'OFPP_NONE for no limit', 0xffff),
      ],
    },
    {
      versions: only('1.1'),
      section: 'A.3.6.3',
      code: 18,
      multipart: 2,
      fields: [
        u8('tableId', 'OFPTT_ALL for every table', 0xff),
        pad(3),
        u32('outPort', 'OFPP_ANY for no limit', 0xffffffff),
        u32('outGroup', 'OFPG_ANY for no limit', 0xffffffff),
        pad(4),
        u64('cookie', '', 0n),
        u64('cookieMask', 'bits of the cookie that must agree', 0n),
        match11(),
      ],
    },
    {
      versions: from('1.2'),
      section: 'A.3.5.3',
      code: 18,
      multipart: 2,
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
    },
  ],
);
