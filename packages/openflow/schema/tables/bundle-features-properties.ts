import { inline, pad, rest, u32, union } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * Properties of bundle features (ofp_bundle_features_prop_header): u16 type, u16 length, body, then padding to 8 bytes
 * that the length leaves out.
 */
export const bundleFeaturesProperties = union({
  versions: only('1.5'),
  name: 'bundle_features_property',
  section: '7.3.5',
  doc: 'A feature of bundles.',
  align: 8,
  lengthIncludesPadding: false,
  subtypeBytes: 4,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'time_capability',
      code: 1,
      doc: 'How exactly and how far from now a commit can be scheduled. A request has zeros and its own clock.',
      fields: [
        pad(4),
        inline('schedAccuracy', 'time'),
        inline('schedMaxFuture', 'time'),
        inline('schedMaxPast', 'time'),
        inline('timestamp', 'time'),
      ],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType', 'defined by the experimenter', 0), rest('data')],
    },
  ],
});
