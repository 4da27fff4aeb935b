/** Matches, actions and entries as one line in the syntax of ovs-ofctl, which reads them back. */

import type { Masked, Match, OxmName } from '../generated/match-types.ts';
import { OFPP } from '../generated/of13/constants.ts';
import type { Action, Band, FlowMod, FlowStats, Instruction } from '../generated/of13/index.ts';
import { isOxmName } from './values.ts';

/** Where Open vSwitch's name for a field is another one. */
const OVS_NAMES: Partial<Record<OxmName, string>> = {
  eth_src: 'dl_src',
  eth_dst: 'dl_dst',
  eth_type: 'dl_type',
  ip_proto: 'nw_proto',
  ip_ecn: 'nw_ecn',
  ipv4_src: 'nw_src',
  ipv4_dst: 'nw_dst',
  icmpv4_type: 'icmp_type',
  icmpv4_code: 'icmp_code',
  ipv6_flabel: 'ipv6_label',
  ipv6_nd_target: 'nd_target',
  ipv6_nd_sll: 'nd_sll',
  ipv6_nd_tll: 'nd_tll',
  tunnel_id: 'tun_id',
};

const HEXADECIMAL: ReadonlySet<string> = new Set([
  'eth_type',
  'metadata',
  'tunnel_id',
  'vlan_vid',
  'tcp_src',
  'tcp_dst',
  'udp_src',
  'udp_dst',
  'sctp_src',
  'sctp_dst',
  'ipv6_flabel',
  'ipv6_exthdr',
]);

const fieldName = (name: string): string => (isOxmName(name) ? (OVS_NAMES[name] ?? name) : name);
const bytesText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function valueText(name: string, value: unknown, isMasked = false): string {
  if (value instanceof Uint8Array) return `0x${bytesText(value)}`;
  if (name === 'in_port' && typeof value === 'number') return portText(value);
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const isHex = typeof value === 'bigint' || name === 'eth_type' || name === 'vlan_vid' || isMasked;
  return isNumber && isHex && (isMasked || HEXADECIMAL.has(name)) ? `0x${value.toString(16)}` : String(value);
}

/** 'in_port=1,dl_type=0x800,nw_dst=10.0.0.0/255.0.0.0'; '' matches everything. */
export function formatMatch(match: Match): string {
  return Object.entries(match)
    .filter(([, given]) => given !== undefined)
    .map(([name, given]) => `${fieldName(name)}=${conditionText(name, given)}`)
    .join(',');
}

function conditionText(name: string, given: unknown): string {
  if (typeof given !== 'object' || given === null || given instanceof Uint8Array)
    return valueText(name, given);
  const { value, mask } = given as Masked<unknown>;
  return `${valueText(name, value, true)}/${valueText(name, mask, true)}`;
}

const PORT_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(OFPP).flatMap(([name, number]) => (name === 'MAX' ? [] : [[number, name] as const])),
);

/** A port number, or the name of a reserved port. */
export const portText = (port: number): string => PORT_NAMES.get(port) ?? String(port);

/** 'set_queue:1,output:2'; 'drop' when there are none. */
export function formatActions(actions: readonly Action[]): string {
  return actions.length === 0 ? 'drop' : actions.map(actionText).join(',');
}

function actionText(action: Action): string {
  switch (action.type) {
    case 'output':
      if (action.port === OFPP.CONTROLLER) return `CONTROLLER:${action.maxLen}`;
      return PORT_NAMES.get(action.port) ?? `output:${action.port}`;
    case 'group':
      return `group:${action.groupId}`;
    case 'set_queue':
      return `set_queue:${action.queueId}`;
    case 'set_field':
      return `set_field:${valueText(action.field, action.value)}->${fieldName(action.field)}`;
    case 'set_nw_ttl':
      return `mod_nw_ttl:${action.ttl}`;
    case 'dec_nw_ttl':
      return 'dec_ttl';
    case 'set_mpls_ttl':
      return `set_mpls_ttl:${action.ttl}`;
    case 'push_vlan':
    case 'push_mpls':
    case 'push_pbb':
    case 'pop_mpls':
      return `${action.type}:0x${action.ethertype.toString(16)}`;
    case 'pop_vlan':
      return 'strip_vlan';
    case 'experimenter':
      return `experimenter(0x${action.experimenter.toString(16)},${bytesText(action.data)})`;
    case 'unknown':
      return `unknown(${action.code},${bytesText(action.data)})`;
    default:
      return action.type;
  }
}

/** 'meter:7,set_queue:1,goto_table:1'; 'drop' when there are none. */
export function formatInstructions(instructions: readonly Instruction[]): string {
  const text = instructions.map(instructionText).filter((part) => part !== '');
  return text.length === 0 ? 'drop' : text.join(',');
}

function instructionText(instruction: Instruction): string {
  switch (instruction.type) {
    case 'goto_table':
      return `goto_table:${instruction.tableId}`;
    case 'meter':
      return `meter:${instruction.meterId}`;
    case 'write_metadata':
      return `write_metadata:0x${instruction.metadata.toString(16)}/0x${instruction.mask.toString(16)}`;
    case 'apply_actions':
      return instruction.actions.map(actionText).join(',');
    case 'write_actions':
      return `write_actions(${formatActions(instruction.actions)})`;
    case 'clear_actions':
      return 'clear_actions';
    case 'experimenter':
      return `experimenter(0x${instruction.experimenter.toString(16)},${bytesText(instruction.data)})`;
    case 'unknown':
      return `unknown(${instruction.code},${bytesText(instruction.data)})`;
  }
}

/** 'type=drop rate=1000 burst_size=100'. */
export function formatBand(band: Band): string {
  switch (band.type) {
    case 'drop':
      return `type=drop rate=${band.rate}${burstText(band.burstSize)}`;
    case 'dscp_remark':
      return `type=dscp_remark rate=${band.rate}${burstText(band.burstSize)} prec_level=${band.precLevel}`;
    case 'experimenter':
      return `type=experimenter(0x${band.experimenter.toString(16)}) rate=${band.rate}`;
    case 'unknown':
      return `type=${band.code} data=${bytesText(band.data)}`;
  }
}

const burstText = (burst: number): string => (burst === 0 ? '' : ` burst_size=${burst}`);

/** A flow entry, or what a flow mod says of one, as `ovs-ofctl dump-flows` and `add-flow` write it. */
export function formatFlow(flow: FlowStats | FlowMod): string {
  const counters =
    'packetCount' in flow
      ? [`duration=${durationText(flow)}`, `n_packets=${flow.packetCount}`, `n_bytes=${flow.byteCount}`]
      : [];
  const parts = [
    `cookie=0x${flow.cookie.toString(16)}`,
    ...counters,
    `table=${flow.tableId}`,
    ...(flow.idleTimeout === 0 ? [] : [`idle_timeout=${flow.idleTimeout}`]),
    ...(flow.hardTimeout === 0 ? [] : [`hard_timeout=${flow.hardTimeout}`]),
    `priority=${flow.priority}`,
  ];
  const match = formatMatch(flow.match);
  return `${parts.join(',')}${match === '' ? '' : `,${match}`} actions=${formatInstructions(flow.instructions)}`;
}

export const durationText = (flow: { readonly durationSec: number; readonly durationNsec: number }): string =>
  `${flow.durationSec}.${String(Math.floor(flow.durationNsec / 1e6)).padStart(3, '0')}s`;
