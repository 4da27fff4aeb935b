import { lengthOf, list, pad, selfLength, struct, u8, u32 } from '../dsl.ts';
import { upTo } from '../versions.ts';

/**
 * One group as 1.5 tells it, for older versions.
 *
 *   u16        length
 *   u8         groupType          OFPGT_*
 *   u8[1]      pad
 *   u32        groupId
 *   u16        length of buckets
 *   u8[6]      pad
 *   ...        buckets            each: nx_bucket
 *   ...        properties         each: group_property
 */
export const nxGroupDesc = struct({
  versions: upTo('1.4'),
  name: 'nx_group_desc',
  section: 'nicira-ext.h',
  doc: 'One group as 1.5 tells it, for older versions.',
  fields: [
    selfLength(),
    u8('groupType', 'OFPGT_*', 0),
    pad(1),
    u32('groupId'),
    lengthOf('buckets'),
    pad(6),
    list('buckets', 'nx_bucket'),
    list('properties', 'group_property'),
  ],
});
