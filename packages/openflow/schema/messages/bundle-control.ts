import { list, message, u16, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPT_BUNDLE_CONTROL: opens, closes, commits or discards a bundle; the reply is the same message.
 *
 *   u32        bundleId
 *   u16        controlType        OFPBCT_*
 *   u16        flags              OFPBF_*
 *   ...        properties         each: bundle_property
 */
export const bundleControl = message({
  versions: from('1.4'),
  type: 'bundle_control',
  section: '7.3.9.1',
  doc: 'OFPT_BUNDLE_CONTROL: opens, closes, commits or discards a bundle; the reply is the same message.',
  code: 33,
  reply: 'bundle_control',
  fields: [
    u32('bundleId'),
    u16('controlType', 'OFPBCT_*'),
    u16('flags', 'OFPBF_*', 0),
    list('properties', 'bundle_property'),
  ],
});
