/**
 * The round boundary: the sender has reported a round and waits. The round is measured, then it is decided whether
 * another follows and at which rate; the reservation changes first, then the sender is told. A sender that waits too
 * long goes on by itself at its old cap, so a report may come while an older decision is still under way.
 */

import type { RoundFinished } from '@sluice/agents/contract';
import { fitsDowntime } from '@sluice/models';
import {
  type BitsPerSec,
  bitsPerSec,
  bytes,
  bytesPerSec,
  fromSeconds,
  meanRate,
  toSeconds,
} from '@sluice/units';
import { demandOf, useOf } from '../allocation/demand.ts';
import { ceilingOf, type PathUse, payloadRate, rateLimit, reachable } from '../allocation/grant.ts';
import { reallocate } from '../allocation/reallocate.ts';
import { withDemand } from '../allocation/solver.ts';
import { balance } from '../changes/balance.ts';
import { askForRate } from '../changes/resize.ts';
import { currentOf, RATE_STEP, targetOf, withinRoom } from '../changes/room.ts';
import { appended, migrationWith, withLast } from '../copies.ts';
import type { MigrationId, ReservationId } from '../ids.ts';
import { holdOf } from '../ledger/index.ts';
import { isActive } from '../lookups.ts';
import { orderPostcopy } from '../mechanism/postcopy.ts';
import { rescue } from '../rescue/rescue.ts';
import { andThen, announce, ignored, result, type Step, save, withMigration } from '../result.ts';
import type { CounterReading, Migration, RateStep, RoundRecord, State, WhatNext } from '../state.ts';
import { beginSwitchover, nextRound } from './commands.ts';
import { energyAt, measured, nicRate, queueNow } from './measurement.ts';

export function onRoundFinished(state: State, migration: Migration, report: RoundFinished): Step {
  const before = migration.rounds.at(-1)?.round ?? -1;
  if (migration.phase === 'stop_and_copy' && report.round > before)
    return onLastRound(state, migration, report);
  if (migration.phase !== 'precopy' || report.round <= before)
    return ignored(state, migration, report.kind, 'not_awaited');
  const record = recordOf(state, migration, report);
  const { reservationId } = migration;
  const reported: Migration = migrationWith(migration, {
    rounds: appended(migration.rounds, record),
    dirtyRates: appended(migration.dirtyRates, record.dirtyRate),
    lastProgress: state.now,
    lowering: null,
    boundary: { round: report.round, waitingFor: 'counters', next: null },
    countersPending: migration.countersPending + (reservationId === null ? 0 : 1),
  });
  if (reservationId === null)
    return andThen(
      andThen(save(state, reported), (next) => tellRound(next, reported, record)),
      (next) => decide(next, reported),
    );
  const { reservation } = holdOf(state.ledger, reservationId);
  return result(
    withMigration(state, reported),
    ...tellUnmeasured(state, migration).effects,
    { kind: 'save_migration', migration: reported },
    { kind: 'read_counters', reservation },
  );
}

/**
 * The stop is told first, so that traffic follows the VM at once; the round that ended with it comes after. There is
 * nothing to decide any more, and its bytes cannot be told from those of the stop-and-copy by now.
 */
function onLastRound(state: State, migration: Migration, report: RoundFinished): Step {
  const record = recordOf(state, migration, report);
  const known: Migration = migrationWith(migration, {
    rounds: appended(migration.rounds, record),
    dirtyRates: appended(migration.dirtyRates, record.dirtyRate),
    lastProgress: state.now,
    counters: null,
  });
  return andThen(save(state, known), (next) => tellRound(next, known, record));
}

/** The answer to read_counters: baseline of round 0, measurement of a round, or of the stop-and-copy. */
export function onCountersRead(
  state: State,
  input: { readonly reservationId: ReservationId } & CounterReading,
): Step {
  const hold = state.ledger.holds.get(input.reservationId);
  const migration = hold && state.migrations.get(hold.reservation.migrationId);
  if (!migration || !isActive(migration) || migration.countersPending === 0) return result(state);
  const reading: CounterReading = { queueBytes: input.queueBytes, meterBytes: input.meterBytes };
  const countersPending = migration.countersPending - 1;
  // An older question was answered late: bytes of two rounds are mixed in it, so it measures nothing.
  const counters = countersPending === 0 ? reading : null;
  const record = migration.rounds.at(-1);
  if (record === undefined)
    return result(withMigration(state, migrationWith(migration, { countersPending, counters })));
  const isWaiting = migration.boundary?.waitingFor === 'counters';
  const isFinal = migration.phase === 'releasing' && record.phase === 'stop_and_copy';
  if (!isWaiting && !isFinal)
    return result(withMigration(state, migrationWith(migration, { countersPending, counters: null })));
  const final = counters === null ? record : measured(state, migration, record, counters);
  const rounds = withLast(migration.rounds, final);
  const known: Migration = migrationWith(migration, { countersPending, counters, rounds });
  const told = andThen(save(state, known), (next) => tellRound(next, known, final));
  return isFinal ? told : andThen(told, (next) => decide(next, known));
}

