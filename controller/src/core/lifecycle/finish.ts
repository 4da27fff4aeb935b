/** The end of every migration: the hold goes, the receipt stays. */

import { elapsed, type Joules, type Millis, sum, toSeconds } from '@sluice/units';
import { reallocate } from '../allocation/reallocate.ts';
import { withCapacities, withoutDemand } from '../allocation/solver.ts';
import { balance, linksOf, tryWaiting } from '../changes/balance.ts';
import { migrationWith, stateWith } from '../copies.ts';
import type { Effect } from '../effect.ts';
import { release } from '../ledger/index.ts';
import { forwardingIfMoved } from '../lookups.ts';
import { andThen, announce, result, type Step, withMigration } from '../result.ts';
import type { LinkId, Migration, Receipt, State } from '../state.ts';

/** Ended migrations that are remembered; older ones are in the store only. */
export const ENDED_MIGRATIONS_KEPT = 1000;

/** Reaches the one terminal phase that the outcome names. */
export function finish(state: State, migration: Migration): Step {
  const outcome = migration.outcome ?? 'failed';
  const receipt = receiptOf(state, migration, outcome);
  const ended: Migration = migrationWith(migration, {
    phase: outcome,
    outcome,
    endedAt: state.now,
    networkPending: null,
    boundary: null,
    receipt,
  });
  const id = migration.reservationId;
  const isHeld = id !== null && state.ledger.holds.has(id);
  const dropped: readonly Effect[] = isHeld ? [{ kind: 'delete_reservation', reservationId: id }] : [];
  const links = isHeld ? linksOf(state, migration) : [];
  const released = isHeld ? stateWith(state, { ledger: release(state.ledger, id) }) : state;
  const known = forgetOldest(withMigration(released, ended));
  const closed = andThen(
    result(
      known,
      { kind: 'save_receipt', receipt },
      { kind: 'save_migration', migration: ended },
      ...dropped,
      ...forwardingIfMoved(state, known),
    ),
    (next) => result(next, announce(`migration_${outcome}`, ended.id, summary(receipt, ended))),
  );
  return isHeld ? andThen(closed, (next) => divideAgain(next, ended, links)) : closed;
}

/** What it had goes to those who can use it. */
function divideAgain(state: State, ended: Migration, links: readonly LinkId[]): Step {
  const left = withCapacities(withoutDemand(state, ended.id), links);
  const divided = reallocate(left, 'ended', ended.id);
  const told = result(divided.state, ...divided.effects);
  return andThen(
    andThen(told, (next) => balance(next, divided.moved)),
    (next) => tryWaiting(next, links),
  );
}

function receiptOf(state: State, migration: Migration, outcome: Receipt['outcome']): Receipt {
  const { completion, request, rounds, storage } = migration;
  const done = outcome === 'completed';
  const endedAt = completion?.at ?? migration.resumedAt ?? state.now;
  const totalTime = elapsed(migration.admittedAt, endedAt);
  const downtime = done ? downtimeOf(migration) : null;
  return {
    migrationId: migration.id,
    outcome,
    reason: migration.reason,
    totalTime,
    downtime,
    transferred: completion?.transferred ?? sum(rounds.map((round) => round.transferred)),
    storage: storage?.copied ?? null,
    energy: sum<'joule'>([
      ...(storage ? [storage.energy] : []),
      ...rounds.map((round): Joules => round.energy),
    ]),
    deadlineMet: request.deadline === null ? null : done && totalTime <= request.deadline,
    downtimeLimitMet: downtime === null ? null : downtime <= request.downtimeLimit,
    checkedPages: completion?.checkedPages ?? null,
    rounds,
  };
}

/** As the source measured it, else between the two reports as the controller heard them. */
function downtimeOf(migration: Migration): Millis | null {
  if (migration.completion !== null) return migration.completion.downtime;
  if (migration.stoppedAt === null || migration.resumedAt === null) return null;
  return elapsed(migration.stoppedAt, migration.resumedAt);
}

const summary = (receipt: Receipt, migration: Migration) => ({
  vmId: migration.vm.id,
  reason: receipt.reason,
  detail: migration.reasonDetail,
  totalTimeSec: toSeconds(receipt.totalTime),
  downtimeSec: receipt.downtime === null ? null : toSeconds(receipt.downtime),
  transferredBytes: receipt.transferred,
  ...(receipt.storage === null ? {} : { storageBytes: receipt.storage }),
  energyJoule: receipt.energy,
  rounds: receipt.rounds.length,
});

function forgetOldest(state: State): State {
  const oldest = state.ended.size > ENDED_MIGRATIONS_KEPT ? state.ended.first() : undefined;
  if (oldest === undefined) return state;
  return stateWith(state, { migrations: state.migrations.delete(oldest), ended: state.ended.delete(oldest) });
}
