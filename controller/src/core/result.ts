/** What a handler returns, and how handlers are put together. */
import { stateWith } from './copies.ts';
import type { CoreEvent, Effect } from './effect.ts';
import type { MigrationId, VmId } from './ids.ts';
import { dueAt, earliest } from './lifecycle/due.ts';
import { isActive, isWaiting, migrationOfVm } from './lookups.ts';
import type { Migration, State, VmState } from './state.ts';
import { VersionedSet } from './versioned/index.ts';

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const result = (state: State, ...effects: readonly Effect[]): Step => ({ state, effects });

/** Does `next` on the state that `first` left, and keeps the effects of both in order. */
export function andThen(first: Step, next: (state: State) => Step): Step {
  const second = next(first.state);
  if (first.effects.length === 0) return second;
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

/** The migration as it is now, and every index that depends on it. */
export function withMigration(before: State, migration: Migration): State {
  const { id, vm } = migration;
  const known = before.migrations.get(id);
  const migrations = before.migrations.set(id, migration);
  const checkAt = isOnTheWay(migration) ? earliest(before.checkAt, dueAt(before, migration)) : before.checkAt;
  const hasTurned =
    known === undefined ||
    isActive(known) !== isActive(migration) ||
    isWaiting(known) ||
    isWaiting(migration);
  const moves = withMove(before.moves, known, migration);
  const state = hasTurned
    ? stateWith(before, { migrations, checkAt, moves, ...withTurns(before, migration) })
    : stateWith(before, { migrations, checkAt, moves });
  const isPlaced = known !== undefined && isSwitchingOver(known) === isSwitchingOver(migration);
  return isPlaced && isActive(known) === isActive(migration) ? state : rePlaced(state, vm.id);
}

/** Memory that has started to move moves until the migration has ended, whichever way. */
function withMove(moves: State['moves'], known: Migration | undefined, migration: Migration): State['moves'] {
  const moving = isMoving(migration);
  if (moving === (known !== undefined && isMoving(known))) return moves;
  const { vm, source, destination } = migration;
  return moving ? moves.set(vm.mac, { source, destination }) : moves.delete(vm.mac);
}

const isMoving = (migration: Migration): boolean => isActive(migration) && migration.startedAt !== null;

/** Hosts or switches know of it. */
const isOnTheWay = (migration: Migration): boolean => isActive(migration) && !isWaiting(migration);

type Turns = Pick<State, 'active' | 'live' | 'liveOn' | 'waiting' | 'wakeAt' | 'ended'>;

/** A migration waits, or is live, or has ended. */
function withTurns({ active, live, liveOn, waiting, wakeAt, ended }: State, migration: Migration): Turns {
  const { id, vm, heldUntil, beginsAt } = migration;
  if (isWaiting(migration)) {
    const due = heldUntil ?? beginsAt;
    const isKnown = active.set(vm.id, id);
    return {
      active: isKnown,
      live,
      liveOn,
      waiting: waiting.set(id, due),
      wakeAt: earliest(wakeAt, due),
      ended,
    };
  }
  const isEnded = !isActive(migration);
  return {
    active: isEnded ? active.delete(vm.id) : active.set(vm.id, id),
    live: isEnded ? live.delete(id) : live.add(id),
    liveOn: withGuest(withGuest(liveOn, migration, 'source'), migration, 'destination'),
    waiting: waiting.delete(id),
    wakeAt,
    ended: isEnded ? ended.add(id) : ended,
  };
}

function withGuest(
  liveOn: State['liveOn'],
  migration: Migration,
  end: 'source' | 'destination',
): State['liveOn'] {
  const hostId = migration[end];
  const known = liveOn.get(hostId) ?? VersionedSet.of<MigrationId>();
  if (isActive(migration)) return liveOn.set(hostId, known.add(migration.id));
  const left = known.delete(migration.id);
  return left.size === 0 ? liveOn.delete(hostId) : liveOn.set(hostId, left);
}

/** The VM as it is now, and where its traffic belongs. */
export function withVm(state: State, vm: VmState): State {
  const before = state.vms.get(vm.id);
  const vms = state.vms.set(vm.id, vm);
  if (before?.hostId === vm.hostId && before.mac === vm.mac) return stateWith(state, { vms });
  const left = before === undefined ? state.vmsOn : withoutResident(state.vmsOn, before);
  const vmsOn = left.set(vm.hostId, (left.get(vm.hostId) ?? VersionedSet.of<VmId>()).add(vm.id));
  const places = before && before.mac !== vm.mac ? state.places.delete(before.mac) : state.places;
  return rePlaced(stateWith(state, { vms, vmsOn, places }), vm.id);
}

/** Nobody reports the VM any more. */
export const withoutVm = (state: State, vm: VmState): State =>
  stateWith(state, {
    vms: state.vms.delete(vm.id),
    vmsOn: withoutResident(state.vmsOn, vm),
    places: state.places.delete(vm.mac),
  });

function withoutResident(vmsOn: State['vmsOn'], { id, hostId }: VmState): State['vmsOn'] {
  const left = vmsOn.get(hostId)?.delete(id);
  return left === undefined || left.size === 0 ? vmsOn.delete(hostId) : vmsOn.set(hostId, left);
}

/** Traffic of a VM in switchover belongs to its destination already. */
function rePlaced(state: State, vmId: VmId): State {
  const vm = state.vms.get(vmId);
  if (vm === undefined) return state;
  const migration = migrationOfVm(state, vmId);
  const hostId = migration !== null && isSwitchingOver(migration) ? migration.destination : vm.hostId;
  return stateWith(state, { places: state.places.set(vm.mac, hostId) });
}

/** Paused at the source and not given up. */
const isSwitchingOver = (migration: Migration): boolean =>
  isActive(migration) && migration.stoppedAt !== null && migration.outcome === null;

/** Stores the migration and asks for its record to be written. */
export const save = (state: State, migration: Migration): Step =>
  result(withMigration(state, migration), { kind: 'save_migration', migration });

/** A report that does not fit what is known, told rather than dropped in silence. */
export const ignored = (state: State, migration: Migration, report: string, reason: string): Step =>
  result(state, announce('report_ignored', migration.id, { report, reason, phase: migration.phase }));

export const announce = (
  type: string,
  migrationId: MigrationId | null,
  detail: CoreEvent['detail'] = {},
): Effect => ({ kind: 'announce', event: { type, migrationId, detail } });
