// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { decodeAggregateStatsReply, encodeAggregateStatsReply, type AggregateStatsReply } from './aggregate-stats-reply.ts';
import { decodeAggregateStatsRequest, encodeAggregateStatsRequest, type AggregateStatsRequest } from './aggregate-stats-request.ts';
import { decodeBarrierReply, encodeBarrierReply, type BarrierReply } from './barrier-reply.ts';
import { decodeBarrierRequest, encodeBarrierRequest, type BarrierRequest } from './barrier-request.ts';
import { decodeDescReply, encodeDescReply, type DescReply } from './desc-reply.ts';
import { decodeDescRequest, encodeDescRequest, type DescRequest } from './desc-request.ts';
import { decodeEchoReply, encodeEchoReply, type EchoReply } from './echo-reply.ts';
import { decodeEchoRequest, encodeEchoRequest, type EchoRequest } from './echo-request.ts';
import { decodeError, encodeError, type ErrorMessage } from './error.ts';
import { decodeExperimenter, encodeExperimenter, type Experimenter } from './experimenter.ts';
import { decodeExperimenterMultipartReply, encodeExperimenterMultipartReply, type ExperimenterMultipartReply } from './experimenter-multipart-reply.ts';
import { decodeExperimenterMultipartRequest, encodeExperimenterMultipartRequest, type ExperimenterMultipartRequest } from './experimenter-multipart-request.ts';
import { decodeFeaturesReply, encodeFeaturesReply, type FeaturesReply } from './features-reply.ts';
import { decodeFeaturesRequest, encodeFeaturesRequest, type FeaturesRequest } from './features-request.ts';
import { decodeFlowMod, encodeFlowMod, type FlowMod } from './flow-mod.ts';
import { decodeFlowRemoved, encodeFlowRemoved, type FlowRemoved } from './flow-removed.ts';
import { decodeFlowStatsReply, encodeFlowStatsReply, type FlowStatsReply } from './flow-stats-reply.ts';
import { decodeFlowStatsRequest, encodeFlowStatsRequest, type FlowStatsRequest } from './flow-stats-request.ts';
import { decodeGetAsyncReply, encodeGetAsyncReply, type GetAsyncReply } from './get-async-reply.ts';
import { decodeGetAsyncRequest, encodeGetAsyncRequest, type GetAsyncRequest } from './get-async-request.ts';
import { decodeGetConfigReply, encodeGetConfigReply, type GetConfigReply } from './get-config-reply.ts';
import { decodeGetConfigRequest, encodeGetConfigRequest, type GetConfigRequest } from './get-config-request.ts';
import { decodeGroupDescReply, encodeGroupDescReply, type GroupDescReply } from './group-desc-reply.ts';
import { decodeGroupDescRequest, encodeGroupDescRequest, type GroupDescRequest } from './group-desc-request.ts';
import { decodeGroupMod, encodeGroupMod, type GroupMod } from './group-mod.ts';
import { decodeGroupStatsReply, encodeGroupStatsReply, type GroupStatsReply } from './group-stats-reply.ts';
import { decodeGroupStatsRequest, encodeGroupStatsRequest, type GroupStatsRequest } from './group-stats-request.ts';
import { decodeHello, encodeHello, type Hello } from './hello.ts';
import { decodeMeterConfigReply, encodeMeterConfigReply, type MeterConfigReply } from './meter-config-reply.ts';
import { decodeMeterConfigRequest, encodeMeterConfigRequest, type MeterConfigRequest } from './meter-config-request.ts';
import { decodeMeterFeaturesReply, encodeMeterFeaturesReply, type MeterFeaturesReply } from './meter-features-reply.ts';
import { decodeMeterFeaturesRequest, encodeMeterFeaturesRequest, type MeterFeaturesRequest } from './meter-features-request.ts';
import { decodeMeterMod, encodeMeterMod, type MeterMod } from './meter-mod.ts';
import { decodeMeterStatsReply, encodeMeterStatsReply, type MeterStatsReply } from './meter-stats-reply.ts';
import { decodeMeterStatsRequest, encodeMeterStatsRequest, type MeterStatsRequest } from './meter-stats-request.ts';
import { decodePacketIn, encodePacketIn, type PacketIn } from './packet-in.ts';
import { decodePacketOut, encodePacketOut, type PacketOut } from './packet-out.ts';
import { decodePortDescReply, encodePortDescReply, type PortDescReply } from './port-desc-reply.ts';
import { decodePortDescRequest, encodePortDescRequest, type PortDescRequest } from './port-desc-request.ts';
import { decodePortMod, encodePortMod, type PortMod } from './port-mod.ts';
import { decodePortStatsReply, encodePortStatsReply, type PortStatsReply } from './port-stats-reply.ts';
import { decodePortStatsRequest, encodePortStatsRequest, type PortStatsRequest } from './port-stats-request.ts';
import { decodePortStatus, encodePortStatus, type PortStatus } from './port-status.ts';
import { decodeQueueGetConfigReply, encodeQueueGetConfigReply, type QueueGetConfigReply } from './queue-get-config-reply.ts';
import { decodeQueueGetConfigRequest, encodeQueueGetConfigRequest, type QueueGetConfigRequest } from './queue-get-config-request.ts';
import { decodeQueueStatsReply, encodeQueueStatsReply, type QueueStatsReply } from './queue-stats-reply.ts';
import { decodeQueueStatsRequest, encodeQueueStatsRequest, type QueueStatsRequest } from './queue-stats-request.ts';
import { decodeRoleReply, encodeRoleReply, type RoleReply } from './role-reply.ts';
import { decodeRoleRequest, encodeRoleRequest, type RoleRequest } from './role-request.ts';
import { decodeSetAsync, encodeSetAsync, type SetAsync } from './set-async.ts';
import { decodeSetConfig, encodeSetConfig, type SetConfig } from './set-config.ts';
import { decodeTableMod, encodeTableMod, type TableMod } from './table-mod.ts';
import { decodeTableStatsReply, encodeTableStatsReply, type TableStatsReply } from './table-stats-reply.ts';
import { decodeTableStatsRequest, encodeTableStatsRequest, type TableStatsRequest } from './table-stats-request.ts';
import type { Writer } from '../runtime/writer.ts';

