import { list, match, match10, match11, messages, pad, u8, u16, u32, u64 } from '../dsl.ts';
import { between, from, only } from '../versions.ts';

/**
 * OFPT_FLOW_MOD: adds, changes or deletes flow entries. From 1.1 on:
 *
 *   u64        cookie             owner tag
 *   u64        cookieMask         for modify and delete: bits of the cookie that must agree
 *   u8         tableId            OFPTT_ALL for delete means every table
 *   u8         command            OFPFC_*
 *   u16        idleTimeout        seconds, 0 is never
 *   u16        hardTimeout        seconds, 0 is never
 *   u16        priority           higher wins
 *   u32        bufferId           OFP_NO_BUFFER or a packet to send through the entry
 *   u32        outPort            for delete: only entries that output here; OFPP_ANY
 *   u32        outGroup           for delete: only entries that use the group; OFPG_ANY
 *   u16        flags              OFPFF_*
 *   u16        importance         from 1.4: entries of less are evicted first; before, padding
 *   ofp_match  match
 *   ...        instructions       each: instruction
 *
 * 1.0:
 *
 *   u8[40]     match
 *   u64        cookie
 *   u16        command            OFPFC_*
 *   u16        idleTimeout, hardTimeout, priority
 *   u32        bufferId
 *   u16        outPort            OFPP_NONE
 *   u16        flags              OFPFF_*
 *   ...        actions            each: action
 */
const timeoutsAndPriority = [
  u16('idleTimeout', 'seconds, 0 is never', 0),
  u16('hardTimeout', 'seconds, 0 is never', 0),
  u16('priority', 'higher wins', 0x8000),
  u32('bufferId', 'OFP_NO_BUFFER or a packet to send through the entry', 0xffffffff),
];
const cookie = u64('cookie', 'owner tag', 0n);
const flags = u16('flags', 'OFPFF_*', 0);
const head = [
  cookie,
  u64('cookieMask', 'for modify and delete: bits of the cookie that must agree', 0n),
  u8('tableId', 'OFPTT_ALL for delete means every table', 0),
  u8('command', 'OFPFC_*'),
  ...timeoutsAndPriority,
  u32('outPort', 'for delete: only entries that output here; OFPP_ANY', 0xffffffff),
  u32('outGroup', 'for delete: only entries that use the group; OFPG_ANY', 0xffffffff),
  flags,
];
const instructions = list('instructions', 'instruction');

export const flowMod = messages(
  { type: 'flow_mod', doc: 'OFPT_FLOW_MOD: adds, changes or deletes flow entries.' },
  [
    {
      versions: only('1.0'),
      section: '5.3.3',
      multipleOf: 8,
      code: 14,
      fields: [
        match10(),
        cookie,
        u16('command', 'OFPFC_*'),
        ...timeoutsAndPriority,
        u16('outPort', 'for delete: only entries that output here; OFPP_NONE', 0xffff),
        flags,
        list('actions', 'action'),
      ],
    },
    {
      versions: only('1.1'),
      section: 'A.3.4.1',
      multipleOf: 8,
      code: 14,
      fields: [...head, pad(2), match11(), instructions],
    },
    {
      versions: between('1.2', '1.3'),
      section: 'A.3.4.1',
      multipleOf: 8,
      code: 14,
      fields: [...head, pad(2), match(), instructions],
    },
    {
      versions: from('1.4'),
      section: '7.3.4.1',
      multipleOf: 8,
      code: 14,
      fields: [...head, u16('importance', 'entries of less are evicted first', 0), match(), instructions],
    },
  ],
);
