import {
  type Field,
  lengthOf,
  list,
  match,
  nxMatch,
  pad,
  type UnionMember,
  u8,
  u16,
  u32,
  u64,
  union,
} from '../dsl.ts';
import { only, upTo } from '../versions.ts';

const full = (conditions: Field, outcome: Field): readonly Field[] => [
  u16('reason', 'OFPRR_* of deleted', 0),
  u16('priority'),
  u16('idleTimeout', 'seconds', 0),
  u16('hardTimeout', 'seconds', 0),
  lengthOf('match'),
  u8('tableId'),
  pad(1),
  u64('cookie', '', 0n),
  conditions,
  outcome,
];
const members = (conditions: Field, outcome: Field): readonly UnionMember[] => [
  {
    type: 'added',
    code: 0,
    doc: 'An entry was added, or was there when the monitor began.',
    fields: full(conditions, outcome),
  },
  { type: 'deleted', code: 1, doc: 'An entry was deleted.', fields: full(conditions, outcome) },
  { type: 'modified', code: 2, doc: 'The actions of an entry changed.', fields: full(conditions, outcome) },
  {
    type: 'abbrev',
    code: 3,
    doc: "What the receiver's own flow mod did.",
    fields: [u32('xid', 'of the flow mod')],
  },
];

/** Updates of Nicira's flow monitor (nx_flow_update_header): u16 length, u16 event (the length first), body. */
export const nxFlowUpdates = union({
  versions: upTo('1.2'),
  name: 'nx_flow_update',
  section: 'nicira-ext.h',
  doc: 'What a flow monitor of Nicira tells.',
  header: 'length_type',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [1, 6],
  members: members(nxMatch(), list('actions', 'action')),
});

/** The same for the ONF's flow monitor of 1.3, with instructions and an ofp_match whose length stands twice. */
export const onfFlowUpdates = union({
  versions: only('1.3'),
  name: 'onf_flow_update',
  section: 'EXT-187',
  doc: "What the ONF's flow monitor tells.",
  header: 'length_type',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [1, 6],
  members: members(match(), list('instructions', 'instruction')),
});
