/** The door of stages: a story's parts, standing, for runs and tests that decide themselves what happens. */
export {
  type ApiAnswer,
  type MigrationBody,
  openStage,
  type Stage,
  type StageOptions,
  type UnmannedStage,
} from './stage.ts';
export type { GuestKind, StageAgent } from './stage-agents.ts';
export { type StageSnapshot, snapshotStage } from './stage-snapshot.ts';
