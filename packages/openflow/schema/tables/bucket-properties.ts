import { pad, rest, u16, u32, union } from '../dsl.ts';

/** Properties of a bucket (ofp_group_bucket_prop_header). Nicira's group_mod brings them to versions before 1.5. */
export const bucketProperties = union({
  name: 'bucket_property',
  section: '7.3.4.3',
  doc: 'A property of a bucket.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    { type: 'weight', code: 0, doc: 'For select groups.', fields: [u16('weight'), pad(2)] },
    {
      type: 'watch_port',
      code: 1,
      doc: 'For fast failover: the port that must be live.',
      fields: [u32('watch', 'port, or OFPP_ANY')],
    },
    {
      type: 'watch_group',
      code: 2,
      doc: 'For fast failover: the group that must be live.',
      fields: [u32('watch', 'group, or OFPG_ANY')],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType'), rest('data')],
    },
  ],
});
