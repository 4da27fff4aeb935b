import { lengthOf, list, pad, selfLength, structs, u16, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * One bucket of a group (ofp_bucket). 1.1 to 1.4:
 *
 *   u16        length
 *   u16        weight             for select groups
 *   u32        watchPort          for fast failover; OFPP_ANY
 *   u32        watchGroup         for fast failover; OFPG_ANY
 *   u8[4]      pad
 *   ...        actions            each: action
 *
 * 1.5:
 *
 *   u16        length
 *   u16        length of actions
 *   u32        bucketId           unique in the group, at most OFPG_BUCKET_MAX
 *   ...        actions            each: action
 *   ...        properties         each: bucket_property
 */
/** OFPGMFC_BAD_BUCKET: Open vSwitch 3.1 says no more about the buckets of 1.5. */
export const BAD_BUCKET = [6, 12] as const;

export const bucket = structs({ name: 'bucket', doc: 'One bucket of a group (ofp_bucket).' }, [
  {
    versions: between('1.1', '1.4'),
    section: 'A.3.4.2',
    badLength: BAD_BUCKET,
    fields: [
      selfLength(),
      u16('weight', 'for select groups', 0),
      u32('watchPort', 'for fast failover; OFPP_ANY', 0xffffffff),
      u32('watchGroup', 'for fast failover; OFPG_ANY', 0xffffffff),
      pad(4),
      list('actions', 'action'),
    ],
  },
  {
    versions: only('1.5'),
    section: '7.3.4.3',
    badLength: BAD_BUCKET,
    badContent: BAD_BUCKET,
    fields: [
      selfLength(),
      lengthOf('actions'),
      u32('bucketId', 'unique in the group, at most OFPG_BUCKET_MAX'),
      list('actions', 'action'),
      list('properties', 'bucket_property'),
    ],
  },
]);
