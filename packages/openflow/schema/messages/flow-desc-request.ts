import { match, message, pad, u8, u32, u64 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * OFPMP_FLOW_DESC request: entries that this match covers, with cookies and instructions.
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
export const flowDescRequest = message({
  versions: only('1.5'),
  type: 'flow_desc_request',
  section: '7.3.5',
  doc: 'OFPMP_FLOW_DESC request: entries that this match covers, with cookies and instructions.',
  code: 18,
  multipart: 1,
  reply: 'flow_desc_reply',
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
