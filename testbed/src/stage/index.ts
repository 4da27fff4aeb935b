/** The door of stages: a story's parts, standing, for runs and tests that decide themselves what happens. */

export { type Move, measureMove, measurePause, type SwitchoverCost, switchoverCost } from './hitless.ts';
export { type HitlessStage, openHitlessStage } from './hitless-stage.ts';
export { type MonitorEvent, type Monitors, watchMonitors } from './monitors.ts';
export {
  type ApiAnswer,
  type MigrationBody,
  openStage,
  type Stage,
  type StageOptions,
  type UnmannedStage,
} from './stage.ts';
export type { GuestKind, StageAgent } from './stage-agents.ts';
export { nicClasses, type StageSnapshot, snapshotStage } from './stage-snapshot.ts';
