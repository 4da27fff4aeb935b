import { list, pad, selfLength, struct, u16, u32 } from '../dsl.ts';

/**
 * One bucket of a group (ofp_bucket).
 *
 *   u16        length
 *   u16        weight             for select groups
 *   u32        watchPort          for fast failover; OFPP_ANY
 *   u32        watchGroup         for fast failover; OFPG_ANY
 *   u8[4]      pad
 *   ...        actions            each: action
 */
export const bucket = struct({
  name: 'bucket',
  section: 'A.3.4.2',
  doc: 'One bucket of a group (ofp_bucket).',
  fields: [
    selfLength(),
    u16('weight', 'for select groups', 0),
    u32('watchPort', 'for fast failover; OFPP_ANY', 0xffffffff),
    u32('watchGroup', 'for fast failover; OFPG_ANY', 0xffffffff),
    pad(4),
    list('actions', 'action'),
  ],
});
