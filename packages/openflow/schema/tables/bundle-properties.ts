import { inline, pad, rest, u32, union } from '../dsl.ts';
import { only } from '../versions.ts';

/** Properties of bundle messages (ofp_bundle_prop_header). The ONF's extension brings bundles to 1.3. */
export const bundleProperties = union({
  name: 'bundle_property',
  section: '7.3.9.4',
  doc: 'A property of a bundle.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'time',
      code: 1,
      versions: only('1.5'),
      doc: 'When to carry out the bundle; with OFPBF_TIME.',
      fields: [pad(4), inline('scheduledTime', 'time')],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType'), rest('data')],
    },
  ],
});
