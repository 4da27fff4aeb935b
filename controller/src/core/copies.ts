/**
 * `{ ...before, ...changes }` for the records that every input writes anew. V8 makes a spread field by field in its
 * runtime, 20 ns and more for each: a microsecond for a migration. An object that is written out is made in one go, in
 * the twentieth part of that, and always has the same shape for whoever reads it. A field that is missing here does not
 * compile.
 */
import type { Allocation } from './allocation/allocation.ts';
import type { HostState, Migration, RoundRecord, State } from './state.ts';

export const stateWith = (state: State, changes: Partial<State>): State =>
  Object.assign(stateCopy(state), changes);

export const migrationWith = (migration: Migration, changes: Partial<Migration>): Migration =>
  Object.assign(migrationCopy(migration), changes);

export const allocationWith = (allocation: Allocation, changes: Partial<Allocation>): Allocation =>
  Object.assign(allocationCopy(allocation), changes);

export const recordWith = (record: RoundRecord, changes: Partial<RoundRecord>): RoundRecord =>
  Object.assign(recordCopy(record), changes);

export const hostWith = (host: HostState, changes: Partial<HostState>): HostState =>
  Object.assign(hostCopy(host), changes);

/** `[...list, item]`, which leaves room for as many again and sixteen more in what is kept for every migration. */
export function appended<T>(list: readonly T[], item: T): readonly T[] {
  const longer = new Array<T>(list.length + 1);
  // Below the end of the list, hence the cast.
  for (let index = 0; index < list.length; index += 1) longer[index] = list[index] as T;
  longer[list.length] = item;
  return longer;
}

/** The list, which is not empty, with another item at its end. */
export function withLast<T>(list: readonly T[], item: T): readonly T[] {
  const other = list.slice();
  other[other.length - 1] = item;
  return other;
}

/** With every field, those that may be missing included. */
type Whole<T> = { [Name in keyof T]-?: T[Name] };

const stateCopy = (state: State): Whole<State> => ({
  topology: state.topology,
  config: state.config,
  now: state.now,
  hosts: state.hosts,
  vms: state.vms,
  vmsOn: state.vmsOn,
  migrations: state.migrations,
  active: state.active,
  live: state.live,
  liveOn: state.liveOn,
  waiting: state.waiting,
  wakeAt: state.wakeAt,
  checkAt: state.checkAt,
  ended: state.ended,
  places: state.places,
  moves: state.moves,
  ledger: state.ledger,
  allocation: state.allocation,
  shadows: state.shadows,
  linksDown: state.linksDown,
  linkLoads: state.linkLoads,
});

const migrationCopy = (migration: Migration): Whole<Migration> => ({
  id: migration.id,
  request: migration.request,
  source: migration.source,
  destination: migration.destination,
  vm: migration.vm,
  phase: migration.phase,
  outcome: migration.outcome,
  reason: migration.reason,
  reasonDetail: migration.reasonDetail,
  reservationId: migration.reservationId,
  path: migration.path,
  reversePath: migration.reversePath,
  admittedAt: migration.admittedAt,
  heldUntil: migration.heldUntil,
  beginsAt: migration.beginsAt,
  startedAt: migration.startedAt,
  stoppedAt: migration.stoppedAt,
  resumedAt: migration.resumedAt,
  endedAt: migration.endedAt,
  lastProgress: migration.lastProgress,
  storage: migration.storage,
  rounds: migration.rounds,
  dirtyRates: migration.dirtyRates,
  plannedRounds: migration.plannedRounds,
  listening: migration.listening,
  networkPending: migration.networkPending,
  rerouteFrom: migration.rerouteFrom,
  networkAskedAt: migration.networkAskedAt,
  resizeFailures: migration.resizeFailures,
  boundary: migration.boundary,
  mechanism: migration.mechanism,
  postcopy: migration.postcopy,
  rescue: migration.rescue,
  isSwitchoverOrdered: migration.isSwitchoverOrdered,
  roundRate: migration.roundRate,
  rateSteps: migration.rateSteps,
  lowering: migration.lowering,
  counters: migration.counters,
  countersPending: migration.countersPending,
  queueAtRoundStart: migration.queueAtRoundStart,
  completion: migration.completion,
  receipt: migration.receipt,
});

const allocationCopy = (allocation: Allocation): Whole<Allocation> => ({
  demands: allocation.demands,
  targets: allocation.targets,
  hungry: allocation.hungry,
  relaxed: allocation.relaxed,
  status: allocation.status,
  solver: allocation.solver,
});

const recordCopy = (record: RoundRecord): Whole<RoundRecord> => ({
  round: record.round,
  phase: record.phase,
  reservedRate: record.reservedRate,
  rateChanges: record.rateChanges,
  measuredRate: record.measuredRate,
  measuredFrom: record.measuredFrom,
  duration: record.duration,
  transferred: record.transferred,
  wireBytes: record.wireBytes,
  remaining: record.remaining,
  dirtyRate: record.dirtyRate,
  energy: record.energy,
});

const hostCopy = (host: HostState): Whole<HostState> => ({
  host: host.host,
  lastSeen: host.lastSeen,
  agentLost: host.agentLost,
  nicCapacity: host.nicCapacity,
  capabilities: host.capabilities,
  tx: host.tx,
  rx: host.rx,
});
