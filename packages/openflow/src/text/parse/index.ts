/** Reading what operators write for ovs-ofctl. */
export { type FlowCommand, type FlowFormat, type FlowOptions, parseFlowMods } from './flow.ts';
export { type GroupCommand, type GroupOptions, parseGroupMod, parseGroupMods } from './group.ts';
export { type MeterCommand, type MeterOptions, parseMeterMod } from './meter.ts';
export { type PacketOutOptions, parsePacketOut } from './packet-out.ts';
export { ParseError, type Problem } from './parse-error.ts';
export {
  type ActionsByVersion,
  type InstructionsByVersion,
  type PartOptions,
  parseActions,
  parseInstructions,
  parseMatch,
} from './parts.ts';
