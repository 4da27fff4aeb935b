import { pad, rest, u16, u32, union } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * Properties of queues from 1.4 (ofp_queue_desc_prop_header): u16 type, u16 length, body, then padding to 8 bytes that
 * the length leaves out. Those of queue_property (up to 1.3) have the same numbers and other padding.
 */
export const queueDescProperties = union({
  versions: from('1.4'),
  name: 'queue_desc_property',
  section: '7.3.5.10',
  doc: 'A property of a queue. Rates are tenths of a percent of the port rate; above 1000 means off.',
  align: 8,
  lengthIncludesPadding: false,
  subtypeBytes: 4,
  minimum: 4,
  badLength: [14, 1],
  members: [
    { type: 'min_rate', code: 1, doc: 'Guaranteed rate.', fields: [u16('rate'), pad(2)] },
    { type: 'max_rate', code: 2, doc: 'Greatest rate.', fields: [u16('rate'), pad(2)] },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType', 'defined by the experimenter', 0), rest('data')],
    },
  ],
});