/** Every message that this version names. */
export type KnownMessage =
  | Hello
  | ErrorMessage
  | EchoRequest
  | EchoReply
  | Experimenter
  | FeaturesRequest
  | FeaturesReply
  | GetConfigRequest
  | GetConfigReply
  | SetConfig
  | PacketIn
  | FlowRemoved
  | PortStatus
  | PacketOut
  | FlowMod
  | GroupMod
  | PortMod
  | TableMod
  | BarrierRequest
  | BarrierReply
  | QueueGetConfigRequest
  | QueueGetConfigReply
  | RoleRequest
  | RoleReply
  | GetAsyncRequest
  | GetAsyncReply
  | SetAsync
  | MeterMod
  | DescRequest
  | DescReply
  | FlowStatsRequest
  | FlowStatsReply
  | AggregateStatsRequest
  | AggregateStatsReply
  | TableStatsRequest
  | TableStatsReply
  | PortStatsRequest
  | PortStatsReply
  | QueueStatsRequest
  | QueueStatsReply
  | GroupStatsRequest
  | GroupStatsReply
  | GroupDescRequest
  | GroupDescReply
  | MeterStatsRequest
  | MeterStatsReply
  | MeterConfigRequest
  | MeterConfigReply
  | MeterFeaturesRequest
  | MeterFeaturesReply
  | PortDescRequest
  | PortDescReply
  | ExperimenterMultipartRequest
  | ExperimenterMultipartReply;

