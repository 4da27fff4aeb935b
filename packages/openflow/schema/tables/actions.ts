import { oxm, oxmHeader, pad, padEnd, rest, type UnionMember, u16, u32, union } from '../dsl.ts';
import { between, from, only } from '../versions.ts';
import { headerActions } from './actions-header.ts';
import { niciraActions } from './actions-nicira.ts';
import { niciraFieldActions } from './actions-nicira-fields.ts';
import { niciraPacketActions } from './actions-nicira-packets.ts';

/** Where packets go, through what, and what fields become. */
const standardActions: readonly UnionMember[] = [
  {
    type: 'output',
    code: 0,
    versions: only('1.0'),
    doc: 'Send out of a port; maxLen limits what goes to the controller.',
    fields: [u16('port', 'port or OFPP_*'), u16('maxLen', 'bytes', 0xffff)],
  },
  {
    type: 'output',
    code: 0,
    versions: from('1.1'),
    doc: 'Send out of a port; maxLen limits what goes to the controller.',
    fields: [u32('port', 'port or OFPP_*'), u16('maxLen', 'bytes, OFPCML_NO_BUFFER for all', 0xffff), pad(6)],
  },
  {
    type: 'enqueue',
    code: 11,
    versions: only('1.0'),
    doc: 'Send out of a port through a queue of it.',
    fields: [u16('port', 'port, OFPP_IN_PORT or OFPP_LOCAL'), pad(6), u32('queueId')],
  },
  ...headerActions,
  {
    type: 'set_queue',
    code: 21,
    versions: from('1.1'),
    doc: 'Choose the queue of later outputs.',
    fields: [u32('queueId')],
  },
  {
    type: 'group',
    code: 22,
    versions: from('1.1'),
    doc: 'Go through a group.',
    fields: [u32('groupId')],
  },
  {
    type: 'set_field',
    code: 25,
    versions: from('1.2'),
    doc: 'Set a header field; before 1.5 without a mask.',
    fields: [oxm()],
  },
  {
    type: 'copy_field',
    code: 28,
    versions: only('1.5'),
    doc: 'Copy bits from one field to another.',
    fields: [
      u16('bits', 'how many'),
      u16('srcOffset', 'first bit', 0),
      u16('dstOffset', 'first bit', 0),
      pad(2),
      oxmHeader('src'),
      oxmHeader('dst'),
      padEnd(),
    ],
  },
  {
    type: 'meter',
    code: 29,
    versions: only('1.5'),
    doc: 'Pass through a meter.',
    fields: [u32('meterId')],
  },
  {
    type: 'onf_copy_field',
    code: 0xffff,
    versions: between('1.3', '1.4'),
    experimenter: { id: 0x4f4e4600, subtype: 3200 },
    doc: 'Copy bits from one field to another, before 1.5 had it.',
    fields: [
      pad(2),
      u16('bits', 'how many'),
      u16('srcOffset', 'first bit', 0),
      u16('dstOffset', 'first bit', 0),
      pad(2),
      oxmHeader('src'),
      oxmHeader('dst'),
      padEnd(),
    ],
  },
];

/**
 * Actions (ofp_action_header): u16 type, u16 len, body; len counts the padding to 8 bytes. Those of Nicira are
 * type 0xffff, u32 0x00002320, u16 subtype; ovs-actions(7) says what they do. OpenFlow 1.0 §5.2.4, 1.1 §A.2.5,
 * 1.4 §7.2.4, 1.5 §7.2.6.
 */
export const actions = union({
  name: 'action',
  section: 'A.2.5',
  doc: 'What happens to a packet.',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [2, 1],
  members: [
    ...standardActions,
    ...niciraActions,
    ...niciraFieldActions,
    ...niciraPacketActions,
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'An action of somebody else, kept as bytes.',
      fields: [u32('experimenter'), rest('data')],
    },
  ],
});
