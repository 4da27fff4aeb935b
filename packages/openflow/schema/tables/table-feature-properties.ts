import { custom, type Field, numbers, rest, type UnionMember, u32, union } from '../dsl.ts';
import { from, only, type Version } from '../versions.ts';

const ids: readonly Field[] = [custom('ids', 'type_ids', 'readonly TypeId[]', '[]')];
const tables: readonly Field[] = [numbers('tableIds', 'u8')];
const fields: readonly Field[] = [numbers('oxmIds', 'oxm_id')];
const experimenter: readonly Field[] = [
  u32('experimenter'),
  u32('expType', 'defined by the experimenter', 0),
  rest('data'),
];

/** A property for flow entries, and one number higher the same for the table-miss entry. */
const pair = (
  type: string,
  code: number,
  doc: string,
  layout: readonly Field[],
  versions?: readonly Version[],
): readonly UnionMember[] => {
  const of = versions === undefined ? {} : { versions };
  return [
    { type, code, doc, fields: layout, ...of },
    { type: `${type}_miss`, code: code + 1, doc: `${doc} For the table-miss entry.`, fields: layout, ...of },
  ];
};

const members: readonly UnionMember[] = [
  ...pair('instructions', 0, 'Instructions that entries may have.', ids),
  ...pair('next_tables', 2, 'Tables that goto_table may name.', tables),
  ...pair('write_actions', 4, 'Actions that write_actions may have.', ids),
  ...pair('apply_actions', 6, 'Actions that apply_actions may have.', ids),
  { type: 'match', code: 8, doc: 'Fields that may be matched; with /mask, also by bits.', fields },
  { type: 'wildcards', code: 10, doc: 'Fields that may be left out of the match.', fields },
  ...pair('write_setfield', 12, 'Fields that set_field may set in write_actions.', fields),
  ...pair('apply_setfield', 14, 'Fields that set_field may set in apply_actions.', fields),
  {
    type: 'table_sync_from',
    code: 16,
    versions: from('1.4'),
    doc: 'Tables whose content this one follows.',
    fields: tables,
  },
  ...pair('write_copyfield', 18, 'Fields that copy_field may take in write_actions.', fields, only('1.5')),
  ...pair('apply_copyfield', 20, 'Fields that copy_field may take in apply_actions.', fields, only('1.5')),
  {
    type: 'packet_types',
    code: 22,
    versions: only('1.5'),
    doc: 'Packet types that the table accepts.',
    fields: [custom('packetTypes', 'packet_types', 'readonly PacketType[]', '[]')],
  },
  ...pair('experimenter', 0xfffe, 'A property of somebody else, kept as bytes.', experimenter),
];

/**
 * Properties of table features (ofp_table_feature_prop_header): u16 type, u16 length, body, then padding to 8 bytes
 * that the length leaves out. Lists of instructions and actions have headers only, see type_ids.
 */
const head = {
  name: 'table_feature_property',
  doc: 'One thing that a table can do.',
  align: 8,
  lengthIncludesPadding: false,
  subtypeBytes: 4,
  minimum: 4,
  members,
} as const;

export const tableFeatureProperties = [
  union({ ...head, versions: only('1.3'), section: 'A.3.5.5.2', badLength: [13, 3] }),
  union({ ...head, versions: from('1.4'), section: '7.3.5.6.2', badLength: [14, 1] }),
];