/** OFPT_* number of each message. */
export const MESSAGE_CODES: Readonly<Record<KnownMessage['type'], number>> = {
  hello: 0,
  error: 1,
  echo_request: 2,
  echo_reply: 3,
  experimenter: 4,
  features_request: 5,
  features_reply: 6,
  get_config_request: 7,
  get_config_reply: 8,
  set_config: 9,
  packet_in: 10,
  flow_removed: 11,
  port_status: 12,
  packet_out: 13,
  flow_mod: 14,
  group_mod: 15,
  port_mod: 16,
  table_mod: 17,
  barrier_request: 20,
  barrier_reply: 21,
  queue_get_config_request: 22,
  queue_get_config_reply: 23,
  role_request: 24,
  role_reply: 25,
  get_async_request: 26,
  get_async_reply: 27,
  set_async: 28,
  meter_mod: 29,
  desc_request: 18,
  desc_reply: 19,
  flow_stats_request: 18,
  flow_stats_reply: 19,
  aggregate_stats_request: 18,
  aggregate_stats_reply: 19,
  table_stats_request: 18,
  table_stats_reply: 19,
  port_stats_request: 18,
  port_stats_reply: 19,
  queue_stats_request: 18,
  queue_stats_reply: 19,
  group_stats_request: 18,
  group_stats_reply: 19,
  group_desc_request: 18,
  group_desc_reply: 19,
  meter_stats_request: 18,
  meter_stats_reply: 19,
  meter_config_request: 18,
  meter_config_reply: 19,
  meter_features_request: 18,
  meter_features_reply: 19,
  port_desc_request: 18,
  port_desc_reply: 19,
  experimenter_multipart_request: 18,
  experimenter_multipart_reply: 19,
};

/** The reply that each request is answered with. */
export interface Replies {
  echo_request: EchoReply;
  experimenter: Experimenter;
  features_request: FeaturesReply;
  get_config_request: GetConfigReply;
  barrier_request: BarrierReply;
  queue_get_config_request: QueueGetConfigReply;
  role_request: RoleReply;
  get_async_request: GetAsyncReply;
  desc_request: DescReply;
  flow_stats_request: FlowStatsReply;
  aggregate_stats_request: AggregateStatsReply;
  table_stats_request: TableStatsReply;
  port_stats_request: PortStatsReply;
  queue_stats_request: QueueStatsReply;
  group_stats_request: GroupStatsReply;
  group_desc_request: GroupDescReply;
  meter_stats_request: MeterStatsReply;
  meter_config_request: MeterConfigReply;
  meter_features_request: MeterFeaturesReply;
  port_desc_request: PortDescReply;
  experimenter_multipart_request: ExperimenterMultipartReply;
}

export const REPLY_TYPES: { readonly [R in keyof Replies]: Replies[R]['type'] } = {
  echo_request: 'echo_reply',
  experimenter: 'experimenter',
  features_request: 'features_reply',
  get_config_request: 'get_config_reply',
  barrier_request: 'barrier_reply',
  queue_get_config_request: 'queue_get_config_reply',
  role_request: 'role_reply',
  get_async_request: 'get_async_reply',
  desc_request: 'desc_reply',
  flow_stats_request: 'flow_stats_reply',
  aggregate_stats_request: 'aggregate_stats_reply',
  table_stats_request: 'table_stats_reply',
  port_stats_request: 'port_stats_reply',
  queue_stats_request: 'queue_stats_reply',
  group_stats_request: 'group_stats_reply',
  group_desc_request: 'group_desc_reply',
  meter_stats_request: 'meter_stats_reply',
  meter_config_request: 'meter_config_reply',
  meter_features_request: 'meter_features_reply',
  port_desc_request: 'port_desc_reply',
  experimenter_multipart_request: 'experimenter_multipart_reply',
};

/** The list that grows from fragment to fragment, of replies that may come in several. */
export const FRAGMENT_LISTS: Readonly<Record<string, string>> = {
  flow_stats_reply: 'flows',
  table_stats_reply: 'tables',
  port_stats_reply: 'ports',
  queue_stats_reply: 'queues',
  group_stats_reply: 'groups',
  group_desc_reply: 'groups',
  meter_stats_reply: 'meters',
  meter_config_reply: 'meters',
  port_desc_reply: 'ports',
};

