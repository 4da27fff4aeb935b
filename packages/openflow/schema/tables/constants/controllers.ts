/** Controllers: roles, bundles, flow monitors, multiparts. */
import { between, from, only, upTo } from '../../versions.ts';
import { bits, type ConstantGroup, group, groups, sequence } from './group.ts';

const EXPERIMENTER = 0xffff;
const multiparts13 = [
  'DESC',
  'FLOW',
  'AGGREGATE',
  'TABLE',
  'PORT_STATS',
  'QUEUE',
  'GROUP',
  'GROUP_DESC',
  'GROUP_FEATURES',
  'METER',
  'METER_CONFIG',
  'METER_FEATURES',
  'TABLE_FEATURES',
  'PORT_DESC',
];
const statistics10 = ['DESC', 'FLOW', 'AGGREGATE', 'TABLE', 'PORT', 'QUEUE'];

export const controllerGroups: readonly ConstantGroup[] = [
  ...group('OFPMPF', 'Flags of multiparts and of statistics, both directions.', { MORE: 1 }),
  ...groups('OFPST', 'Statistics types.', [
    [only('1.0'), { ...sequence(...statistics10), VENDOR: 0xffff }],
    [only('1.1'), { ...sequence(...statistics10, 'GROUP', 'GROUP_DESC'), EXPERIMENTER }],
    [only('1.2'), { ...sequence(...statistics10, 'GROUP', 'GROUP_DESC', 'GROUP_FEATURES'), EXPERIMENTER }],
  ]),
  ...groups('OFPMP', 'Multipart types.', [
    [only('1.3'), { ...sequence(...multiparts13), EXPERIMENTER }],
    [only('1.4'), { ...sequence(...multiparts13, 'TABLE_DESC', 'QUEUE_DESC', 'FLOW_MONITOR'), EXPERIMENTER }],
    [
      only('1.5'),
      {
        ...sequence(
          'DESC',
          'FLOW_DESC',
          'AGGREGATE_STATS',
          'TABLE_STATS',
          'PORT_STATS',
          'QUEUE_STATS',
          'GROUP_STATS',
          'GROUP_DESC',
          'GROUP_FEATURES',
          'METER_STATS',
          'METER_DESC',
          'METER_FEATURES',
          'TABLE_FEATURES',
          'PORT_DESC',
          'TABLE_DESC',
          'QUEUE_DESC',
          'FLOW_MONITOR',
          'FLOW_STATS',
          'CONTROLLER_STATUS',
          'BUNDLE_FEATURES',
        ),
        EXPERIMENTER,
      },
    ],
  ]),
  ...group('OFPCR_ROLE', 'Controller roles.', sequence('NOCHANGE', 'EQUAL', 'MASTER', 'SLAVE'), from('1.2')),
  ...group('NX_ROLE', 'Roles of nx_role_request.', sequence('OTHER', 'MASTER', 'SLAVE')),
  ...group(
    'OFPCRR',
    'Why a role was changed.',
    sequence('MASTER_REQUEST', 'CONFIG', 'EXPERIMENTER'),
    from('1.3'),
  ),
  ...group('OFPRFR', 'Which request was forwarded.', sequence('GROUP_MOD', 'METER_MOD'), from('1.4')),
  ...group(
    'OFPBCT',
    'What a bundle_control wants or answers.',
    sequence(
      'OPEN_REQUEST',
      'OPEN_REPLY',
      'CLOSE_REQUEST',
      'CLOSE_REPLY',
      'COMMIT_REQUEST',
      'COMMIT_REPLY',
      'DISCARD_REQUEST',
      'DISCARD_REPLY',
    ),
    from('1.3'),
  ),
  ...groups('OFPBF', 'Bundle flags.', [
    [between('1.3', '1.4'), bits('ATOMIC', 'ORDERED')],
    [only('1.5'), bits('ATOMIC', 'ORDERED', 'TIME')],
  ]),
  ...group('OFPFMC', 'Flow monitor commands.', sequence('ADD', 'MODIFY', 'DELETE'), from('1.4')),
  ...group(
    'OFPFMF',
    'Flow monitor flags.',
    bits('INITIAL', 'ADD', 'REMOVED', 'MODIFY', 'INSTRUCTIONS', 'NO_ABBREV', 'ONLY_OWN'),
    from('1.4'),
  ),
  ...group(
    'NXFMF',
    'Flags of the flow monitors of Nicira and the ONF.',
    bits('INITIAL', 'ADD', 'DELETE', 'MODIFY', 'ACTIONS', 'OWN'),
    upTo('1.3'),
  ),
  ...group(
    'OFPFSR',
    'Why flow statistics were sent.',
    sequence('STATS_REQUEST', 'STAT_TRIGGER'),
    only('1.5'),
  ),
  ...group('OFPSTF', 'Flags of stat_trigger.', bits('PERIODIC', 'ONLY_FIRST'), only('1.5')),
  ...group(
    'OFPCSR',
    'Why a controller status was sent.',
    sequence(
      'REQUEST',
      'CHANNEL_STATUS',
      'ROLE',
      'CONTROLLER_ADDED',
      'CONTROLLER_REMOVED',
      'SHORT_ID',
      'EXPERIMENTER',
    ),
    only('1.5'),
  ),
  ...group('OFPCT_STATUS', 'Whether a controller is connected.', sequence('UP', 'DOWN'), only('1.5')),
  ...group('OFPCID', 'Reserved short ids of controllers.', { UNDEFINED: 0 }, only('1.5')),
];
