/** Nicira's actions but those on fields. ovs-actions(7). */
import type { EdProperty } from '../../runtime/custom/ed-properties.ts';
import { bytesText, hex, hexOrZero, nameOf } from '../words/numbers.ts';
import { isAnyPort, portText } from '../words/ports.ts';
import { packetInReason } from '../words/reasons.ts';
import { ctText, natText } from './actions-ct.ts';
import { learnText } from './learn.ts';
import type { ActionOf, AnyAction } from './types.ts';
import { subfieldText } from './value.ts';

type ActionsText = (actions: readonly AnyAction[]) => string;

/** `nested` writes actions inside actions. An action that no words are known for is its name. */
export function formatNiciraAction(action: AnyAction, nested: ActionsText): string {
  switch (action.type) {
    case 'nx_resubmit':
      return `resubmit:${portText(action.inPort)}`;
    case 'nx_resubmit_table':
      return action.tableId === THIS_TABLE && action.inPort !== IN_PORT
        ? `resubmit:${portText(action.inPort)}`
        : `resubmit(${resubmitTo(action)})`;
    case 'nx_resubmit_table_ct':
      return `resubmit(${resubmitTo(action)},ct)`;
    case 'nx_multipath':
      return `multipath(${hashText(action)},${nameOf(LINK_ALGORITHMS, action.algorithm)},${action.maxLink + 1},${action.arg},${rangeText(action)})`;
    case 'nx_bundle':
      return `bundle(${bundleText(action)},members:${action.members.map(portText).join(',')})`;
    case 'nx_bundle_load':
      return `bundle_load(${bundleText(action)},${rangeText(action)},members:${action.members.map(portText).join(',')})`;
    case 'nx_output_trunc':
      return `output(port=${portText(action.port)},max_len=${action.maxLen})`;
    case 'nx_controller':
      return controllerText({ ...action, id: action.controllerId });
    case 'nx_controller2':
      return controllerText(controllerOf(action));
    case 'nx_sample':
    case 'nx_sample2':
    case 'nx_sample3':
      return sampleText(action);
    case 'nx_ct':
      return ctText(action, nested);
    case 'nx_nat':
      return natText(action);
    case 'nx_clone':
      return `clone(${nested(action.actions)})`;
    case 'nx_learn':
    case 'nx_learn2':
      return learnText(action);
    case 'nx_note':
      return `note:${bytesText(action.note, '.')}`;
    case 'nx_dec_ttl_cnt_ids':
      return `dec_ttl(${action.controllerIds.join(',')})`;
    case 'nx_fin_timeout':
      return `fin_timeout(${timeoutsText(action)})`;
    case 'nx_conjunction':
      return `conjunction(${action.id},${action.clause + 1}/${action.nClauses})`;
    case 'nx_encap':
      return `encap(${encapText(action)})`;
    case 'nx_decap':
      return `decap(${decapText(action.packetType)})`;
    default:
      return action.type.replace(/^nx_/, '');
  }
}

const IN_PORT = 0xfff8;
const THIS_TABLE = 0xff;

/** Left out is the port where the packet came from, and the table that it is in. */
function resubmitTo({ inPort, tableId }: { readonly inPort: number; readonly tableId: number }): string {
  const port = inPort === IN_PORT ? '' : portText(inPort);
  return `${port},${tableId === THIS_TABLE ? '' : tableId}`;
}

const HASHED: readonly string[] = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];
const LINK_ALGORITHMS: readonly string[] = ['modulo_n', 'hash_threshold', 'hrw', 'iter_hash'];
const BUNDLE_ALGORITHMS: readonly string[] = ['active_backup', 'hrw'];

const hashText = ({ fields, basis }: { readonly fields: number; readonly basis: number }): string =>
  `${nameOf(HASHED, fields)},${basis}`;

const rangeText = ({
  dst,
  range,
}: {
  readonly dst: string;
  readonly range: { readonly offset: number; readonly bits: number };
}): string => subfieldText(dst, range.offset, range.bits);

/** Members are ports; nothing else has been defined. */
const bundleText = (action: ActionOf<'nx_bundle' | 'nx_bundle_load'>): string =>
  `${hashText(action)},${nameOf(BUNDLE_ALGORITHMS, action.algorithm)},ofport`;

