/** Ports, queues, and what a switch says of itself. */
import { between, from, only } from '../../versions.ts';
import { bits, type ConstantGroup, group, groups, sequence } from './group.ts';

const ports11 = {
  MAX: 0xffffff00,
  IN_PORT: 0xfffffff8,
  TABLE: 0xfffffff9,
  NORMAL: 0xfffffffa,
  FLOOD: 0xfffffffb,
  ALL: 0xfffffffc,
  CONTROLLER: 0xfffffffd,
  LOCAL: 0xfffffffe,
  ANY: 0xffffffff,
};
const speeds = ['HD_10MB', 'FD_10MB', 'HD_100MB', 'FD_100MB', 'HD_1GB', 'FD_1GB', 'FD_10GB'];
const media = ['COPPER', 'FIBER', 'AUTONEG', 'PAUSE', 'PAUSE_ASYM'];
const capabilities12 = {
  FLOW_STATS: 1,
  TABLE_STATS: 2,
  PORT_STATS: 4,
  GROUP_STATS: 8,
  IP_REASM: 32,
  QUEUE_STATS: 64,
  PORT_BLOCKED: 256,
};

export const portGroups: readonly ConstantGroup[] = [
  ...groups('OFPP', 'Reserved port numbers; real ports go up to MAX.', [
    [
      only('1.0'),
      {
        MAX: 0xff00,
        IN_PORT: 0xfff8,
        TABLE: 0xfff9,
        NORMAL: 0xfffa,
        FLOOD: 0xfffb,
        ALL: 0xfffc,
        CONTROLLER: 0xfffd,
        LOCAL: 0xfffe,
        NONE: 0xffff,
      },
    ],
    [between('1.1', '1.4'), ports11],
    [only('1.5'), { ...ports11, UNSET: 0xfffffff7 }],
  ]),
  ...group('OFPPR', 'What happened to a port.', sequence('ADD', 'DELETE', 'MODIFY')),
  ...groups('OFPPC', 'Port configuration.', [
    [
      only('1.0'),
      bits('PORT_DOWN', 'NO_STP', 'NO_RECV', 'NO_RECV_STP', 'NO_FLOOD', 'NO_FWD', 'NO_PACKET_IN'),
    ],
    [from('1.1'), { PORT_DOWN: 1, NO_RECV: 4, NO_FWD: 32, NO_PACKET_IN: 64 }],
  ]),
  ...groups('OFPPS', 'Port state.', [
    [
      only('1.0'),
      {
        LINK_DOWN: 1,
        STP_LISTEN: 0,
        STP_LEARN: 0x100,
        STP_FORWARD: 0x200,
        STP_BLOCK: 0x300,
        STP_MASK: 0x300,
      },
    ],
    [from('1.1'), bits('LINK_DOWN', 'BLOCKED', 'LIVE')],
  ]),
  ...groups('OFPPF', 'Features of a port.', [
    [only('1.0'), bits(...speeds, ...media)],
    [from('1.1'), bits(...speeds, 'FD_40GB', 'FD_100GB', 'FD_1TB', 'OTHER', ...media)],
  ]),
  ...group(
    'OFPOPF',
    'Features of an optical port.',
    bits('RX_TUNE', 'TX_TUNE', 'TX_PWR', 'USE_FREQ'),
    from('1.4'),
  ),
  ...group(
    'OFPOSF',
    'What the counters of an optical port hold.',
    { RX_TUNE: 1, TX_TUNE: 2, TX_PWR: 4, RX_PWR: 16, TX_BIAS: 32, TX_TEMP: 64 },
    from('1.4'),
  ),
  ...group('OFPQ', 'Reserved queue numbers.', { ALL: 0xffffffff }),
  ...groups('OFPC', 'Capabilities of a datapath.', [
    [
      only('1.0'),
      {
        FLOW_STATS: 1,
        TABLE_STATS: 2,
        PORT_STATS: 4,
        STP: 8,
        RESERVED: 16,
        IP_REASM: 32,
        QUEUE_STATS: 64,
        ARP_MATCH_IP: 128,
      },
    ],
    [
      only('1.1'),
      {
        FLOW_STATS: 1,
        TABLE_STATS: 2,
        PORT_STATS: 4,
        GROUP_STATS: 8,
        IP_REASM: 32,
        QUEUE_STATS: 64,
        ARP_MATCH_IP: 128,
      },
    ],
    [between('1.2', '1.3'), capabilities12],
    [from('1.4'), { ...capabilities12, BUNDLES: 512, FLOW_MONITORING: 1024 }],
  ]),
  ...groups('OFPC_FRAG', 'Handling of IP fragments.', [
    [only('1.0'), { NORMAL: 0, DROP: 1, REASM: 2, MASK: 3 }],
    [between('1.1', '1.2'), { NORMAL: 0, DROP: 1, REASM: 2, MASK: 3, INVALID_TTL_TO_CONTROLLER: 4 }],
    [from('1.3'), { NORMAL: 0, DROP: 1, REASM: 2, MASK: 3 }],
  ]),
  ...group('OFPCML', 'Limits of bytes sent to the controller.', { MAX: 0xffe5, NO_BUFFER: 0xffff }),
];
