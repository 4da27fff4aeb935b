import { lengthOf, list, selfLength, struct, u32 } from '../dsl.ts';
import { upTo } from '../versions.ts';
import { BAD_BUCKET } from './bucket.ts';

/**
 * The bucket of 1.5 for older versions.
 *
 *   u16        length
 *   u16        length of actions
 *   u32        bucketId           unique in the group
 *   ...        actions            each: action
 *   ...        properties         each: bucket_property
 */
export const nxBucket = struct({
  versions: upTo('1.4'),
  name: 'nx_bucket',
  section: 'nicira-ext.h',
  doc: 'The bucket of 1.5 for older versions.',
  badLength: BAD_BUCKET,
  badContent: BAD_BUCKET,
  fields: [
    selfLength(),
    lengthOf('actions'),
    u32('bucketId', 'unique in the group'),
    list('actions', 'action'),
    list('properties', 'bucket_property'),
  ],
});