interface ToController {
  readonly maxLen: number;
  readonly id: number;
  readonly reason: number;
  readonly userdata?: Uint8Array;
  readonly isPaused?: boolean;
  readonly meterId?: number;
}

const REASON_ACTION = 1;
const WHOLE_PACKET = 0xffff;

function controllerOf({ properties }: ActionOf<'nx_controller2'>): ToController {
  let result: ToController = { maxLen: WHOLE_PACKET, id: 0, reason: REASON_ACTION };
  for (const property of properties) {
    if (property.type === 'max_len') result = { ...result, maxLen: property.maxLen };
    else if (property.type === 'controller_id') result = { ...result, id: property.controllerId };
    else if (property.type === 'reason') result = { ...result, reason: property.reason };
    else if (property.type === 'userdata') result = { ...result, userdata: property.data };
    else if (property.type === 'pause') result = { ...result, isPaused: true };
    else if (property.type === 'meter_id') result = { ...result, meterId: property.meterId };
  }
  return result;
}

function controllerText({ maxLen, id, reason, userdata, isPaused, meterId }: ToController): string {
  const isPlain =
    reason === REASON_ACTION &&
    id === 0 &&
    (userdata?.length ?? 0) === 0 &&
    isPaused !== true &&
    meterId === undefined;
  if (isPlain) return `CONTROLLER:${maxLen}`;
  const parts = [
    ...(reason === REASON_ACTION ? [] : [`reason=${packetInReason(reason)}`]),
    ...(maxLen === WHOLE_PACKET ? [] : [`max_len=${maxLen}`]),
    ...(id === 0 ? [] : [`id=${id}`]),
    ...(userdata === undefined || userdata.length === 0 ? [] : [`userdata=${bytesText(userdata, '.')}`]),
    ...(isPaused === true ? ['pause'] : []),
    ...(meterId === undefined ? [] : [`meter_id=${meterId}`]),
  ];
  return `controller(${parts.join(',')})`;
}

const DIRECTIONS: readonly string[] = ['', ',ingress', ',egress'];

function sampleText(action: ActionOf<'nx_sample' | 'nx_sample2' | 'nx_sample3'>): string {
  const port =
    'samplingPort' in action && !isAnyPort(action.samplingPort)
      ? `,sampling_port=${portText(action.samplingPort)}`
      : '';
  const direction = 'direction' in action ? nameOf(DIRECTIONS, action.direction) : '';
  return `sample(probability=${action.probability},collector_set_id=${action.collectorSetId},obs_domain_id=${action.obsDomainId},obs_point_id=${action.obsPointId}${port}${direction})`;
}

function timeoutsText({ finIdleTimeout, finHardTimeout }: ActionOf<'nx_fin_timeout'>): string {
  return [
    ...(finIdleTimeout === 0 ? [] : [`idle_timeout=${finIdleTimeout}`]),
    ...(finHardTimeout === 0 ? [] : [`hard_timeout=${finHardTimeout}`]),
  ].join(',');
}

/** Upper half: who numbered it (1 for Ethernet types), lower half: the type. */
const PACKET_TYPES: ReadonlyMap<number, string> = new Map([
  [0, 'ethernet'],
  [0x1_894f, 'nsh'],
  [0x1_8847, 'mpls'],
  [0x1_8848, 'mpls_mc'],
]);
const NEXT_PROTOCOL = 0xfffe;

function encapText({ packetType, properties }: ActionOf<'nx_encap'>): string {
  const name = PACKET_TYPES.get(packetType) ?? hex(packetType);
  return properties.length === 0 ? name : `${name}(${properties.map(encapProperty).join(',')})`;
}

function encapProperty(property: EdProperty): string {
  switch (property.type) {
    case 'nsh_md_type':
      return `md_type=${property.mdType}`;
    case 'nsh_tlv':
      return `tlv(${hex(property.tlvClass, 4)},${property.tlvType},0x${bytesText(property.data)})`;
    case 'unknown':
      return `class=${property.propClass},type=${property.propType},0x${bytesText(property.data)}`;
  }
}

const decapText = (packetType: number): string =>
  packetType === NEXT_PROTOCOL
    ? ''
    : `packet_type(ns=${packetType >>> 16},type=${hexOrZero(packetType & 0xffff)})`;
