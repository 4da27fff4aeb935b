/**
 * A migration in shadow mode hears from nobody, so it plays by the model: at the rate that it was given when it began,
 * round after round, to its end. Until then its hold is in the books, so that later requests meet it.
 */

import { add, bytes, elapsed, type Instant, joules, later, type Millis, ZERO } from '@sluice/units';
import { playAt } from '../admission/predict.ts';
import { beginDue } from '../admission/waiting.ts';
import { useOf } from '../allocation/demand.ts';
import { freeOn } from '../allocation/grant.ts';
import { currentOf } from '../changes/room.ts';
import { migrationWith, stateWith } from '../copies.ts';
import type { MigrationId } from '../ids.ts';
import { finish } from '../lifecycle/finish.ts';
import { withEnergy } from '../lifecycle/measurement.ts';
import { activeMigrations, migrationById } from '../lookups.ts';
import { andThen, announce, result, type Step } from '../result.ts';
import type { Migration, RoundRecord, State } from '../state.ts';

/** How a migration goes by the model. */
export interface ShadowPlan {
  readonly endsAt: Instant;
  readonly downtime: Millis;
  readonly rounds: readonly RoundRecord[];
}

export function onShadowTick(state: State): Step {
  let step = beginDue(state);
  for (const { id } of activeMigrations(step.state)) step = andThen(step, (next) => play(next, id));
  return andThen(step, (next) => result(withoutEnded(next)));
}

/** Plans of migrations that were aborted. */
function withoutEnded(state: State): State {
  let { shadows } = state;
  for (const id of state.shadows.keys())
    if (state.migrations.get(id)?.phase !== 'preparing') shadows = shadows.delete(id);
  return shadows === state.shadows ? state : stateWith(state, { shadows });
}

function play(state: State, id: MigrationId): Step {
  const migration = migrationById(state, id);
  if (migration.phase !== 'preparing') return result(state);
  const plan = state.shadows.get(id);
  if (plan === undefined) return begin(state, migration);
  return state.now < plan.endsAt ? result(state) : end(state, migration, plan);
}

function begin(state: State, migration: Migration): Step {
  const rate =
    migration.reservationId === null ? freeOn(state, useOf(migration)) : currentOf(state, migration);
  // Others are taken down to make room for it within this tick or the next.
  if (rate === 0) return result(state);
  const { totalTime, downtime, transfers } = playAt(state, migration, rate);
  const plan: ShadowPlan = {
    endsAt: later(state.now, totalTime),
    downtime,
    rounds: transfers.map((round) =>
      withEnergy(state, {
        round: round.round,
        phase: round.phase,
        reservedRate: migration.reservationId === null ? null : round.rate,
        rateChanges: 0,
        measuredRate: null,
        measuredFrom: null,
        duration: round.duration,
        transferred: round.sent,
        wireBytes: bytes(round.sent / state.config.rateCapFraction),
        remaining: round.remaining,
        dirtyRate: migration.vm.dirtyRate,
        energy: joules(0),
      }),
    ),
  };
  return result(
    stateWith(state, { shadows: state.shadows.set(migration.id, plan) }),
    announce('would_run', migration.id, {
      reservedBitsPerSec: rate,
      rounds: plan.rounds.length,
      totalTimeSec: elapsed(state.now, plan.endsAt) / 1000,
      downtimeSec: downtime / 1000,
    }),
  );
}

function end(state: State, migration: Migration, { endsAt, downtime, rounds }: ShadowPlan): Step {
  const transferred = rounds.reduce((sum, round) => add(sum, round.transferred), ZERO.bytes);
  const left: State = stateWith(state, { shadows: state.shadows.delete(migration.id) });
  return finish(
    left,
    migrationWith(migration, {
      rounds,
      outcome: 'completed',
      reason: 'shadow',
      reasonDetail: 'nothing was moved: this controller runs in shadow mode',
      completion: { at: endsAt, downtime, transferred, checkedPages: null },
    }),
  );
}