/** Another round or the switchover, and at which rate. */
export function decide(state: State, migration: Migration): Step {
  const { boundary } = migration;
  if (boundary === null) return result(state);
  if (migration.networkPending === 'resize' || migration.rerouteFrom !== null)
    return result(
      withMigration(state, migrationWith(migration, { boundary: { ...boundary, waitingFor: 'decision' } })),
    );
  const use = useOf(migration);
  const next = whatNext(state, migration, use);
  if (migration.reservationId === null) return tellSender(state, migration, next);
  if (next !== 'next_round') return leave(state, migration, use, next);
  const rescued = rescue(state, migration);
  const { migration: rescuable } = rescued;
  if (rescuable === null) return rescued.step;
  return andThen(rescued.step, (after) =>
    rescuable.mechanism.name === 'precopy'
      ? goRound(after, rescuable, use)
      : leave(after, rescuable, use, 'postcopy'),
  );
}

/** The VM leaves when the rest fits; in a hybrid migration once all of its memory has been sent. */
function whatNext(state: State, migration: Migration, use: PathUse): WhatNext {
  if (migration.postcopy !== null) return 'postcopy';
  if (migration.isSwitchoverOrdered || shouldStop(state, migration, use)) return 'switchover';
  return migration.mechanism.name === 'precopy' ? 'next_round' : 'postcopy';
}

/** All that is free now; in a switchover nobody changes it from then on. */
function leave(state: State, migration: Migration, use: PathUse, how: 'switchover' | 'postcopy'): Step {
  const { rate } = rateLimit(state, use, migration.request);
  const raised = applyAtBoundary(state, migration, rate, how);
  if (how === 'postcopy') return raised;
  return andThen(raised, (next) => {
    const current = next.migrations.get(migration.id);
    if (current === undefined) return result(next);
    const frozen = withDemand(next, current.id, demandOf(next, current, 'ordered'));
    const divided = reallocate(frozen, 'switchover', current.id);
    return andThen({ state: divided.state, effects: divided.effects }, (after) =>
      balance(after, othersOf(divided.moved, current.id)),
    );
  });
}

/** The joint allocation with what this migration now knows; its own rate applies at once as far as there is room. */
function goRound(state: State, migration: Migration, use: PathUse): Step {
  const stage = isUrgent(state, migration, use) ? 'urgent' : 'round';
  const news = withDemand(state, migration.id, demandOf(state, migration, stage));
  const divided = reallocate(news, 'boundary', migration.id);
  const current = currentOf(divided.state, migration);
  const target = targetOf(divided.state, migration.id) ?? current;
  const rate = withinRoom(divided.state, migration, target);
  const applied = andThen(applyAtBoundary(divided.state, migration, rate, 'next_round'), (next) =>
    result(next, ...divided.effects),
  );
  if (rate >= target && divided.moved.every((id) => id === migration.id)) return applied;
  return andThen(applied, (next) => balance(next, [migration.id, ...othersOf(divided.moved, migration.id)]));
}

const othersOf = (ids: readonly MigrationId[], own: MigrationId): readonly MigrationId[] =>
  ids.filter((id) => id !== own);

/**
 * The network goes first whether the rate rises or falls: the sender stands still at the boundary and everything it
 * sent has been acknowledged, so a lowered queue holds up nothing of its own.
 */
function applyAtBoundary(state: State, migration: Migration, rate: BitsPerSec, next: WhatNext): Step {
  const { boundary } = migration;
  const isSame = Math.abs(rate - currentOf(state, migration)) < RATE_STEP;
  if (boundary === null || isSame) return tellSender(state, migration, next);
  return askForRate(
    state,
    migrationWith(migration, { boundary: { ...boundary, waitingFor: 'resize', next } }),
    rate,
  );
}

/** The sender hears what comes next, at the rate that the network has confirmed. */
export function tellSender(state: State, migration: Migration, next: WhatNext): Step {
  const reserved =
    migration.reservationId === null ? null : holdOf(state.ledger, migration.reservationId).reservation;
  const told: Migration = migrationWith(migration, {
    boundary: null,
    roundRate: reserved?.rate ?? null,
    rateSteps: reserved === null ? [] : [{ at: state.now, rate: reserved.rate }],
    isSwitchoverOrdered: next === 'switchover',
    queueAtRoundStart: queueNow(state, migration),
  });
  const saved = save(state, told);
  if (next === 'postcopy')
    return andThen(saved, (after) => orderPostcopy(after, told, told.mechanism.reason));
  if (next === 'next_round')
    return andThen(saved, (after) => result(after, nextRound(after, told, last(told).round + 1)));
  const ordered = andThen(saved, (after) => result(after, beginSwitchover(after, told)));
  if (migration.isSwitchoverOrdered) return ordered;
  return andThen(ordered, (after) =>
    result(
      after,
      announce('switchover_started', told.id, {
        reservedBitsPerSec: told.roundRate,
        remainingBytes: last(told).remaining,
        round: last(told).round + 1,
      }),
    ),
  );
}

