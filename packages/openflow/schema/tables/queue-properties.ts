import { pad, rest, u16, u32, union } from '../dsl.ts';
import { between, upTo } from '../versions.ts';

/**
 * Queue properties (ofp_queue_prop_header): u16 property, u16 len, 4 bytes of padding, body. From 1.4 on queues are
 * described by OFPMP_QUEUE_DESC, with properties of another form.
 */
export const queueProperties = union({
  versions: upTo('1.3'),
  name: 'queue_property',
  section: 'A.2.2',
  doc: 'A property of a queue. Rates are tenths of a percent of the port rate; above 1000 means off.',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [1, 6],
  members: [
    {
      type: 'none',
      code: 0,
      versions: upTo('1.1'),
      doc: 'No property, the usual case.',
      fields: [pad(4)],
    },
    { type: 'min_rate', code: 1, doc: 'Guaranteed rate.', fields: [pad(4), u16('rate'), pad(6)] },
    {
      type: 'max_rate',
      code: 2,
      versions: between('1.2', '1.3'),
      doc: 'Greatest rate.',
      fields: [pad(4), u16('rate'), pad(6)],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      versions: between('1.2', '1.3'),
      doc: 'A property of somebody else, kept as bytes.',
      fields: [pad(4), u32('experimenter'), pad(4), rest('data')],
    },
  ],
});
