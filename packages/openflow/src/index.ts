/** The door of @oflib/openflow: messages, codec, sessions of both sides, packets, text. */
export {
  decodeMessage,
  type Envelope,
  encodeMessage,
  type Message,
  type UnknownMessage,
  type UnknownMultipart,
} from './codec.ts';
export { errorName, OpenflowError } from './errors.ts';
export * from './generated/index.ts';
export { OXM_FIELDS, type OxmFieldInfo } from './generated/match-types.ts';
export { type KnownMessage, MESSAGE_CODES, type Replies } from './generated/messages.ts';
export * as struct from './generated/structs.ts';
export * from './packet/index.ts';
export {
  EncodeError,
  ProtocolError,
  type ProtocolErrorDetail,
  TooLongError,
} from './runtime/protocol-error.ts';
export { CONNECTION_DEFAULTS, Connection, type ConnectionOptions } from './session/connection.ts';
export {
  type Controller,
  type ControllerEvents,
  type ControllerOptions,
  createController,
  OPENFLOW_PORT,
} from './session/controller.ts';
export {
  createSwitch,
  type Device,
  type DeviceEvents,
  type DeviceOptions,
  type SwitchHandler,
} from './session/device.ts';
export { BatchError, type BatchRefusal, RequestError, type RequestFailure } from './session/failures.ts';
export { MESSAGE_BYTES_MAX } from './session/framer.ts';
export type { ReplyTo, RequestOptions, Role, Switch, SwitchEvents } from './session/switch.ts';
export { systemTimers, type Timers } from './session/timers.ts';
export { formatActions, formatFlow, formatInstructions, formatMatch } from './text/format.ts';
export { formatMessage } from './text/format-message.ts';
