/** OVSDB (RFC 7047) for TypeScript: a client that stays connected, typed operations, and tables that follow the server. */

export type { BackoffOptions } from './backoff.ts';
export { RECONNECT_DELAY_MAX_MS, RECONNECT_DELAY_MIN_MS, reconnectDelayMs } from './backoff.ts';
export { OvsdbClient } from './client.ts';
export type { ConnectionStatus, LockOptions, MonitorOptions, OvsdbClientOptions } from './client-options.ts';
export { CONNECTED_TIMEOUT_MS } from './client-options.ts';
export type { Conditions } from './condition.ts';
export type { Endpoint, Endpoints } from './endpoint.ts';
export { CONNECT_TIMEOUT_MS, formatEndpoint, parseEndpoint, parseEndpoints } from './endpoint.ts';
export type { ConnectFailure, DatabaseUnavailable, OvsdbErrorDetail } from './error.ts';
export { OvsdbError } from './error.ts';
export { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
export type { Json, JsonObject } from './json.ts';
export { parseJson } from './json-parse.ts';
export type { SplitterLimits } from './json-splitter.ts';
export { DEPTH_MAX, JsonSplitter, MESSAGE_BYTES_MAX } from './json-splitter.ts';
export type { Lock } from './lock.ts';
export { HELD_TIMEOUT_MS } from './lock.ts';
export type { OpenVswitch, OpenVswitchDatabase, OpenVswitchRow, OpenVswitchTable } from './open-vswitch.ts';
export { connectOpenVswitch, IN_FORCE_TIMEOUT_MS, openVswitch, ovs, queueConfig } from './open-vswitch.ts';
export type {
  Comparison,
  Condition,
  CountResult,
  InsertResult,
  Mutation,
  Operation,
  Operations,
  Results,
  Where,
} from './operation.ts';
export { operations } from './operation.ts';
export type { RequestOptions } from './rpc.ts';
export {
  ECHO_INTERVAL_MS,
  OUTBOX_BYTES_MAX,
  PENDING_REQUESTS_MAX,
  REQUEST_TIMEOUT_MS,
  TEXT_INTERVALS_MAX,
} from './rpc.ts';
export type {
  AtomType,
  Column,
  ColumnName,
  DatabaseSpec,
  NamedUuid,
  NewRow,
  ReadOf,
  Row,
  Shape,
  TableName,
  TableSpec,
  Uuid,
  UuidRef,
  WriteOf,
} from './schema.ts';
export { map, one, optional, set } from './schema.ts';
export type { ServerColumn, ServerSchema } from './server-schema.ts';
export type { ServerStatus } from './server-status.ts';
export type { Timers } from './timers.ts';
export { nodeTimers } from './timers.ts';
export { decodeValue, defaultValue, encodeValue, isUuid, named, uuid } from './value.ts';
export type { Change, Selection, View } from './view.ts';
export { UNTIL_TIMEOUT_MS } from './view.ts';
