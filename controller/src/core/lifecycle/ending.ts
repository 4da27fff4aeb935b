/**
 * How a migration ends before its time: abort, failure, lost agent, lost link, timeout. The VM's traffic goes back to
 * where the VM runs, both sides are told to give up, the network is cleared. Once the VM runs at the destination
 * there is nothing to go back to: whatever happens then, the migration has completed.
 */

import type { AgentReport } from '@sluice/agents/contract';
import { queuesOfBoth } from '../changes/reroute.ts';
import { migrationWith } from '../copies.ts';
import type { MigrationId } from '../ids.ts';
import { holdOf, queueTargetsWithout, release } from '../ledger/index.ts';
import { forwardingIfMoved, isActive, isWaiting } from '../lookups.ts';
import type { Refusal } from '../request.ts';
import { andThen, result, type Step, save, withMigration, withVm } from '../result.ts';
import type { Migration, Reservation, State } from '../state.ts';
import { cancelBoth } from './commands.ts';
import { finish } from './finish.ts';
import { tellUnmeasured } from './rounds.ts';

export interface Ending {
  readonly outcome: 'aborted' | 'failed';
  /** A code that programs can rely on. */
  readonly reason: string;
  readonly detail: string;
}

type MigrationFailed = Extract<AgentReport, { kind: 'migration_failed' }>;

export function endMigration(state: State, migration: Migration, ending: Ending): Step {
  if (migration.outcome !== null) return result(state);
  if (migration.postcopy !== null) return lose(state, migration, ending);
  if (migration.resumedAt !== null) return complete(state, migration, ending);
  const ended: Migration = migrationWith(migration, {
    outcome: ending.outcome,
    reason: ending.reason,
    reasonDetail: ending.detail,
  });
  const after = withMigration(state, ended);
  const told = result(
    after,
    ...tellUnmeasured(state, migration).effects,
    ...forwardingIfMoved(state, after),
    ...(isWaiting(migration)
      ? []
      : cancelBoth(after, ended, `${ending.reason}: ${ending.detail}`.slice(0, CANCEL_REASON_MAX))),
  );
  return andThen(told, (next) => clearNetwork(next, ended));
}

/** The contract's limit on the reason of a cancellation. */
const CANCEL_REASON_MAX = 500;

/** The VM has moved. No side is cancelled, because that could wake the VM up a second time. */
function complete(state: State, migration: Migration, ending: Ending): Step {
  return clearNetwork(
    state,
    migrationWith(migration, {
      outcome: 'completed',
      reason: ending.reason,
      reasonDetail: ending.detail,
    }),
  );
}

/** In post-copy neither side has all of the memory: nothing to go back to, and nobody to tell. */
const lose = (state: State, migration: Migration, ending: Ending): Step =>
  clearNetwork(
    state,
    migrationWith(migration, {
      outcome: 'failed',
      reason: ending.reason,
      reasonDetail: ending.detail,
    }),
  );

/** Takes the reservation out of the network, or ends at once when nothing was put there. */
export function clearNetwork(state: State, migration: Migration): Step {
  const wasInstalled =
    migration.reservationId !== null && migration.phase !== 'preparing' && !isWaiting(migration);
  const clearing: Migration = migrationWith(migration, {
    phase: 'releasing',
    boundary: null,
    lowering: null,
    lastProgress: state.now,
    networkPending: wasInstalled ? 'remove' : null,
  });
  if (!wasInstalled || migration.reservationId === null) return finish(state, clearing);
  const { reservation } = holdOf(state.ledger, migration.reservationId);
  return andThen(save(state, clearing), (next) =>
    result(next, {
      kind: 'remove_reservation',
      reservation,
      queues: queuesAfter(next, clearing, reservation),
    }),
  );
}

/** In mid-change both ways are cleared. */
const queuesAfter = (state: State, { rerouteFrom }: Migration, reservation: Reservation) =>
  rerouteFrom === null
    ? queueTargetsWithout(state.topology, state.ledger, reservation)
    : queuesOfBoth(state, release(state.ledger, reservation.id), rerouteFrom, reservation);

export function onAbortRequested(state: State, migrationId: MigrationId, reason: string): Step {
  const migration = state.migrations.get(migrationId);
  const refusal = whyNotAbort(migrationId, migration);
  if (refusal !== null || migration === undefined)
    return result(state, {
      kind: 'answer',
      migrationId,
      answer: { ok: false, refusal: refusal ?? { kind: 'unknown_migration', migrationId } },
    });
  const ended = endMigration(state, migration, {
    outcome: 'aborted',
    reason: 'abort_requested',
    detail: reason,
  });
  return {
    state: ended.state,
    effects: [{ kind: 'answer', migrationId, answer: { ok: true, migrationId } }, ...ended.effects],
  };
}

/** A second abort of the same migration is welcome while it is being released. */
function whyNotAbort(migrationId: MigrationId, migration: Migration | undefined): Refusal | null {
  if (migration === undefined) return { kind: 'unknown_migration', migrationId };
  const hasLeft = migration.resumedAt !== null || migration.postcopy !== null;
  if (hasLeft && isActive(migration)) return { kind: 'vm_already_moved', migrationId };
  if (migration.outcome === null || (isActive(migration) && migration.outcome === 'aborted')) return null;
  return { kind: 'migration_ended', migrationId, outcome: migration.outcome };
}

/** A side has given up. If the VM runs at the destination all the same, its traffic stays there. */
export function onMigrationFailed(state: State, migration: Migration, report: MigrationFailed): Step {
  const ending: Ending = {
    outcome: 'failed',
    reason: report.code,
    detail: `${report.side}: ${report.detail}`,
  };
  const runsAtDestination = report.side === 'destination' && report.vmRunning;
  if (!runsAtDestination || migration.resumedAt !== null) return endMigration(state, migration, ending);
  const moved: Migration = migrationWith(migration, { resumedAt: state.now });
  const there = withVm(state, { ...migration.vm, hostId: migration.destination });
  const after = withMigration(there, moved);
  return andThen(result(after, ...forwardingIfMoved(state, after)), (next) =>
    endMigration(next, moved, ending),
  );
}
