import { list, message, pad, u8, u16, u32 } from '../dsl.ts';

/**
 * OFPT_GROUP_MOD: adds, changes or deletes a group.
 *
 *   u16        command            OFPGC_*
 *   u8         groupType          OFPGT_*
 *   u8[1]      pad
 *   u32        groupId
 *   ...        buckets            each: bucket
 */
export const groupMod = message({
  type: 'group_mod',
  section: 'A.3.4.2',
  doc: 'OFPT_GROUP_MOD: adds, changes or deletes a group.',
  code: 15,
  fields: [
    u16('command', 'OFPGC_*'),
    u8('groupType', 'OFPGT_*', 0),
    pad(1),
    u32('groupId'),
    list('buckets', 'bucket'),
  ],
});
