/** Messages as text, and text as messages. */
export {
  type ActionsByVersion,
  type FlowCommand,
  type FlowFormat,
  type FlowOptions,
  type GroupCommand,
  type GroupOptions,
  type InstructionsByVersion,
  type MeterCommand,
  type MeterOptions,
  type PacketOutOptions,
  ParseError,
  type PartOptions,
  type Problem,
  parseActions,
  parseFlowMods,
  parseGroupMod,
  parseGroupMods,
  parseInstructions,
  parseMatch,
  parseMeterMod,
  parsePacketOut,
} from './parse/index.ts';
export { formatActions } from './print/actions.ts';
export { formatFlow } from './print/flow-line.ts';
export { formatInstructions } from './print/instructions.ts';
export { formatMatch } from './print/match.ts';
export { type FormatOptions, formatMessage } from './print/message.ts';
