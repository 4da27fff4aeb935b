import { pad, rest, u16, u32, union } from '../dsl.ts';

/** Queue properties (ofp_queue_prop_header): u16 property, u16 len, 4 bytes of padding, body. */
export const queueProperties = union({
  name: 'queue_property',
  section: 'A.2.2',
  doc: 'A property of a queue. Rates are tenths of a percent of the port rate; above 1000 means off.',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [1, 6],
  members: [
    { type: 'min_rate', code: 1, doc: 'Guaranteed rate.', fields: [pad(4), u16('rate'), pad(6)] },
    { type: 'max_rate', code: 2, doc: 'Greatest rate.', fields: [pad(4), u16('rate'), pad(6)] },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [pad(4), u32('experimenter'), pad(4), rest('data')],
    },
  ],
});
