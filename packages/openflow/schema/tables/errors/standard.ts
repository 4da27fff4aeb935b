/**
 * Error types and codes: OpenFlow 1.0 §5.4.4, 1.1 to 1.3 §A.4.4, 1.4 §7.4.4, 1.5 §7.5.4. Codes are numbered in order; where a
 * version has more of them than the one before they stand at the end.
 */
import { between, from, only, upTo, VERSIONS, type Version } from '../../versions.ts';
import { codes, type ErrorRow } from './row.ts';

interface Kind {
  readonly name: string;
  readonly prefix: string;
}
type Variant = readonly [versions: readonly Version[], type: number, codes: readonly (string | undefined)[]];

const rows = (kind: Kind, variants: readonly Variant[]): readonly ErrorRow[] =>
  variants.map(([versions, type, list]) => ({ versions, type, ...kind, codes: list }));

const requestsUntil11 = (stat: string, vendor: string, subtype: string) =>
  codes(`BAD_VERSION BAD_TYPE ${stat} ${vendor} ${subtype} EPERM BAD_LEN BUFFER_EMPTY BUFFER_UNKNOWN`);
const requests12 = codes('BAD_TABLE_ID IS_SLAVE BAD_PORT BAD_PACKET');
const requests13 = [
  ...requestsUntil11('BAD_MULTIPART', 'BAD_EXPERIMENTER', 'BAD_EXP_TYPE'),
  ...requests12,
  'MULTIPART_BUFFER_OVERFLOW',
];
const requests14 = [...requests13, 'MULTIPART_REQUEST_TIMEOUT', 'MULTIPART_REPLY_TIMEOUT'];

const actionsUntil11 = (vendor: string, vendorType: string) =>
  codes(`BAD_TYPE BAD_LEN ${vendor} ${vendorType} BAD_OUT_PORT BAD_ARGUMENT EPERM TOO_MANY BAD_QUEUE`);
const actions11 = codes('BAD_OUT_GROUP MATCH_INCONSISTENT UNSUPPORTED_ORDER BAD_TAG');
const actions12 = [
  ...actionsUntil11('BAD_EXPERIMENTER', 'BAD_EXP_TYPE'),
  ...actions11,
  ...codes('BAD_SET_TYPE BAD_SET_LEN BAD_SET_ARGUMENT'),
];

const instructions11 = codes('UNKNOWN_INST UNSUP_INST BAD_TABLE_ID UNSUP_METADATA UNSUP_METADATA_MASK');
const instructions12 = [...instructions11, ...codes('BAD_EXPERIMENTER BAD_EXP_TYPE BAD_LEN EPERM')];

const matches11 = codes(
  'BAD_TYPE BAD_LEN BAD_TAG BAD_DL_ADDR_MASK BAD_NW_ADDR_MASK BAD_WILDCARDS BAD_FIELD BAD_VALUE',
);
const flowMods11 = codes('UNKNOWN TABLE_FULL BAD_TABLE_ID OVERLAP EPERM BAD_TIMEOUT BAD_COMMAND');
const flowMods12 = [...flowMods11, 'BAD_FLAGS'];

const groupMods11 = codes(
  `GROUP_EXISTS INVALID_GROUP WEIGHT_UNSUPPORTED OUT_OF_GROUPS OUT_OF_BUCKETS CHAINING_UNSUPPORTED
   WATCH_UNSUPPORTED LOOP UNKNOWN_GROUP`,
);
const groupMods12 = [
  ...groupMods11,
  ...codes('CHAINED_GROUP BAD_TYPE BAD_COMMAND BAD_BUCKET BAD_WATCH EPERM'),
];

