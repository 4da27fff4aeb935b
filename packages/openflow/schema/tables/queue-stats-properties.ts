import { rest, u32, union } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * Properties of queue counters (ofp_queue_stats_prop_header): u16 type, u16 length, body, then padding to 8 bytes that
 * the length leaves out.
 */
export const queueStatsProperties = union({
  versions: from('1.4'),
  name: 'queue_stats_property',
  section: '7.3.5.9',
  doc: 'Counters of a queue that the specification does not name.',
  align: 8,
  lengthIncludesPadding: false,
  subtypeBytes: 4,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType', 'defined by the experimenter', 0), rest('data')],
    },
  ],
});
