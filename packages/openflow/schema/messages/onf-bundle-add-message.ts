import { embedded, list, pad, u16, u32 } from '../dsl.ts';
import { onf } from '../extensions.ts';

/**
 * ONFT_BUNDLE_ADD_MESSAGE: puts a message into an open bundle; both must have the same xid.
 *
 *   u32        bundleId
 *   u8[2]      pad
 *   u16        flags              OFPBF_*
 *   message    message
 *   ...        properties         each: bundle_property
 */
export const onfBundleAddMessage = onf({
  type: 'onf_bundle_add_message',
  doc: 'ONFT_BUNDLE_ADD_MESSAGE: puts a message into an open bundle; both must have the same xid.',
  subtype: 2301,
  fields: [
    u32('bundleId'),
    pad(2),
    u16('flags', 'OFPBF_*', 0),
    embedded('message'),
    list('properties', 'bundle_property', 8),
  ],
});