/** The message of this OFPT_* number, or undefined when nobody has named it. */
export function decodeBody(code: number, view: DataView, off: number, end: number): KnownMessage | undefined {
  switch (code) {
    case 0:
      return decodeHello(view, off, end);
    case 1:
      return decodeError(view, off, end);
    case 2:
      return decodeEchoRequest(view, off, end);
    case 3:
      return decodeEchoReply(view, off, end);
    case 4:
      return decodeExperimenter(view, off, end);
    case 5:
      return decodeFeaturesRequest(view, off, end);
    case 6:
      return decodeFeaturesReply(view, off, end);
    case 7:
      return decodeGetConfigRequest(view, off, end);
    case 8:
      return decodeGetConfigReply(view, off, end);
    case 9:
      return decodeSetConfig(view, off, end);
    case 10:
      return decodePacketIn(view, off, end);
    case 11:
      return decodeFlowRemoved(view, off, end);
    case 12:
      return decodePortStatus(view, off, end);
    case 13:
      return decodePacketOut(view, off, end);
    case 14:
      return decodeFlowMod(view, off, end);
    case 15:
      return decodeGroupMod(view, off, end);
    case 16:
      return decodePortMod(view, off, end);
    case 17:
      return decodeTableMod(view, off, end);
    case 20:
      return decodeBarrierRequest(view, off, end);
    case 21:
      return decodeBarrierReply(view, off, end);
    case 22:
      return decodeQueueGetConfigRequest(view, off, end);
    case 23:
      return decodeQueueGetConfigReply(view, off, end);
    case 24:
      return decodeRoleRequest(view, off, end);
    case 25:
      return decodeRoleReply(view, off, end);
    case 26:
      return decodeGetAsyncRequest(view, off, end);
    case 27:
      return decodeGetAsyncReply(view, off, end);
    case 28:
      return decodeSetAsync(view, off, end);
    case 29:
      return decodeMeterMod(view, off, end);
    default:
      return undefined;
  }
}

/** The multipart request of this OFPMP_* number. */
export function decodeMultipartRequest(number: number, view: DataView, off: number, end: number): KnownMessage | undefined {
  switch (number) {
    case 0:
      return decodeDescRequest(view, off, end);
    case 1:
      return decodeFlowStatsRequest(view, off, end);
    case 2:
      return decodeAggregateStatsRequest(view, off, end);
    case 3:
      return decodeTableStatsRequest(view, off, end);
    case 4:
      return decodePortStatsRequest(view, off, end);
    case 5:
      return decodeQueueStatsRequest(view, off, end);
    case 6:
      return decodeGroupStatsRequest(view, off, end);
    case 7:
      return decodeGroupDescRequest(view, off, end);
    case 9:
      return decodeMeterStatsRequest(view, off, end);
    case 10:
      return decodeMeterConfigRequest(view, off, end);
    case 11:
      return decodeMeterFeaturesRequest(view, off, end);
    case 13:
      return decodePortDescRequest(view, off, end);
    case 0xffff:
      return decodeExperimenterMultipartRequest(view, off, end);
    default:
      return undefined;
  }
}

/** The multipart reply of this OFPMP_* number. */
export function decodeMultipartReply(number: number, view: DataView, off: number, end: number): KnownMessage | undefined {
  switch (number) {
    case 0:
      return decodeDescReply(view, off, end);
    case 1:
      return decodeFlowStatsReply(view, off, end);
    case 2:
      return decodeAggregateStatsReply(view, off, end);
    case 3:
      return decodeTableStatsReply(view, off, end);
    case 4:
      return decodePortStatsReply(view, off, end);
    case 5:
      return decodeQueueStatsReply(view, off, end);
    case 6:
      return decodeGroupStatsReply(view, off, end);
    case 7:
      return decodeGroupDescReply(view, off, end);
    case 9:
      return decodeMeterStatsReply(view, off, end);
    case 10:
      return decodeMeterConfigReply(view, off, end);
    case 11:
      return decodeMeterFeaturesReply(view, off, end);
    case 13:
      return decodePortDescReply(view, off, end);
    case 0xffff:
      return decodeExperimenterMultipartReply(view, off, end);
    default:
      return undefined;
  }
}

