/** Questions about a state, for the core itself and for whoever shows it. */
import type { HostId, LinkId } from '@sluice/topology';
import { assert, type BitsPerSec, later } from '@sluice/units';
import type { Effect } from './effect.ts';
import type { MigrationId, VmId } from './ids.ts';
import { account, holdOf, holdsOn, reservationIdOf, residual } from './ledger/index.ts';
import type { Migration, Phase, Reservation, State } from './state.ts';

export const isActive = (migration: { readonly phase: Phase }): boolean =>
  migration.phase !== 'completed' && migration.phase !== 'aborted' && migration.phase !== 'failed';

/** In the calendar only: neither hosts nor switches know of it. */
export const isWaiting = (migration: { readonly phase: Phase }): boolean =>
  migration.phase === 'held' || migration.phase === 'scheduled';

export const activeMigrations = (state: State): readonly Migration[] =>
  [...state.active.values()].map((id) => migrationById(state, id));

/** The active ones that hosts or switches know of. */
export const liveMigrations = (state: State): readonly Migration[] =>
  [...state.live].map((id) => migrationById(state, id));

/** The migration, which must be there. */
export function migrationById(state: State, id: MigrationId): Migration {
  const found = state.migrations.get(id);
  assert(found, `no migration ${id}`);
  return found;
}

/** The active migration of a VM. */
export function migrationOfVm(state: State, vmId: VmId): Migration | null {
  const id = state.active.get(vmId);
  return id === undefined ? null : migrationById(state, id);
}

export const reservations = (state: State): readonly Reservation[] =>
  [...state.ledger.holds.values()].map((hold) => hold.reservation);

/** Those that cross the link, forward or back. */
export const reservationsByLink = (state: State, link: LinkId): readonly Reservation[] =>
  holdsOn(state.ledger, link).map((hold) => hold.reservation);

/** Those that begin or end at the host. */
export const reservationsByHost = (state: State, hostId: HostId): readonly Reservation[] =>
  reservations(state).filter((reservation) => {
    const migration = state.migrations.get(reservation.migrationId);
    return migration?.source === hostId || migration?.destination === hostId;
  });

export function reservationOfMigration(state: State, migrationId: MigrationId): Reservation | null {
  const id = reservationIdOf(state.ledger, migrationId);
  return id === null ? null : holdOf(state.ledger, id).reservation;
}

/** Promised on the link; during a resize the larger of old and new. */
export const heldOn = (state: State, link: LinkId): BitsPerSec => account(state, link).held;
export const floorOf = (state: State, link: LinkId): BitsPerSec => account(state, link).floor;
export const headroomOf = (state: State, link: LinkId): BitsPerSec => account(state, link).headroom;
export const residualOf = (state: State, link: LinkId): BitsPerSec => residual(account(state, link));

/** Heard within its lease. */
export function agentAlive(state: State, hostId: HostId): boolean {
  const host = state.hosts.get(hostId);
  return (
    host !== undefined && host.lastSeen !== null && state.now <= later(host.lastSeen, state.config.agentLease)
  );
}

export const forwarding = (state: State): Effect => ({
  kind: 'set_forwarding',
  places: state.places,
  moves: state.moves,
  linksDown: [...state.linksDown],
});

/** The effect, if `after` has MACs elsewhere than `before`, or others that are about to move. */
export const forwardingIfMoved = (before: State, after: State): readonly Effect[] =>
  before.places === after.places && before.moves === after.moves ? [] : [forwarding(after)];

export const initialEffects = (state: State): readonly Effect[] =>
  state.config.shadow ? [] : [forwarding(state)];
