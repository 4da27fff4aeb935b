/** Door of the pure core: `step(state, input) → {state, effects}` and the data it works on. */
export type { CoreEvent, Effect } from './effect.ts';
export type { MigrationId, ReservationId, VmId } from './ids.ts';
export type { Heard, Input, NetworkOperation } from './input.ts';
export type { Answer, MigrationRequest, RatePolicyName, Refusal } from './request.ts';
export { RATE_POLICIES } from './request.ts';
export type {
  CoreConfig,
  HostState,
  Migration,
  Phase,
  QueueTarget,
  Receipt,
  Reservation,
  RoundRecord,
  VmState,
} from './state.ts';
