import { list, pad, selfLength, struct, u8, u32 } from '../dsl.ts';

/**
 * One group (ofp_group_desc_stats).
 *
 *   u16        length
 *   u8         groupType          OFPGT_*
 *   u8[1]      pad
 *   u32        groupId
 *   ...        buckets            each: bucket
 */
export const groupDesc = struct({
  name: 'group_desc',
  section: 'A.3.5.10',
  doc: 'One group (ofp_group_desc_stats).',
  fields: [selfLength(), u8('groupType', 'OFPGT_*', 0), pad(1), u32('groupId'), list('buckets', 'bucket')],
});
