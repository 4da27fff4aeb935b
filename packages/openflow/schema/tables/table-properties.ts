import { pad, rest, u8, u32, union } from '../dsl.ts';
import { from } from '../versions.ts';

/** Properties of a flow table (ofp_table_mod_prop_header), in OFPT_TABLE_MOD and OFPMP_TABLE_DESC. */
export const tableProperties = union({
  versions: from('1.4'),
  name: 'table_property',
  section: '7.3.3',
  doc: 'A property of a flow table.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'eviction',
      code: 2,
      doc: 'What decides which entry makes room when the table is full.',
      fields: [u32('flags', 'OFPTMPEF_*')],
    },
    {
      type: 'vacancy',
      code: 3,
      doc: 'Percentages of free entries at which OFPT_TABLE_STATUS is sent.',
      fields: [
        u8('vacancyDown', 'percent, when the table fills'),
        u8('vacancyUp', 'percent, when it empties'),
        u8('vacancy', 'percent now; only in replies', 0),
        pad(1),
      ],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType'), rest('data')],
    },
  ],
});
