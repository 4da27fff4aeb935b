/** What stands behind the header of each message. */
import type { Envelope } from '../../codec.ts';
import type { Version } from '../../versions.ts';
import { type BitNames, bitsText, bytesText, hexOrZero } from '../words/numbers.ts';
import { groupText } from '../words/ports.ts';
import * as controller from './controller.ts';
import { errorText } from './error.ts';
import * as flow from './flow.ts';
import { genericText } from './generic.ts';
import * as group from './group.ts';
import * as meter from './meter.ts';
import * as monitor from './monitor.ts';
import * as nicira from './nicira.ts';
import * as packet from './packet.ts';
import * as port from './port.ts';
import * as queue from './queue.ts';
import * as device from './switch.ts';
import * as table from './table.ts';
import * as features from './table-features.ts';
import type { AnyMessage, Of } from './types.ts';

export type PrintInner = (message: AnyMessage, version: number, xid: number) => string;

/** '' for a message that is nothing but its header. */
export function bodyText(message: AnyMessage, version: Version, print: PrintInner): string {
  switch (message.type) {
    case 'hello':
      return device.helloText(message, version);
    case 'error':
      return errorText(message, version, print);
    case 'echo_request':
    case 'echo_reply':
      return device.echoText(message);
    case 'features_reply':
      return device.featuresReplyText(message, version);
    case 'get_config_reply':
    case 'set_config':
      return device.configText(message);
    case 'desc_reply':
      return device.descText(message);
    case 'packet_in':
    case 'nx_packet_in':
      return packet.packetInText(message, version);
    case 'nx_packet_in2':
    case 'nx_resume':
      return packet.packetIn2Text(message, version);
    case 'packet_out':
      return packet.packetOutText(message, version);
    case 'flow_mod':
    case 'nx_flow_mod':
      return flow.flowModText(message, version);
    case 'flow_removed':
    case 'nx_flow_removed':
      return flow.flowRemovedText(message, version);
    case 'flow_stats_request':
    case 'nx_flow_stats_request':
    case 'flow_desc_request':
    case 'aggregate_stats_request':
    case 'nx_aggregate_stats_request':
      return flow.statsRequestText(message, version);
    case 'flow_stats_reply':
    case 'nx_flow_stats_reply':
    case 'flow_desc_reply':
      return message.flows.map((one) => `\n ${flow.flowStatsText(one, version)}`).join('');
    case 'aggregate_stats_reply':
    case 'nx_aggregate_stats_reply':
      return flow.aggregateText(message);
    case 'port_status':
      return port.portStatusText(message, version);
    case 'port_mod':
      return port.portModText(message, version);
    case 'port_stats_request':
      return port.portRequestText(message);
    case 'port_stats_reply':
      return port.portStatsText(message);
    case 'port_desc_request':
      return port.portDescRequestText(message);
    case 'port_desc_reply':
      return port.portsText(message.ports, version);
    case 'queue_get_config_request':
      return queue.queueConfigRequestText(message);
    case 'queue_get_config_reply':
      return queue.queueConfigText(message);
    case 'queue_stats_request':
      return queue.queueRequestText(message, version);
    case 'queue_stats_reply':
      return queue.queueStatsText(message);
    case 'queue_desc_request':
      return queue.queueDescRequestText(message);
    case 'queue_desc_reply':
      return queue.queueDescText(message);
    case 'table_mod':
      return table.tableModText(message, version);
    case 'table_status':
      return table.tableStatusText(message);
    case 'table_desc_reply':
      return table.tableDescText(message);
    case 'table_stats_reply':
      return features.tableStatsText(message);
    case 'table_features_reply':
    case 'table_features_request':
      return features.tableFeaturesText(message, version);
    default:
      return groupOrOther(message, version, print);
  }
}

