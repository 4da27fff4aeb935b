/** The door of @oflib/openflow/testing: a fake switch for tests of controllers. */
export { createFakeSwitch, type FakeSwitch, type FakeSwitchOptions } from './fake-switch.ts';
export type { FlowEntry } from './flow-table.ts';
export type { PacketFields } from './match-logic.ts';
export type { Group, Meter } from './meters-and-groups.ts';
export type { Amount, Departure, Forwarding } from './pipeline.ts';
export type { FakePort } from './ports.ts';
export { type Direction, formatRecorded, parseRecording, type RecordedMessage, record } from './recorder.ts';
export { type Replayed, type ReplayOptions, replay } from './replay.ts';
