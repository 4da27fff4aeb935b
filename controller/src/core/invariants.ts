/** What must hold after every step. Sums again from nothing, so that it shares no mistake with the ledger's own sums. */

import { isBetweenWays } from './changes/room.ts';
import { checkLedger } from './ledger/index.ts';
import { dueAt } from './lifecycle/due.ts';
import { isActive, isWaiting } from './lookups.ts';
import { must } from './must.ts';
import type { Migration, State } from './state.ts';

/**
 * Throws when a promise of the core is broken. With the state before the step, in which all was well, only links whose
 * holds have changed are counted again: a running controller checks every step, tests check everything.
 */
export function checkInvariants(state: State, before: State | null = null): void {
  checkLedger(state, state.now, before?.ledger ?? null);
  checkHolds(state);
  checkMigrations(state);
}

function checkHolds(state: State): void {
  for (const hold of state.ledger.holds.values()) {
    const { reservation } = hold;
    const migration = state.migrations.get(reservation.migrationId);
    must(migration && isActive(migration), () => `reservation ${reservation.id} outlives its migration`);
    must(
      migration.reservationId === reservation.id,
      () => `reservation ${reservation.id} is not its migration's`,
    );
    must(
      Number.isInteger(reservation.rate) && (reservation.rate > 0 || !isInNetwork(migration)),
      () => `reservation ${reservation.id} has no rate`,
    );
    must(
      hold.forwardRate >= reservation.rate && hold.reverseRate >= reservation.reverseRate,
      () => `reservation ${reservation.id} wants more than it holds`,
    );
    if (migration.networkPending === null && migration.resizeFailures === 0)
      must(
        hold.forwardRate === reservation.rate,
        () => `reservation ${reservation.id} holds more than it wants`,
      );
  }
}

/** Before it is installed, or on a new way, it may wait for room without any rate; what is then given up has none. */
const isInNetwork = (migration: Migration): boolean =>
  migration.phase !== 'preparing' &&
  migration.phase !== 'releasing' &&
  !isWaiting(migration) &&
  !isBetweenWays(migration);

function checkMigrations(state: State): void {
  const busy = new Set<string>();
  for (const migration of state.migrations.values()) {
    const { id, phase, outcome } = migration;
    const waits = isWaiting(migration);
    must(
      state.live.has(id) === (isActive(migration) && !waits),
      () => `migration ${id} is ${phase}, not live`,
    );
    for (const hostId of [migration.source, migration.destination])
      must(
        (state.liveOn.get(hostId)?.has(id) ?? false) === state.live.has(id),
        () => `migration ${id} is ${phase}, and ${hostId} does not know it`,
      );
    const due = state.waiting.get(id);
    must((due !== undefined) === waits, () => `migration ${id} is ${phase} and waits: ${due}`);
    must(
      due === undefined || (state.wakeAt !== null && state.wakeAt <= due),
      () => `migration ${id} is slept over`,
    );
    const overdue = isActive(migration) && !waits ? dueAt(state, migration) : null;
    must(
      overdue === null || (state.checkAt !== null && state.checkAt <= overdue),
      () => `migration ${id} is overdue at ${overdue} and looked after at ${state.checkAt}`,
    );
    if (!isActive(migration)) {
      must(outcome === phase, () => `migration ${id} ended ${phase} with outcome ${outcome}`);
      must(migration.receipt !== null, () => `migration ${id} ended without a receipt`);
      continue;
    }
    must(!busy.has(migration.vm.id), () => `VM ${migration.vm.id} is in two migrations`);
    busy.add(migration.vm.id);
    must(
      (phase === 'releasing') === (outcome !== null),
      () => `migration ${id} is ${phase} with outcome ${outcome}`,
    );
    if (migration.reservationId !== null)
      must(
        state.ledger.holds.has(migration.reservationId),
        () => `migration ${id} runs without its reservation`,
      );
  }
}
