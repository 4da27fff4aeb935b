import { list, pad, rest, stats, u8, u32, u64, union } from '../dsl.ts';
import { between, from, only } from '../versions.ts';

/**
 * Instructions (ofp_instruction): u16 type, u16 len, body. OpenFlow 1.1 §A.2.4, 1.4 §7.2.3, 1.5 §7.2.5. 1.0 has
 * actions alone; from 1.5 on a meter is an action.
 */
export const instructions = union({
  name: 'instruction',
  versions: from('1.1'),
  section: 'A.2.4',
  doc: 'What a flow entry does with a packet that it matches.',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [3, 7],
  members: [
    { type: 'goto_table', code: 1, doc: 'Go on in a later table.', fields: [u8('tableId'), pad(3)] },
    {
      type: 'write_metadata',
      code: 2,
      doc: 'Write bits of the metadata.',
      fields: [pad(4), u64('metadata'), u64('mask', 'bits to write', 0xffffffffffffffffn)],
    },
    {
      type: 'write_actions',
      code: 3,
      doc: 'Add to the action set.',
      fields: [pad(4), list('actions', 'action')],
    },
    {
      type: 'apply_actions',
      code: 4,
      doc: 'Do at once, in order.',
      fields: [pad(4), list('actions', 'action')],
    },
    { type: 'clear_actions', code: 5, doc: 'Empty the action set.', fields: [pad(4)] },
    {
      type: 'meter',
      code: 6,
      versions: between('1.3', '1.4'),
      doc: 'Pass through a meter first.',
      fields: [u32('meterId')],
    },
    {
      type: 'stat_trigger',
      code: 7,
      versions: only('1.5'),
      doc: 'Report when counters pass thresholds.',
      fields: [
        u32('flags', 'OFPSTF_*: 1 again at every multiple, 2 only the first one', 0),
        stats('thresholds'),
      ],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'An instruction of somebody else, kept as bytes.',
      fields: [u32('experimenter'), rest('data')],
    },
  ],
});