export function encodeBody(writer: Writer, message: KnownMessage): void {
  switch (message.type) {
    case 'hello':
      return encodeHello(writer, message);
    case 'error':
      return encodeError(writer, message);
    case 'echo_request':
      return encodeEchoRequest(writer, message);
    case 'echo_reply':
      return encodeEchoReply(writer, message);
    case 'experimenter':
      return encodeExperimenter(writer, message);
    case 'features_request':
      return encodeFeaturesRequest(writer, message);
    case 'features_reply':
      return encodeFeaturesReply(writer, message);
    case 'get_config_request':
      return encodeGetConfigRequest(writer, message);
    case 'get_config_reply':
      return encodeGetConfigReply(writer, message);
    case 'set_config':
      return encodeSetConfig(writer, message);
    case 'packet_in':
      return encodePacketIn(writer, message);
    case 'flow_removed':
      return encodeFlowRemoved(writer, message);
    case 'port_status':
      return encodePortStatus(writer, message);
    case 'packet_out':
      return encodePacketOut(writer, message);
    case 'flow_mod':
      return encodeFlowMod(writer, message);
    case 'group_mod':
      return encodeGroupMod(writer, message);
    case 'port_mod':
      return encodePortMod(writer, message);
    case 'table_mod':
      return encodeTableMod(writer, message);
    case 'barrier_request':
      return encodeBarrierRequest(writer, message);
    case 'barrier_reply':
      return encodeBarrierReply(writer, message);
    case 'queue_get_config_request':
      return encodeQueueGetConfigRequest(writer, message);
    case 'queue_get_config_reply':
      return encodeQueueGetConfigReply(writer, message);
    case 'role_request':
      return encodeRoleRequest(writer, message);
    case 'role_reply':
      return encodeRoleReply(writer, message);
    case 'get_async_request':
      return encodeGetAsyncRequest(writer, message);
    case 'get_async_reply':
      return encodeGetAsyncReply(writer, message);
    case 'set_async':
      return encodeSetAsync(writer, message);
    case 'meter_mod':
      return encodeMeterMod(writer, message);
    case 'desc_request':
      return encodeDescRequest(writer, message);
    case 'desc_reply':
      return encodeDescReply(writer, message);
    case 'flow_stats_request':
      return encodeFlowStatsRequest(writer, message);
    case 'flow_stats_reply':
      return encodeFlowStatsReply(writer, message);
    case 'aggregate_stats_request':
      return encodeAggregateStatsRequest(writer, message);
    case 'aggregate_stats_reply':
      return encodeAggregateStatsReply(writer, message);
    case 'table_stats_request':
      return encodeTableStatsRequest(writer, message);
    case 'table_stats_reply':
      return encodeTableStatsReply(writer, message);
    case 'port_stats_request':
      return encodePortStatsRequest(writer, message);
    case 'port_stats_reply':
      return encodePortStatsReply(writer, message);
    case 'queue_stats_request':
      return encodeQueueStatsRequest(writer, message);
    case 'queue_stats_reply':
      return encodeQueueStatsReply(writer, message);
    case 'group_stats_request':
      return encodeGroupStatsRequest(writer, message);
    case 'group_stats_reply':
      return encodeGroupStatsReply(writer, message);
    case 'group_desc_request':
      return encodeGroupDescRequest(writer, message);
    case 'group_desc_reply':
      return encodeGroupDescReply(writer, message);
    case 'meter_stats_request':
      return encodeMeterStatsRequest(writer, message);
    case 'meter_stats_reply':
      return encodeMeterStatsReply(writer, message);
    case 'meter_config_request':
      return encodeMeterConfigRequest(writer, message);
    case 'meter_config_reply':
      return encodeMeterConfigReply(writer, message);
    case 'meter_features_request':
      return encodeMeterFeaturesRequest(writer, message);
    case 'meter_features_reply':
      return encodeMeterFeaturesReply(writer, message);
    case 'port_desc_request':
      return encodePortDescRequest(writer, message);
    case 'port_desc_reply':
      return encodePortDescReply(writer, message);
    case 'experimenter_multipart_request':
      return encodeExperimenterMultipartRequest(writer, message);
    case 'experimenter_multipart_reply':
      return encodeExperimenterMultipartReply(writer, message);
  }
}
