/** Constants of OpenFlow 1.3 under their names in the specification, grouped. The generator copies them. */

const sequence = (...names: string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, index) => [name, index]));
const bits = (...names: string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, index) => [name, 2 ** index]));

export interface ConstantGroup {
  readonly doc: string;
  readonly values: Readonly<Record<string, number>>;
}

export const constantGroups: Readonly<Record<string, ConstantGroup>> = {
  OFPP: {
    doc: 'Reserved port numbers; real ports go up to MAX.',
    values: {
      MAX: 0xffffff00,
      IN_PORT: 0xfffffff8,
      TABLE: 0xfffffff9,
      NORMAL: 0xfffffffa,
      FLOOD: 0xfffffffb,
      ALL: 0xfffffffc,
      CONTROLLER: 0xfffffffd,
      LOCAL: 0xfffffffe,
      ANY: 0xffffffff,
    },
  },
  OFPG: { doc: 'Reserved group numbers.', values: { MAX: 0xffffff00, ALL: 0xfffffffc, ANY: 0xffffffff } },
  OFPM: {
    doc: 'Reserved meter numbers; real meters are 1 to MAX.',
    values: { MAX: 0xffff0000, SLOWPATH: 0xfffffffd, CONTROLLER: 0xfffffffe, ALL: 0xffffffff },
  },
  OFPQ: { doc: 'Reserved queue numbers.', values: { ALL: 0xffffffff } },
  OFPTT: { doc: 'Reserved table numbers.', values: { MAX: 0xfe, ALL: 0xff } },
  OFPCML: { doc: 'Limits of bytes sent to the controller.', values: { MAX: 0xffe5, NO_BUFFER: 0xffff } },
  OFPVID: { doc: 'Bits of vlan_vid.', values: { NONE: 0, PRESENT: 0x1000 } },
  OFPFC: {
    doc: 'Flow mod commands.',
    values: sequence('ADD', 'MODIFY', 'MODIFY_STRICT', 'DELETE', 'DELETE_STRICT'),
  },
  OFPFF: {
    doc: 'Flow mod flags.',
    values: bits('SEND_FLOW_REM', 'CHECK_OVERLAP', 'RESET_COUNTS', 'NO_PKT_COUNTS', 'NO_BYT_COUNTS'),
  },
  OFPGC: { doc: 'Group mod commands.', values: sequence('ADD', 'MODIFY', 'DELETE') },
  OFPGT: { doc: 'Group types.', values: sequence('ALL', 'SELECT', 'INDIRECT', 'FF') },
  OFPMC: { doc: 'Meter mod commands.', values: sequence('ADD', 'MODIFY', 'DELETE') },
  OFPMF: { doc: 'Meter flags.', values: bits('KBPS', 'PKTPS', 'BURST', 'STATS') },
  OFPMBT: { doc: 'Meter band types.', values: { DROP: 1, DSCP_REMARK: 2, EXPERIMENTER: 0xffff } },
  OFPMPF: { doc: 'Multipart flags, both directions.', values: { MORE: 1 } },
  OFPR: { doc: 'Why a packet-in was sent.', values: sequence('NO_MATCH', 'ACTION', 'INVALID_TTL') },
  OFPRR: {
    doc: 'Why a flow entry is gone.',
    values: sequence('IDLE_TIMEOUT', 'HARD_TIMEOUT', 'DELETE', 'GROUP_DELETE'),
  },
  OFPPR: { doc: 'What happened to a port.', values: sequence('ADD', 'DELETE', 'MODIFY') },
  OFPPC: {
    doc: 'Port configuration.',
    values: { PORT_DOWN: 1, NO_RECV: 4, NO_FWD: 32, NO_PACKET_IN: 64 },
  },
  OFPPS: { doc: 'Port state.', values: bits('LINK_DOWN', 'BLOCKED', 'LIVE') },
  OFPPF: {
    doc: 'Features of a port.',
    values: bits(
      'HD_10MB',
      'FD_10MB',
      'HD_100MB',
      'FD_100MB',
      'HD_1GB',
      'FD_1GB',
      'FD_10GB',
      'FD_40GB',
      'FD_100GB',
      'FD_1TB',
      'OTHER',
      'COPPER',
      'FIBER',
      'AUTONEG',
      'PAUSE',
      'PAUSE_ASYM',
    ),
  },
  OFPC: {
    doc: 'Capabilities of a datapath.',
    values: {
      FLOW_STATS: 1,
      TABLE_STATS: 2,
      PORT_STATS: 4,
      GROUP_STATS: 8,
      IP_REASM: 32,
      QUEUE_STATS: 64,
      PORT_BLOCKED: 256,
    },
  },
  OFPC_FRAG: { doc: 'Handling of IP fragments.', values: { NORMAL: 0, DROP: 1, REASM: 2, MASK: 3 } },
  OFPCR_ROLE: { doc: 'Controller roles.', values: sequence('NOCHANGE', 'EQUAL', 'MASTER', 'SLAVE') },
};

export const singleConstants: Readonly<Record<string, { readonly doc: string; readonly value: number }>> = {
  OFP_VERSION_1_3: { doc: 'Wire version of OpenFlow 1.3.', value: 4 },
  OFP_NO_BUFFER: { doc: 'The whole packet is in the message.', value: 0xffffffff },
};
