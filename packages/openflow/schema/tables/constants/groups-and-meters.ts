/** Groups and meters. Open vSwitch has groups in 1.0 too (nx_group_mod). */
import { from, only, upTo } from '../../versions.ts';
import { bits, type ConstantGroup, group, groups, sequence } from './group.ts';

const commands15 = { ADD: 0, MODIFY: 1, DELETE: 2, INSERT_BUCKET: 3, REMOVE_BUCKET: 5 };

export const groupAndMeterGroups: readonly ConstantGroup[] = [
  ...group('OFPG', 'Reserved group numbers.', { MAX: 0xffffff00, ALL: 0xfffffffc, ANY: 0xffffffff }),
  ...group('OFPG_BUCKET', 'Reserved bucket numbers, in group_mod of 1.5 and nx_group_mod.', {
    MAX: 0xffffff00,
    FIRST: 0xfffffffd,
    LAST: 0xfffffffe,
    ALL: 0xffffffff,
  }),
  ...groups('OFPGC', 'Group mod commands.', [
    [upTo('1.4'), sequence('ADD', 'MODIFY', 'DELETE')],
    [only('1.5'), commands15],
  ]),
  ...group('NXGC', 'Commands of nx_group_mod.', commands15, upTo('1.4')),
  ...group('OFPGT', 'Group types.', sequence('ALL', 'SELECT', 'INDIRECT', 'FF')),
  ...group(
    'OFPGFC',
    'What groups can do.',
    bits('SELECT_WEIGHT', 'SELECT_LIVENESS', 'CHAINING', 'CHAINING_CHECKS'),
  ),
  ...group(
    'OFPM',
    'Reserved meter numbers; real meters are 1 to MAX.',
    { MAX: 0xffff0000, SLOWPATH: 0xfffffffd, CONTROLLER: 0xfffffffe, ALL: 0xffffffff },
    from('1.3'),
  ),
  ...group('OFPMC', 'Meter mod commands.', sequence('ADD', 'MODIFY', 'DELETE'), from('1.3')),
  ...group('OFPMF', 'Meter flags.', bits('KBPS', 'PKTPS', 'BURST', 'STATS'), from('1.3')),
  ...group('OFPMBT', 'Meter band types.', { DROP: 1, DSCP_REMARK: 2, EXPERIMENTER: 0xffff }, from('1.3')),
];
