import { list, u16, u32 } from '../dsl.ts';
import { onf } from '../extensions.ts';

/**
 * ONFT_BUNDLE_CONTROL: the bundle_control of 1.4 for 1.3; the reply is the same message.
 *
 *   u32        bundleId
 *   u16        controlType        OFPBCT_*
 *   u16        flags              OFPBF_*
 *   ...        properties         each: bundle_property
 */
export const onfBundleControl = onf({
  type: 'onf_bundle_control',
  doc: 'ONFT_BUNDLE_CONTROL: the bundle_control of 1.4 for 1.3; the reply is the same message.',
  subtype: 2300,
  reply: 'onf_bundle_control',
  fields: [
    u32('bundleId'),
    u16('controlType', 'OFPBCT_*'),
    u16('flags', 'OFPBF_*', 0),
    list('properties', 'bundle_property'),
  ],
});
