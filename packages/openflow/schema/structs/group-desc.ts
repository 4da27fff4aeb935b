import { lengthOf, list, pad, selfLength, structs, u8, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * One group (ofp_group_desc_stats).
 *
 * 1.1 to 1.4:
 *   u16        length
 *   u8         groupType          OFPGT_*
 *   u8[1]      pad
 *   u32        groupId
 *   ...        buckets            each: bucket
 *
 * 1.5:
 *   u16        length
 *   u8         groupType          OFPGT_*
 *   u8[1]      pad
 *   u32        groupId
 *   u16        length of buckets
 *   u8[6]      pad
 *   ...        buckets            each: bucket
 *   ...        properties         each: group_property
 */
export const groupDesc = structs({ name: 'group_desc', doc: 'One group (ofp_group_desc_stats).' }, [
  {
    versions: between('1.1', '1.4'),
    section: 'A.3.5.10',
    fields: [selfLength(), u8('groupType', 'OFPGT_*', 0), pad(1), u32('groupId'), list('buckets', 'bucket')],
  },
  {
    versions: only('1.5'),
    section: '7.3.5',
    fields: [
      selfLength(),
      u8('groupType', 'OFPGT_*', 0),
      pad(1),
      u32('groupId'),
      lengthOf('buckets'),
      pad(6),
      list('buckets', 'bucket'),
      list('properties', 'group_property'),
    ],
  },
]);
