import { embedded, list, message, pad, u16, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPT_BUNDLE_ADD_MESSAGE: puts a message into an open bundle.
 *
 *   u32        bundleId
 *   u8[2]      pad
 *   u16        flags              OFPBF_*, as in the bundle_control that opened it
 *   message    message            its xid must be that of this message
 *   u8[0-7]    pad                to 8 bytes, when properties follow
 *   ...        properties         each: bundle_property
 */
export const bundleAddMessage = message({
  versions: from('1.4'),
  type: 'bundle_add_message',
  section: '7.3.9.2',
  doc: 'OFPT_BUNDLE_ADD_MESSAGE: puts a message into an open bundle; both must have the same xid.',
  code: 34,
  fields: [
    u32('bundleId'),
    pad(2),
    u16('flags', 'OFPBF_*', 0),
    embedded('message'),
    list('properties', 'bundle_property', 8),
  ],
});
