import { custom, pad, rest, text, u32, u64, union } from '../dsl.ts';

const NETRONOME = 0x0000154d;

/** Properties of a group (ofp_group_prop_header). Nicira's group_mod brings them to versions before 1.5. */
export const groupProperties = union({
  name: 'group_property',
  section: '7.3.4.3',
  doc: 'A property of a group.',
  align: 8,
  lengthIncludesPadding: false,
  subtypeBytes: 4,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'ntr_selection_method',
      code: 0xffff,
      experimenter: { id: NETRONOME, subtype: 1 },
      doc: 'How a select group picks a bucket (Netronome, Open vSwitch): `hash` or `dp_hash`.',
      fields: [
        pad(4),
        text('method', 16),
        u64('param', 'the basis of the hash', 0n),
        custom('fields', 'hash_fields', 'HashFields', '{}'),
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
