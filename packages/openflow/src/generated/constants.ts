// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
/** Wire version of OpenFlow 1.3. */
export const OFP_VERSION_1_3 = 4;

/** The whole packet is in the message. */
export const OFP_NO_BUFFER = 0xffffffff;

/** Reserved port numbers; real ports go up to MAX. */
export const OFPP = {
  MAX: 0xffffff00,
  IN_PORT: 0xfffffff8,
  TABLE: 0xfffffff9,
  NORMAL: 0xfffffffa,
  FLOOD: 0xfffffffb,
  ALL: 0xfffffffc,
  CONTROLLER: 0xfffffffd,
  LOCAL: 0xfffffffe,
  ANY: 0xffffffff,
} as const;

/** Reserved group numbers. */
export const OFPG = {
  MAX: 0xffffff00,
  ALL: 0xfffffffc,
  ANY: 0xffffffff,
} as const;

/** Reserved meter numbers; real meters are 1 to MAX. */
export const OFPM = {
  MAX: 0xffff0000,
  SLOWPATH: 0xfffffffd,
  CONTROLLER: 0xfffffffe,
  ALL: 0xffffffff,
} as const;

/** Reserved queue numbers. */
export const OFPQ = {
  ALL: 0xffffffff,
} as const;

/** Reserved table numbers. */
export const OFPTT = {
  MAX: 254,
  ALL: 255,
} as const;

/** Limits of bytes sent to the controller. */
export const OFPCML = {
  MAX: 65509,
  NO_BUFFER: 65535,
} as const;

/** Bits of vlan_vid. */
export const OFPVID = {
  NONE: 0,
  PRESENT: 4096,
} as const;

/** Flow mod commands. */
export const OFPFC = {
  ADD: 0,
  MODIFY: 1,
  MODIFY_STRICT: 2,
  DELETE: 3,
  DELETE_STRICT: 4,
} as const;

/** Flow mod flags. */
export const OFPFF = {
  SEND_FLOW_REM: 1,
  CHECK_OVERLAP: 2,
  RESET_COUNTS: 4,
  NO_PKT_COUNTS: 8,
  NO_BYT_COUNTS: 16,
} as const;

/** Group mod commands. */
export const OFPGC = {
  ADD: 0,
  MODIFY: 1,
  DELETE: 2,
} as const;

/** Group types. */
export const OFPGT = {
  ALL: 0,
  SELECT: 1,
  INDIRECT: 2,
  FF: 3,
} as const;

/** Meter mod commands. */
export const OFPMC = {
  ADD: 0,
  MODIFY: 1,
  DELETE: 2,
} as const;

/** Meter flags. */
export const OFPMF = {
  KBPS: 1,
  PKTPS: 2,
  BURST: 4,
  STATS: 8,
} as const;

/** Meter band types. */
export const OFPMBT = {
  DROP: 1,
  DSCP_REMARK: 2,
  EXPERIMENTER: 65535,
} as const;

/** Multipart flags, both directions. */
export const OFPMPF = {
  MORE: 1,
} as const;

/** Why a packet-in was sent. */
export const OFPR = {
  NO_MATCH: 0,
  ACTION: 1,
  INVALID_TTL: 2,
} as const;

/** Why a flow entry is gone. */
export const OFPRR = {
  IDLE_TIMEOUT: 0,
  HARD_TIMEOUT: 1,
  DELETE: 2,
  GROUP_DELETE: 3,
} as const;

/** What happened to a port. */
export const OFPPR = {
  ADD: 0,
  DELETE: 1,
  MODIFY: 2,
} as const;

/** Port configuration. */
export const OFPPC = {
  PORT_DOWN: 1,
  NO_RECV: 4,
  NO_FWD: 32,
  NO_PACKET_IN: 64,
} as const;

/** Port state. */
export const OFPPS = {
  LINK_DOWN: 1,
  BLOCKED: 2,
  LIVE: 4,
} as const;

/** Features of a port. */
export const OFPPF = {
  HD_10MB: 1,
  FD_10MB: 2,
  HD_100MB: 4,
  FD_100MB: 8,
  HD_1GB: 16,
  FD_1GB: 32,
  FD_10GB: 64,
  FD_40GB: 128,
  FD_100GB: 256,
  FD_1TB: 512,
  OTHER: 1024,
  COPPER: 2048,
  FIBER: 4096,
  AUTONEG: 8192,
  PAUSE: 16384,
  PAUSE_ASYM: 32768,
} as const;