const portMods11 = codes('BAD_PORT BAD_HW_ADDR BAD_CONFIG BAD_ADVERTISE');
const roles12 = codes('STALE UNSUP BAD_ROLE');
const bundles14 = codes(
  `UNKNOWN EPERM BAD_ID BUNDLE_EXIST BUNDLE_CLOSED OUT_OF_BUNDLES BAD_TYPE BAD_FLAGS MSG_BAD_LEN MSG_BAD_XID
   MSG_UNSUP MSG_CONFLICT MSG_TOO_MANY MSG_FAILED TIMEOUT BUNDLE_IN_PROGRESS`,
);

export const errorRows: readonly ErrorRow[] = [
  ...rows({ name: 'HELLO_FAILED', prefix: 'OFPHFC' }, [[VERSIONS, 0, codes('INCOMPATIBLE EPERM')]]),
  ...rows({ name: 'BAD_REQUEST', prefix: 'OFPBRC' }, [
    [only('1.0'), 1, requestsUntil11('BAD_STAT', 'BAD_VENDOR', 'BAD_SUBTYPE')],
    [only('1.1'), 1, [...requestsUntil11('BAD_STAT', 'BAD_EXPERIMENTER', 'BAD_SUBTYPE'), 'BAD_TABLE_ID']],
    [only('1.2'), 1, [...requestsUntil11('BAD_STAT', 'BAD_EXPERIMENTER', 'BAD_EXP_TYPE'), ...requests12]],
    [only('1.3'), 1, requests13],
    [only('1.4'), 1, requests14],
    [only('1.5'), 1, [...requests14, ...codes('MULTIPART_BAD_SCHED PIPELINE_FIELDS_ONLY UNKNOWN')]],
  ]),
  ...rows({ name: 'BAD_ACTION', prefix: 'OFPBAC' }, [
    [only('1.0'), 2, actionsUntil11('BAD_VENDOR', 'BAD_VENDOR_TYPE')],
    [only('1.1'), 2, [...actionsUntil11('BAD_EXPERIMENTER', 'BAD_EXPERIMENTER_TYPE'), ...actions11]],
    [between('1.2', '1.4'), 2, actions12],
    [only('1.5'), 2, [...actions12, 'BAD_SET_MASK', 'BAD_METER']],
  ]),
  ...rows({ name: 'BAD_INSTRUCTION', prefix: 'OFPBIC' }, [
    [only('1.1'), 3, [...instructions11, 'UNSUP_EXP_INST']],
    [between('1.2', '1.3'), 3, instructions12],
    [from('1.4'), 3, [...instructions12, 'DUP_INST']],
  ]),
  ...rows({ name: 'BAD_MATCH', prefix: 'OFPBMC' }, [
    [only('1.1'), 4, matches11],
    [from('1.2'), 4, [...matches11, ...codes('BAD_MASK BAD_PREREQ DUP_FIELD EPERM')]],
  ]),
  ...rows({ name: 'FLOW_MOD_FAILED', prefix: 'OFPFMFC' }, [
    [only('1.0'), 3, codes('ALL_TABLES_FULL OVERLAP EPERM BAD_EMERG_TIMEOUT BAD_COMMAND UNSUPPORTED')],
    [only('1.1'), 5, flowMods11],
    [between('1.2', '1.3'), 5, flowMods12],
    [from('1.4'), 5, [...flowMods12, ...codes('CANT_SYNC BAD_PRIORITY IS_SYNC')]],
  ]),
  ...rows({ name: 'GROUP_MOD_FAILED', prefix: 'OFPGMFC' }, [
    [only('1.1'), 6, groupMods11],
    [between('1.2', '1.4'), 6, groupMods12],
    [only('1.5'), 6, [...groupMods12, 'UNKNOWN_BUCKET', 'BUCKET_EXISTS']],
  ]),
  ...rows({ name: 'PORT_MOD_FAILED', prefix: 'OFPPMFC' }, [
    [only('1.0'), 4, codes('BAD_PORT BAD_HW_ADDR')],
    [only('1.1'), 7, portMods11],
    [from('1.2'), 7, [...portMods11, 'EPERM']],
  ]),
  ...rows({ name: 'TABLE_MOD_FAILED', prefix: 'OFPTMFC' }, [
    [only('1.1'), 8, codes('BAD_TABLE BAD_CONFIG')],
    [from('1.2'), 8, codes('BAD_TABLE BAD_CONFIG EPERM')],
  ]),
  ...rows({ name: 'QUEUE_OP_FAILED', prefix: 'OFPQOFC' }, [
    [only('1.0'), 5, codes('BAD_PORT BAD_QUEUE EPERM')],
    [from('1.1'), 9, codes('BAD_PORT BAD_QUEUE EPERM')],
  ]),
  ...rows({ name: 'SWITCH_CONFIG_FAILED', prefix: 'OFPSCFC' }, [
    [only('1.1'), 10, codes('BAD_FLAGS BAD_LEN')],
    [from('1.2'), 10, codes('BAD_FLAGS BAD_LEN EPERM')],
  ]),
  ...rows({ name: 'ROLE_REQUEST_FAILED', prefix: 'OFPRRFC' }, [
    [between('1.2', '1.4'), 11, roles12],
    [only('1.5'), 11, [...roles12, 'ID_UNSUP', 'ID_IN_USE']],
  ]),
  ...rows({ name: 'METER_MOD_FAILED', prefix: 'OFPMMFC' }, [
    [
      from('1.3'),
      12,
      codes(
        `UNKNOWN METER_EXISTS INVALID_METER UNKNOWN_METER BAD_COMMAND BAD_FLAGS BAD_RATE BAD_BURST BAD_BAND
         BAD_BAND_VALUE OUT_OF_METERS OUT_OF_BANDS`,
      ),
    ],
  ]),
  ...rows({ name: 'TABLE_FEATURES_FAILED', prefix: 'OFPTFFC' }, [
    [only('1.3'), 13, codes('BAD_TABLE BAD_METADATA BAD_TYPE BAD_LEN BAD_ARGUMENT EPERM')],
    [only('1.4'), 13, codes('BAD_TABLE BAD_METADATA - - - EPERM')],
    [
      only('1.5'),
      13,
      codes('BAD_TABLE BAD_METADATA - - - EPERM BAD_CAPA BAD_MAX_ENT BAD_FEATURES BAD_COMMAND TOO_MANY'),
    ],
  ]),
  ...rows({ name: 'BAD_PROPERTY', prefix: 'OFPBPC' }, [
    [
      from('1.4'),
      14,
      codes(`BAD_TYPE BAD_LEN BAD_VALUE TOO_MANY DUP_TYPE BAD_EXPERIMENTER BAD_EXP_TYPE BAD_EXP_VALUE EPERM`),
    ],
  ]),
  ...rows({ name: 'ASYNC_CONFIG_FAILED', prefix: 'OFPACFC' }, [
    [from('1.4'), 15, codes('INVALID UNSUPPORTED EPERM')],
  ]),
  ...rows({ name: 'FLOW_MONITOR_FAILED', prefix: 'OFPMOFC' }, [
    [
      from('1.4'),
      16,
      codes(
        'UNKNOWN MONITOR_EXISTS INVALID_MONITOR UNKNOWN_MONITOR BAD_COMMAND BAD_FLAGS BAD_TABLE_ID BAD_OUT',
      ),
    ],
  ]),
  ...rows({ name: 'BUNDLE_FAILED', prefix: 'OFPBFC' }, [
    [only('1.4'), 17, bundles14],
    [only('1.5'), 17, [...bundles14, ...codes('SCHED_NOT_SUPPORTED SCHED_FUTURE SCHED_PAST')]],
  ]),
];

/** The type of errors whose codes somebody else defines, and the versions that have it. */
export const EXPERIMENTER_ERROR = { versions: from('1.2'), type: 0xffff };
/** Open vSwitch's own type for the same in older versions. */
export const NICIRA_VENDOR_ERROR = { versions: upTo('1.1'), type: 0xb0c2 };
