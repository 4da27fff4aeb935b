/** The door of @oflib/openflow: messages, codec, sessions of both sides, packets, text. */
export {
  decodeMessage,
  type Envelope,
  encodeMessage,
  type Message,
  type UnknownMessage,
  type UnknownMultipart,
} from './codec.ts';
export { describeError, type ErrorDescription, errorName, errorOf, OpenflowError } from './errors.ts';
export {
  type Masked,
  type Match,
  OXM_FIELDS,
  type OxmFieldInfo,
  type OxmName,
  type OxmValues,
} from './generated/match-types.ts';
export * as of10 from './generated/of10/index.ts';
export * as of11 from './generated/of11/index.ts';
export * as of12 from './generated/of12/index.ts';
export * from './generated/of13/index.ts';
export * as of13 from './generated/of13/index.ts';
export * as of14 from './generated/of14/index.ts';
export * as of15 from './generated/of15/index.ts';
export * from './packet/index.ts';
export { unknownIn } from './refusals.ts';
export type { BitRange } from './runtime/bit-range.ts';
export type { CtZone, CtZoneField } from './runtime/custom/ct-zone.ts';
export type { EdProperty } from './runtime/custom/ed-properties.ts';
export type { LearnResult } from './runtime/custom/learn-result.ts';
export type { LearnField, LearnSource, LearnSpec } from './runtime/custom/learn-specs.ts';
export type { NatRange } from './runtime/custom/nat-range.ts';
export type { WireError } from './runtime/error-numbers.ts';
export { NESTING_MAX } from './runtime/list.ts';
export { FIELDS_MAX } from './runtime/oxm-fields.ts';
export type { OxmId } from './runtime/oxm-id.ts';
export {
  EncodeError,
  ProtocolError,
  type ProtocolErrorDetail,
  TooLongError,
} from './runtime/protocol-error.ts';
export type { App } from './session/app.ts';
export type { BundleOptions } from './session/bundle.ts';
export { BundleRefusal } from './session/bundle-refusal.ts';
export {
  CONNECTION_DEFAULTS,
  Connection,
  type ConnectionEvents,
  type ConnectionOptions,
} from './session/connection.ts';
export {
  CONNECTIONS_MAX,
  type Controller,
  type ControllerEvents,
  type ControllerOptions,
  createController,
  OPENFLOW_PORT,
} from './session/controller.ts';
export {
  type Address,
  createSwitch,
  type Device,
  type DeviceEvents,
  type DeviceOptions,
  type Origin,
  type SwitchHandler,
} from './session/device.ts';
export { BatchError, type BatchRefusal, RequestError, type RequestFailure } from './session/failures.ts';
export { MESSAGE_BYTES_MAX } from './session/framer.ts';
export { HIGH_WATER_BYTES, OUTPUT_BYTES_MAX } from './session/output.ts';
export { FRAGMENTS_MAX, REPLY_BYTES_MAX, REQUESTS_MAX } from './session/pending.ts';
export type { Role } from './session/role-request.ts';
export type { Stream, StreamOptions } from './session/stream.ts';
export { PARTS_WAITING_MAX, type Switch, type SwitchEvents } from './session/switch.ts';
export { systemTimers, type Timers } from './session/timers.ts';
export type { TlsOptions } from './session/tls.ts';
export type { MessageOf, ReplyTo, RequestOptions } from './session/types.ts';
export * from './text/index.ts';
export { VERSIONS, type Version, versionOf, wireVersion } from './versions.ts';