function groupOrOther(message: AnyMessage, version: Version, print: PrintInner): string {
  switch (message.type) {
    case 'group_mod':
    case 'nx_group_mod':
      return group.groupModText(message, version);
    case 'group_desc_reply':
    case 'nx_group_desc_reply':
      return group.groupsText(message, version);
    case 'group_stats_reply':
    case 'nx_group_stats_reply':
      return group.groupStatsText(message);
    case 'group_features_reply':
    case 'nx_group_features_reply':
      return group.groupFeaturesText(message, version);
    case 'group_desc_request':
    case 'nx_group_desc_request':
      return `group_id=${'groupId' in message ? groupText(message.groupId) : 'ALL'}`;
    case 'group_stats_request':
    case 'nx_group_stats_request':
      return `group_id=${groupText(message.groupId)}`;
    case 'meter_mod':
      return meter.meterModText(message);
    case 'meter_stats_request':
    case 'meter_config_request':
      return `meter=${meter.meterText(message.meterId)}`;
    case 'meter_config_reply':
      return meter.meterConfigsText(message);
    case 'meter_stats_reply':
      return meter.meterStatsText(message);
    case 'meter_features_reply':
      return meter.meterFeaturesText(message);
    case 'flow_monitor_request':
    case 'nx_flow_monitor_request':
    case 'onf_flow_monitor_request':
      return monitor.monitorRequestText(message, version);
    case 'flow_monitor_reply':
    case 'nx_flow_monitor_reply':
    case 'onf_flow_monitor_reply':
      return monitor.monitorReplyText(message, version);
    case 'nx_flow_monitor_cancel':
    case 'onf_flow_monitor_cancel':
      return `id=${message.monitorId}`;
    case 'role_request':
    case 'role_reply':
      return controller.roleMessageText(message);
    case 'nx_role_request':
    case 'nx_role_reply':
      return controller.nxRoleMessageText(message);
    case 'role_status':
    case 'onf_role_status':
      return controller.roleStatusText(message);
    case 'set_async':
    case 'get_async_reply':
    case 'nx_set_async_config':
    case 'nx_set_async_config2':
      return controller.asyncText(message);
    case 'controller_status':
      return controller.controllerStatusText(message.status);
    case 'controller_status_reply':
      return message.controllers.map((one) => `\n ${controller.controllerStatusText(one)}`).join('');
    case 'bundle_control':
    case 'onf_bundle_control':
    case 'bundle_add_message':
    case 'onf_bundle_add_message':
      return bundleText(message, print);
    case 'requestforward':
      return forwardedText(message.request, version, print);
    default:
      return niciraText(message);
  }
}

function niciraText(message: AnyMessage): string {
  switch (message.type) {
    case 'nx_tlv_table_mod':
      return nicira.tlvTableModText(message);
    case 'nx_tlv_table_reply':
      return nicira.tlvTableReplyText(message);
    case 'nx_ipfix_bridge_stats_reply':
      return nicira.ipfixBridgeText(message);
    case 'nx_ipfix_flow_stats_reply':
      return nicira.ipfixFlowText(message);
    case 'nx_ct_flush':
      return nicira.ctFlushText(message);
    case 'nx_ct_flush_zone':
      return `zone_id=${message.zoneId}`;
    case 'nx_set_packet_in_format':
      return nicira.packetInFormatText(message);
    case 'nx_set_flow_format':
      return nicira.flowFormatText(message);
    case 'nx_set_controller_id':
      return `id=${message.controllerId}`;
    case 'nx_flow_mod_table_id':
      return message.set === 0 ? 'disable' : 'enable';
    case 'unknown':
      return `type=${message.code} 0x${bytesText(message.body)}`;
    default:
      return genericText(message);
  }
}

const BUNDLE_TYPES: readonly string[] = [
  'OPEN_REQUEST',
  'OPEN_REPLY',
  'CLOSE_REQUEST',
  'CLOSE_REPLY',
  'COMMIT_REQUEST',
  'COMMIT_REPLY',
  'DISCARD_REQUEST',
  'DISCARD_REPLY',
];
const BUNDLE_FLAGS: BitNames = [
  [1, 'atomic'],
  [2, 'ordered'],
];

type Bundle = Of<'bundle_control' | 'onf_bundle_control' | 'bundle_add_message' | 'onf_bundle_add_message'>;

function bundleText(message: Bundle, print: PrintInner): string {
  const flags = `flags=${bitsText(message.flags, BUNDLE_FLAGS)}`;
  const head = `\n bundle_id=${hexOrZero(message.bundleId)}`;
  if ('controlType' in message) {
    return `${head} type=${BUNDLE_TYPES[message.controlType] ?? message.controlType} ${flags}`;
  }
  const { message: inner, version, xid } = message.message as Envelope;
  return `${head} ${flags}\n${print(inner, version, xid)}`;
}

/** Whose request was carried out, told to the others. */
function forwardedText(request: Envelope, version: Version, print: PrintInner): string {
  const { message } = request;
  if (message.type === 'group_mod') return `reason=group_mod${group.groupModText(message, version)}`;
  if (message.type === 'meter_mod') return `reason=meter_mod ${meter.meterModText(message)}`;
  return `\n${print(message, request.version, request.xid)}`;
}
