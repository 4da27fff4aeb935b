import { lengthOf, list, messages, pad, u8, u16, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPT_GROUP_MOD: adds, changes or deletes a group.
 *
 *   u16        command            OFPGC_*
 *   u8         groupType          OFPGT_*
 *   u8[1]      pad
 *   u32        groupId
 *   ...        buckets            each: bucket
 *
 * 1.5 says between groupId and buckets how long they are, because properties follow them:
 *
 *   u16        length of buckets
 *   u8[2]      pad
 *   u32        commandBucketId    for INSERT_BUCKET and REMOVE_BUCKET; OFPG_BUCKET_ALL
 *   ...        buckets            each: bucket
 *   ...        properties         each: group_property
 */
const head = [u16('command', 'OFPGC_*'), u8('groupType', 'OFPGT_*', 0), pad(1), u32('groupId')];
const buckets = list('buckets', 'bucket');

export const groupMod = messages(
  { type: 'group_mod', doc: 'OFPT_GROUP_MOD: adds, changes or deletes a group.' },
  [
    {
      versions: between('1.1', '1.4'),
      section: 'A.3.4.2',
      multipleOf: 8,
      code: 15,
      fields: [...head, buckets],
    },
    {
      versions: only('1.5'),
      section: '7.3.4.3',
      multipleOf: 8,
      code: 15,
      fields: [
        ...head,
        lengthOf('buckets'),
        pad(2),
        u32('commandBucketId', 'for INSERT_BUCKET and REMOVE_BUCKET', 0xffffffff),
        buckets,
        list('properties', 'group_property'),
      ],
    },
  ],
);
