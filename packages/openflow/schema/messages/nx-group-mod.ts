import { lengthOf, list, pad, u8, u16, u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXT_GROUP_MOD: the group_mod of 1.5 for older versions.
 *
 *   u16        command            OFPGC_*
 *   u8         groupType          OFPGT_*
 *   u8[1]      pad
 *   u32        groupId
 *   u16        length of buckets
 *   u8[2]      pad
 *   u32        commandBucketId    for INSERT_BUCKET and REMOVE_BUCKET
 *   ...        buckets            each: nx_bucket
 *   ...        properties         each: group_property
 */
export const nxGroupMod = nicira({
  type: 'nx_group_mod',
  doc: 'NXT_GROUP_MOD: the group_mod of 1.5 for older versions.',
  subtype: 31,
  versions: upTo('1.4'),
  fields: [
    u16('command', 'OFPGC_*'),
    u8('groupType', 'OFPGT_*', 0),
    pad(1),
    u32('groupId'),
    lengthOf('buckets'),
    pad(2),
    u32('commandBucketId', 'for INSERT_BUCKET and REMOVE_BUCKET', 0xffffffff),
    list('buckets', 'nx_bucket'),
    list('properties', 'group_property'),
  ],
});
