import { list, message, pad, u16 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * OFPMP_BUNDLE_FEATURES reply: what bundles can do here.
 *
 *   u16        capabilities       OFPBF_*
 *   u8[6]      pad
 *   ...        properties         each: bundle_features_property
 */
export const bundleFeaturesReply = message({
  versions: only('1.5'),
  type: 'bundle_features_reply',
  section: '7.3.5',
  doc: 'OFPMP_BUNDLE_FEATURES reply: what bundles can do here.',
  code: 19,
  multipart: 19,
  fields: [u16('capabilities', 'OFPBF_*', 0), pad(6), list('properties', 'bundle_features_property')],
});
