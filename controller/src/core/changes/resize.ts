/** Asks the network for another rate of a reservation; the ledger holds the larger of both until it has answered. */

import type { BitsPerSec } from '@sluice/units';
import { migrationWith, stateWith } from '../copies.ts';
import { holdOf, queueTargets, resize, reverseRateOf, setRate } from '../ledger/index.ts';
import { result, type Step, withMigration } from '../result.ts';
import type { Migration, Reservation, State } from '../state.ts';

export const atRate = (state: State, reservation: Reservation, rate: BitsPerSec): Reservation => ({
  ...reservation,
  rate,
  reverseRate: reverseRateOf(rate, state.config.reverseFraction),
});

export function askForRate(state: State, migration: Migration, rate: BitsPerSec): Step {
  const { reservationId } = migration;
  if (reservationId === null) return result(state);
  const wanted = atRate(state, holdOf(state.ledger, reservationId).reservation, rate);
  const ledger = resize(state.ledger, wanted);
  const resizing: Migration = migrationWith(migration, {
    lowering: null,
    networkPending: 'resize',
    networkAskedAt: state.now,
  });
  const next = withMigration(stateWith(state, { ledger }), resizing);
  return result(
    next,
    { kind: 'save_migration', migration: resizing },
    { kind: 'save_reservation', reservation: wanted },
    {
      kind: 'resize_reservation',
      reservation: wanted,
      queues: queueTargets(next.topology, next.ledger, wanted),
    },
  );
}

/** Another rate of a reservation that nobody has been told of yet. */
export function setUninstalledRate(state: State, migration: Migration, rate: BitsPerSec): State {
  const { reservationId } = migration;
  if (reservationId === null) return state;
  const wanted = atRate(state, holdOf(state.ledger, reservationId).reservation, rate);
  const ledger = setRate(state.ledger, wanted);
  return withMigration(stateWith(state, { ledger }), migrationWith(migration, { roundRate: rate }));
}
