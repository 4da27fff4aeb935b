/** A migration whose destination listens enters the network as soon as it has what it was guaranteed. */

import { migrationWith } from '../copies.ts';
import type { MigrationId } from '../ids.ts';
import { holdOf, queueTargets } from '../ledger/index.ts';
import { migrationById } from '../lookups.ts';
import { result, type Step, withMigration } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { askToReroute } from './reroute.ts';
import { isUninstalled, targetOf } from './room.ts';

export function installIfReady(state: State, id: MigrationId): Step {
  const migration = migrationById(state, id);
  const { reservationId, listening, rerouteFrom } = migration;
  if (reservationId === null || listening === null || !isUninstalled(migration)) return result(state);
  const { reservation, guarantee } = holdOf(state.ledger, reservationId);
  const target = targetOf(state, id);
  const enough = target === null || guarantee < target ? guarantee : target;
  if (reservation.rate === 0 || reservation.rate < enough) return result(state);
  if (rerouteFrom !== null) return askToReroute(state, migration, rerouteFrom);
  const installing: Migration = migrationWith(migration, {
    phase: 'installing',
    networkPending: 'install',
    lastProgress: state.now,
  });
  const next = withMigration(state, installing);
  return result(
    next,
    { kind: 'save_migration', migration: installing },
    { kind: 'save_reservation', reservation },
    {
      kind: 'install_reservation',
      reservation,
      queues: queueTargets(next.topology, next.ledger, reservation),
    },
  );
}
