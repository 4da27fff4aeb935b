import { list, message, pad, u32 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * OFPMP_BUNDLE_FEATURES request: what can bundles do here?
 *
 *   u32        featureRequestFlags OFPBF_*
 *   u8[4]      pad
 *   ...        properties         each: bundle_features_property
 */
export const bundleFeaturesRequest = message({
  versions: only('1.5'),
  type: 'bundle_features_request',
  section: '7.3.5',
  doc: 'OFPMP_BUNDLE_FEATURES request: what can bundles do here?',
  code: 18,
  multipart: 19,
  reply: 'bundle_features_reply',
  fields: [u32('featureRequestFlags', 'OFPBF_*', 0), pad(4), list('properties', 'bundle_features_property')],
});
