/** Actions of Nicira that write fields, and flow entries. */
import {
  bitRange,
  custom,
  oxm,
  oxmHeader,
  oxmId,
  pad,
  padEnd,
  type UnionMember,
  u8,
  u16,
  u32,
  u64,
} from '../dsl.ts';
import { upTo } from '../versions.ts';
import { BAD_ARGUMENT, MUST_BE_ZERO, nicira } from './nicira-action.ts';

/** 1.5 has copy_field and set_field with a mask instead. */
const BEFORE_1_5 = upTo('1.4');

const learned = [
  u16('idleTimeout', 's', 0),
  u16('hardTimeout', 's', 0),
  u16('priority', '', 0x8000),
  u64('cookie', '', 0n),
  u16('flags', 'NX_LEARN_F_*: 1 flow_removed, 2 deleted with this entry, 4 write the result', 0),
  u8('tableId'),
  pad(1, BAD_ARGUMENT),
  u16('finIdleTimeout', 's, after FIN or RST', 0),
  u16('finHardTimeout', 's, after FIN or RST', 0),
];
const specs = custom('specs', 'learn_specs', 'readonly LearnSpec[]', '[]');

const stacked = [
  u16('offset', 'first bit', 0),
  oxmHeader('field'),
  u16('bits', 'how many'),
  padEnd(MUST_BE_ZERO),
];

export const niciraFieldActions: readonly UnionMember[] = [
  nicira(
    'nx_reg_move',
    6,
    'Copy bits from one field to another.',
    [
      u16('bits', 'how many'),
      u16('srcOffset', 'first bit', 0),
      u16('dstOffset', 'first bit', 0),
      oxmHeader('src'),
      oxmHeader('dst'),
      padEnd(),
    ],
    BEFORE_1_5,
  ),
  nicira(
    'nx_reg_load',
    7,
    'Write a number into bits of a field.',
    [bitRange('range', 'of dst'), oxmId('dst'), u64('value')],
    BEFORE_1_5,
  ),
  nicira('nx_reg_load2', 33, 'Set a field, or the bits of it in the mask.', [oxm()], BEFORE_1_5),
  nicira('nx_stack_push', 27, 'Push bits of a field on the stack.', stacked),
  nicira('nx_stack_pop', 28, 'Pop bits of a field from the stack.', stacked),
  nicira('nx_set_tunnel', 2, 'Set the tunnel id, 32 bits.', [pad(2), u32('tunnelId')]),
  nicira('nx_set_tunnel64', 9, 'Set the tunnel id.', [pad(6), u64('tunnelId')]),
  nicira('nx_write_metadata', 22, 'Write bits of the metadata.', [
    pad(6),
    u64('metadata'),
    u64('mask', 'bits to write', 0xffffffffffffffffn),
  ]),
  nicira('nx_check_pkt_larger', 49, 'Write whether the packet is larger into a bit.', [
    u16('pktLen', 'bytes, Ethernet header included'),
    u16('offset', 'the bit of dst', 0),
    oxmHeader('dst'),
    padEnd(MUST_BE_ZERO),
  ]),
  nicira('nx_delete_field', 50, 'Remove an option of the tunnel.', [
    custom('field', 'deleted_field', 'OxmId', undefined, 14),
    padEnd(),
  ]),
  nicira('nx_learn', 16, 'Add a flow entry made of this packet.', [...learned, specs]),
  nicira('nx_learn2', 45, 'Add a flow entry made of this packet, up to a limit.', [
    ...learned,
    u32('limit', 'entries with this cookie, 0 for no limit', 0),
    custom('result', 'learn_result', 'LearnResult', 'undefined', 'self'),
    specs,
  ]),
];
