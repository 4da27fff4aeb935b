import { match, match10, match11, messages, pad, u8, u16, u32, u64 } from '../dsl.ts';
import { between, only } from '../versions.ts';

const fields = [
  u8('tableId', 'OFPTT_ALL for every table', 0xff),
  pad(3),
  u32('outPort', 'OFPP_ANY for no limit', 0xffffffff),
  u32('outGroup', 'OFPG_ANY for no limit', 0xffffffff),
  pad(4),
  u64('cookie', '', 0n),
  u64('cookieMask', 'bits of the cookie that must agree', 0n),
  match(),
];

/**
 * OFPMP_FLOW request (OFPMP_FLOW_STATS in 1.5): entries that this match covers.
 *
 * In 1.5 the reply has only match and counters; flow_desc_request asks for cookies and instructions.
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
 * 1.2 to 1.4 and 1.5:
 *   u8         tableId            OFPTT_ALL for every table
 *   u8[3]      pad
 *   u32        outPort            OFPP_ANY for no limit
 *   u32        outGroup           OFPG_ANY for no limit
 *   u8[4]      pad
 *   u64        cookie
 *   u64        cookieMask         bits of the cookie that must agree
 *   ofp_match  match
 */
export const flowStatsRequest = messages(
  {
    type: 'flow_stats_request',
    doc: 'OFPMP_FLOW request (OFPMP_FLOW_STATS in 1.5): entries that this match covers.',
    reply: 'flow_stats_reply',
  },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      code: 16,
      multipart: 1,
      fields: [
        match10(),
        u8('tableId', 'OFPTT_ALL for every table', 0xff),
        pad(1),
        u16('outPort', 'OFPP_NONE for no limit', 0xffff),
      ],
    },
    {
      versions: only('1.1'),
      section: 'A.3.6.2',
      code: 18,
      multipart: 1,
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
    { versions: between('1.2', '1.4'), section: 'A.3.5.2', code: 18, multipart: 1, fields },
    { versions: only('1.5'), section: '7.3.5', code: 18, multipart: 17, fields },
  ],
);