/** First of: nothing left, the rest fits into the downtime limit at what the switchover is sure to get, rounds used up. */
function shouldStop(state: State, migration: Migration, use: PathUse): boolean {
  const record = last(migration);
  const { request } = migration;
  if (record.remaining === 0 || record.round >= request.roundsMax) return true;
  if (migration.reservationId !== null && !couldFit(state, migration, use)) return false;
  const switchoverRate =
    migration.reservationId === null
      ? meanRate(record.transferred, record.duration)
      : payloadRate(state, rateLimit(state, use, request).rate);
  return fitsDowntime(record.remaining, {
    downtimeLimit: request.downtimeLimit,
    switchoverRate,
    overhead: state.config.switchoverOverhead,
  });
}

/** The rest would fit if others gave way, but not yet: they are asked to, and the VM stops at the next boundary. */
function isUrgent(state: State, migration: Migration, use: PathUse): boolean {
  const { request } = migration;
  if (!couldFit(state, migration, use)) return false;
  return fitsDowntime(last(migration).remaining, {
    downtimeLimit: request.downtimeLimit,
    switchoverRate: payloadRate(state, reachable(state, use, request).rate),
    overhead: state.config.switchoverOverhead,
  });
}

/** Whether the rest would fit at the largest rate that user and NICs allow, whatever the links have. */
function couldFit(state: State, migration: Migration, use: PathUse): boolean {
  const most = ceilingOf(state, use, migration.request);
  if (most === null) return true;
  return fitsDowntime(last(migration).remaining, {
    downtimeLimit: migration.request.downtimeLimit,
    switchoverRate: payloadRate(state, most),
    overhead: state.config.switchoverOverhead,
  });
}

function recordOf(state: State, migration: Migration, report: RoundFinished): RoundRecord {
  const { reservedRate, rateChanges } = ratesOf(state, migration);
  const duration = fromSeconds(report.durationSec);
  const wireBytes = bytes(report.wireBytes);
  const byNic = nicRate({ wireBytes, duration });
  const isManaged = migration.reservationId !== null;
  return {
    round: report.round,
    phase: 'precopy',
    reservedRate,
    rateChanges,
    measuredRate: isManaged ? null : byNic,
    measuredFrom: isManaged ? null : 'nic',
    duration,
    transferred: bytes(report.transferredBytes),
    wireBytes,
    remaining: bytes(report.remainingBytes),
    dirtyRate: bytesPerSec(report.dirtyRateBytesPerSec),
    energy: energyAt(state, byNic, duration),
  };
}

/** The rates of the round that ends now: their mean over time, and how often they changed. */
export function ratesOf(state: State, { rateSteps, roundRate }: Migration) {
  const [first] = rateSteps;
  if (roundRate === null || first === undefined) return { reservedRate: roundRate, rateChanges: 0 };
  const total = state.now - first.at;
  if (rateSteps.length === 1 || total <= 0)
    // Not empty, as checked above.
    return { reservedRate: (rateSteps.at(-1) as RateStep).rate, rateChanges: rateSteps.length - 1 };
  const moved = rateSteps.reduce((sum, step, index) => {
    const until = rateSteps[index + 1]?.at ?? state.now;
    return sum + step.rate * (until - step.at);
  }, 0);
  return { reservedRate: bitsPerSec(Math.round(moved / total)), rateChanges: rateSteps.length - 1 };
}

/** A round whose counters were not read before the sender went on is told as it is, without a measured rate. */
export function tellUnmeasured(state: State, migration: Migration): Step {
  const record = migration.rounds.at(-1);
  if (record === undefined || migration.boundary?.waitingFor !== 'counters') return result(state);
  return tellRound(state, migration, record);
}

export const tellRound = (state: State, migration: Migration, record: RoundRecord): Step =>
  result(
    state,
    announce('round_finished', migration.id, {
      round: record.round,
      phase: record.phase,
      reservedBitsPerSec: record.reservedRate,
      measuredBitsPerSec: record.measuredRate,
      measuredFrom: record.measuredFrom,
      dirtyRateBytesPerSec: record.dirtyRate,
      durationSec: toSeconds(record.duration),
      transferredBytes: record.transferred,
      remainingBytes: record.remaining,
      energyJoule: record.energy,
    }),
  );

function last(migration: Migration): RoundRecord {
  const record = migration.rounds.at(-1);
  if (record === undefined) throw new RangeError(`migration ${migration.id} has not finished a round`);
  return record;
}
