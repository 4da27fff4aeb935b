/** Door of the pure core: `step(state, input) → {state, effects}` and the data it works on. */

export { RESERVED_RATE_MIN } from './admission/limits.ts';
export { type Prediction, predict } from './admission/predict.ts';
export { type NoOffer, type Offer, type Outcome, quote } from './admission/quote.ts';
export { type Change, smallestChanges } from './admission/smallest-change.ts';
export { type Explanation, explain } from './allocation/explain.ts';
export { capsFor } from './allocation/grant.ts';
export type { CoreEvent, Effect, SouthboundEffect } from './effect.ts';
export type { MigrationId, ReservationId, VmId } from './ids.ts';
export { DEFAULT_CORE_CONFIG, initialState } from './initial-state.ts';
export type { Heard, Input, NetworkOperation } from './input.ts';
export { checkInvariants } from './invariants.ts';
export type { Hold, Ledger } from './ledger/index.ts';
export { ENDED_MIGRATIONS_KEPT } from './lifecycle/finish.ts';
export {
  activeMigrations,
  agentAlive,
  floorOf,
  headroomOf,
  heldOn,
  initialEffects,
  isActive,
  isWaiting,
  migrationOfVm,
  reservationOfMigration,
  reservations,
  reservationsByHost,
  reservationsByLink,
  residualOf,
} from './lookups.ts';
export type {
  Answer,
  HypervisorOptions,
  MechanismName,
  MigrationRequest,
  RatePolicyName,
  Refusal,
} from './request.ts';
export {
  MECHANISMS,
  PRIORITY_DEFAULT,
  PRIORITY_MAX,
  RATE_POLICIES,
  REQUEST_DEFAULTS,
  TOGETHER_MAX,
} from './request.ts';
export type { Step } from './result.ts';
export type {
  Boundary,
  Completion,
  CoreConfig,
  CounterReading,
  HostState,
  Migration,
  Objective,
  Phase,
  QueueTarget,
  Receipt,
  Reservation,
  RoundRecord,
  State,
  VmState,
} from './state.ts';
export { OBJECTIVES } from './state.ts';
export { step } from './step.ts';