/** Capabilities of a datapath. */
export const OFPC = {
  FLOW_STATS: 1,
  TABLE_STATS: 2,
  PORT_STATS: 4,
  GROUP_STATS: 8,
  IP_REASM: 32,
  QUEUE_STATS: 64,
  PORT_BLOCKED: 256,
} as const;

/** Handling of IP fragments. */
export const OFPC_FRAG = {
  NORMAL: 0,
  DROP: 1,
  REASM: 2,
  MASK: 3,
} as const;

/** Controller roles. */
export const OFPCR_ROLE = {
  NOCHANGE: 0,
  EQUAL: 1,
  MASTER: 2,
  SLAVE: 3,
} as const;

/** Error types. */
export const OFPET = {
  HELLO_FAILED: 0,
  BAD_REQUEST: 1,
  BAD_ACTION: 2,
  BAD_INSTRUCTION: 3,
  BAD_MATCH: 4,
  FLOW_MOD_FAILED: 5,
  GROUP_MOD_FAILED: 6,
  PORT_MOD_FAILED: 7,
  TABLE_MOD_FAILED: 8,
  QUEUE_OP_FAILED: 9,
  SWITCH_CONFIG_FAILED: 10,
  ROLE_REQUEST_FAILED: 11,
  METER_MOD_FAILED: 12,
  TABLE_FEATURES_FAILED: 13,
  EXPERIMENTER: 65535,
} as const;

/** Codes of OFPET.HELLO_FAILED. */
export const OFPHFC = {
  INCOMPATIBLE: 0,
  EPERM: 1,
} as const;

/** Codes of OFPET.BAD_REQUEST. */
export const OFPBRC = {
  BAD_VERSION: 0,
  BAD_TYPE: 1,
  BAD_MULTIPART: 2,
  BAD_EXPERIMENTER: 3,
  BAD_EXP_TYPE: 4,
  EPERM: 5,
  BAD_LEN: 6,
  BUFFER_EMPTY: 7,
  BUFFER_UNKNOWN: 8,
  BAD_TABLE_ID: 9,
  IS_SLAVE: 10,
  BAD_PORT: 11,
  BAD_PACKET: 12,
  MULTIPART_BUFFER_OVERFLOW: 13,
} as const;

/** Codes of OFPET.BAD_ACTION. */
export const OFPBAC = {
  BAD_TYPE: 0,
  BAD_LEN: 1,
  BAD_EXPERIMENTER: 2,
  BAD_EXP_TYPE: 3,
  BAD_OUT_PORT: 4,
  BAD_ARGUMENT: 5,
  EPERM: 6,
  TOO_MANY: 7,
  BAD_QUEUE: 8,
  BAD_OUT_GROUP: 9,
  MATCH_INCONSISTENT: 10,
  UNSUPPORTED_ORDER: 11,
  BAD_TAG: 12,
  BAD_SET_TYPE: 13,
  BAD_SET_LEN: 14,
  BAD_SET_ARGUMENT: 15,
} as const;

/** Codes of OFPET.BAD_INSTRUCTION. */
export const OFPBIC = {
  UNKNOWN_INST: 0,
  UNSUP_INST: 1,
  BAD_TABLE_ID: 2,
  UNSUP_METADATA: 3,
  UNSUP_METADATA_MASK: 4,
  BAD_EXPERIMENTER: 5,
  BAD_EXP_TYPE: 6,
  BAD_LEN: 7,
  EPERM: 8,
} as const;

/** Codes of OFPET.BAD_MATCH. */
export const OFPBMC = {
  BAD_TYPE: 0,
  BAD_LEN: 1,
  BAD_TAG: 2,
  BAD_DL_ADDR_MASK: 3,
  BAD_NW_ADDR_MASK: 4,
  BAD_WILDCARDS: 5,
  BAD_FIELD: 6,
  BAD_VALUE: 7,
  BAD_MASK: 8,
  BAD_PREREQ: 9,
  DUP_FIELD: 10,
  EPERM: 11,
} as const;

/** Codes of OFPET.FLOW_MOD_FAILED. */
export const OFPFMFC = {
  UNKNOWN: 0,
  TABLE_FULL: 1,
  BAD_TABLE_ID: 2,
  OVERLAP: 3,
  EPERM: 4,
  BAD_TIMEOUT: 5,
  BAD_COMMAND: 6,
  BAD_FLAGS: 7,
} as const;

/** Codes of OFPET.GROUP_MOD_FAILED. */
export const OFPGMFC = {
  GROUP_EXISTS: 0,
  INVALID_GROUP: 1,
  WEIGHT_UNSUPPORTED: 2,
  OUT_OF_GROUPS: 3,
  OUT_OF_BUCKETS: 4,
  CHAINING_UNSUPPORTED: 5,
  WATCH_UNSUPPORTED: 6,
  LOOP: 7,
  UNKNOWN_GROUP: 8,
  CHAINED_GROUP: 9,
  BAD_TYPE: 10,
  BAD_COMMAND: 11,
  BAD_BUCKET: 12,
  BAD_WATCH: 13,
  EPERM: 14,
} as const;

/** Codes of OFPET.PORT_MOD_FAILED. */
export const OFPPMFC = {
  BAD_PORT: 0,
  BAD_HW_ADDR: 1,
  BAD_CONFIG: 2,
  BAD_ADVERTISE: 3,
  EPERM: 4,
} as const;

/** Codes of OFPET.TABLE_MOD_FAILED. */
export const OFPTMFC = {
  BAD_TABLE: 0,
  BAD_CONFIG: 1,
  EPERM: 2,
} as const;

/** Codes of OFPET.QUEUE_OP_FAILED. */
export const OFPQOFC = {
  BAD_PORT: 0,
  BAD_QUEUE: 1,
  EPERM: 2,
} as const;

/** Codes of OFPET.SWITCH_CONFIG_FAILED. */
export const OFPSCFC = {
  BAD_FLAGS: 0,
  BAD_LEN: 1,
  EPERM: 2,
} as const;

/** Codes of OFPET.ROLE_REQUEST_FAILED. */
export const OFPRRFC = {
  STALE: 0,
  UNSUP: 1,
  BAD_ROLE: 2,
} as const;

/** Codes of OFPET.METER_MOD_FAILED. */
export const OFPMMFC = {
  UNKNOWN: 0,
  METER_EXISTS: 1,
  INVALID_METER: 2,
  UNKNOWN_METER: 3,
  BAD_COMMAND: 4,
  BAD_FLAGS: 5,
  BAD_RATE: 6,
  BAD_BURST: 7,
  BAD_BAND: 8,
  BAD_BAND_VALUE: 9,
  OUT_OF_METERS: 10,
  OUT_OF_BANDS: 11,
} as const;

/** Codes of OFPET.TABLE_FEATURES_FAILED. */
export const OFPTFFC = {
  BAD_TABLE: 0,
  BAD_METADATA: 1,
  BAD_TYPE: 2,
  BAD_LEN: 3,
  BAD_ARGUMENT: 4,
  EPERM: 5,
} as const;

/** Names of errors by type, then code. */
export const ERROR_NAMES: Readonly<Record<number, readonly string[]>> = {
  0: [
    'OFPHFC_INCOMPATIBLE',
    'OFPHFC_EPERM',
  ],
  1: [
    'OFPBRC_BAD_VERSION',
    'OFPBRC_BAD_TYPE',
    'OFPBRC_BAD_MULTIPART',
    'OFPBRC_BAD_EXPERIMENTER',
    'OFPBRC_BAD_EXP_TYPE',
    'OFPBRC_EPERM',
    'OFPBRC_BAD_LEN',
    'OFPBRC_BUFFER_EMPTY',
    'OFPBRC_BUFFER_UNKNOWN',
    'OFPBRC_BAD_TABLE_ID',
    'OFPBRC_IS_SLAVE',
    'OFPBRC_BAD_PORT',
    'OFPBRC_BAD_PACKET',
    'OFPBRC_MULTIPART_BUFFER_OVERFLOW',
  ],
  2: [
    'OFPBAC_BAD_TYPE',
    'OFPBAC_BAD_LEN',
    'OFPBAC_BAD_EXPERIMENTER',
    'OFPBAC_BAD_EXP_TYPE',
    'OFPBAC_BAD_OUT_PORT',
    'OFPBAC_BAD_ARGUMENT',
    'OFPBAC_EPERM',
    'OFPBAC_TOO_MANY',
    'OFPBAC_BAD_QUEUE',
    'OFPBAC_BAD_OUT_GROUP',
    'OFPBAC_MATCH_INCONSISTENT',
    'OFPBAC_UNSUPPORTED_ORDER',
    'OFPBAC_BAD_TAG',
    'OFPBAC_BAD_SET_TYPE',
    'OFPBAC_BAD_SET_LEN',
    'OFPBAC_BAD_SET_ARGUMENT',
  ],
  3: [
    'OFPBIC_UNKNOWN_INST',
    'OFPBIC_UNSUP_INST',
    'OFPBIC_BAD_TABLE_ID',
    'OFPBIC_UNSUP_METADATA',
    'OFPBIC_UNSUP_METADATA_MASK',
    'OFPBIC_BAD_EXPERIMENTER',
    'OFPBIC_BAD_EXP_TYPE',
    'OFPBIC_BAD_LEN',
    'OFPBIC_EPERM',
  ],
  4: [
    'OFPBMC_BAD_TYPE',
    'OFPBMC_BAD_LEN',
    'OFPBMC_BAD_TAG',
    'OFPBMC_BAD_DL_ADDR_MASK',
    'OFPBMC_BAD_NW_ADDR_MASK',
    'OFPBMC_BAD_WILDCARDS',
    'OFPBMC_BAD_FIELD',
    'OFPBMC_BAD_VALUE',
    'OFPBMC_BAD_MASK',
    'OFPBMC_BAD_PREREQ',
    'OFPBMC_DUP_FIELD',
    'OFPBMC_EPERM',
  ],
  5: [
    'OFPFMFC_UNKNOWN',
    'OFPFMFC_TABLE_FULL',
    'OFPFMFC_BAD_TABLE_ID',
    'OFPFMFC_OVERLAP',
    'OFPFMFC_EPERM',
    'OFPFMFC_BAD_TIMEOUT',
    'OFPFMFC_BAD_COMMAND',
    'OFPFMFC_BAD_FLAGS',
  ],
  6: [
    'OFPGMFC_GROUP_EXISTS',
    'OFPGMFC_INVALID_GROUP',
    'OFPGMFC_WEIGHT_UNSUPPORTED',
    'OFPGMFC_OUT_OF_GROUPS',
    'OFPGMFC_OUT_OF_BUCKETS',
    'OFPGMFC_CHAINING_UNSUPPORTED',
    'OFPGMFC_WATCH_UNSUPPORTED',
    'OFPGMFC_LOOP',
    'OFPGMFC_UNKNOWN_GROUP',
    'OFPGMFC_CHAINED_GROUP',
    'OFPGMFC_BAD_TYPE',
    'OFPGMFC_BAD_COMMAND',
    'OFPGMFC_BAD_BUCKET',
    'OFPGMFC_BAD_WATCH',
    'OFPGMFC_EPERM',
  ],
  7: [
    'OFPPMFC_BAD_PORT',
    'OFPPMFC_BAD_HW_ADDR',
    'OFPPMFC_BAD_CONFIG',
    'OFPPMFC_BAD_ADVERTISE',
    'OFPPMFC_EPERM',
  ],
  8: [
    'OFPTMFC_BAD_TABLE',
    'OFPTMFC_BAD_CONFIG',
    'OFPTMFC_EPERM',
  ],
  9: [
    'OFPQOFC_BAD_PORT',
    'OFPQOFC_BAD_QUEUE',
    'OFPQOFC_EPERM',
  ],
  10: [
    'OFPSCFC_BAD_FLAGS',
    'OFPSCFC_BAD_LEN',
    'OFPSCFC_EPERM',
  ],
  11: [
    'OFPRRFC_STALE',
    'OFPRRFC_UNSUP',
    'OFPRRFC_BAD_ROLE',
  ],
  12: [
    'OFPMMFC_UNKNOWN',
    'OFPMMFC_METER_EXISTS',
    'OFPMMFC_INVALID_METER',
    'OFPMMFC_UNKNOWN_METER',
    'OFPMMFC_BAD_COMMAND',
    'OFPMMFC_BAD_FLAGS',
    'OFPMMFC_BAD_RATE',
    'OFPMMFC_BAD_BURST',
    'OFPMMFC_BAD_BAND',
    'OFPMMFC_BAD_BAND_VALUE',
    'OFPMMFC_OUT_OF_METERS',
    'OFPMMFC_OUT_OF_BANDS',
  ],
  13: [
    'OFPTFFC_BAD_TABLE',
    'OFPTFFC_BAD_METADATA',
    'OFPTFFC_BAD_TYPE',
    'OFPTFFC_BAD_LEN',
    'OFPTFFC_BAD_ARGUMENT',
    'OFPTFFC_EPERM',
  ],
};
