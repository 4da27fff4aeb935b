/** Answers of the network to install, resize and remove. */

import type { BitsPerSec } from '@sluice/units';
import { balance, linksOf, tryWaiting } from '../changes/balance.ts';
import { aroundBreak, isBroken, isSending } from '../changes/reroute.ts';
import { isCopying } from '../changes/room.ts';
import { migrationWith, stateWith } from '../copies.ts';
import type { ReservationId } from '../ids.ts';
import type { NetworkOperation } from '../input.ts';
import { holdOf, resize, reverseRateOf, settle } from '../ledger/index.ts';
import { onRecoveryRefused } from '../mechanism/postcopy.ts';
import { andThen, announce, result, type Step, save, withMigration } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { setRateCap } from './commands.ts';
import { endMigration } from './ending.ts';
import { finish } from './finish.ts';
import { onInstalled } from './preparation.ts';
import { decide, tellSender } from './rounds.ts';

/** After so many failures in a row the network cannot be trusted to follow the rounds. */
export const RESIZE_FAILURES_MAX = 3;

interface NetworkAnswer {
  readonly reservationId: ReservationId;
  readonly operation: NetworkOperation;
}

export function onNetworkDone(state: State, input: NetworkAnswer): Step {
  const migration = ownerOf(state, input);
  if (migration === null) return result(state);
  switch (input.operation) {
    case 'install':
      return onInstalled(state, migration);
    case 'resize':
      return onResized(state, migration, input.reservationId);
    case 'reroute':
      return onRerouted(state, migration, input.reservationId);
    default:
      return finish(state, migration);
  }
}

export function onNetworkFailed(
  state: State,
  input: NetworkAnswer & { readonly code: string; readonly detail: string },
): Step {
  const migration = ownerOf(state, input);
  if (migration === null) return result(state);
  const detail = `${input.code}: ${input.detail}`;
  switch (input.operation) {
    case 'install':
      if (migration.postcopy !== null) return onRecoveryRefused(state, migration, detail);
      return endMigration(state, migration, { outcome: 'failed', reason: 'network_install_failed', detail });
    case 'resize':
      return onResizeFailed(state, migration, input.reservationId, detail);
    case 'reroute':
      // Tried again as soon as somebody makes room, or when its connection is recovered.
      if (migration.postcopy !== null) return save(state, migrationWith(migration, { networkPending: null }));
      return endMigration(state, migration, { outcome: 'failed', reason: 'link_down', detail });
    default:
      // A removal is finished on reconnect at the latest; the books need not wait for it.
      return finish(state, migration);
  }
}

/** Only the answer to what was asked last counts: an install that is confirmed after its migration was given up does not. */
function ownerOf(state: State, input: NetworkAnswer): Migration | null {
  const hold = state.ledger.holds.get(input.reservationId);
  const migration = hold && state.migrations.get(hold.reservation.migrationId);
  return migration?.networkPending === input.operation ? migration : null;
}

function onResized(state: State, migration: Migration, id: ReservationId): Step {
  const settled: State = stateWith(state, { ledger: settle(state.ledger, id) });
  const { rate } = holdOf(settled.ledger, id).reservation;
  const resized: Migration = migrationWith(migration, {
    networkPending: null,
    resizeFailures: 0,
    roundRate: rate,
  });
  const changed = announce('rate_changed', migration.id, {
    fromBitsPerSec: migration.roundRate,
    toBitsPerSec: rate,
    round: migration.rounds.length,
  });
  const left = isBroken(settled, resized) ? leaveBroken(settled, resized) : null;
  if (left !== null) return left;
  const raised = rate > (migration.roundRate ?? 0);
  const told =
    migration.boundary === null && isCopying(migration)
      ? resizedInRound(settled, resized, rate, raised)
      : goOn(settled, resized);
  const announced = { state: told.state, effects: [...told.effects, changed] };
  const balanced = andThen(announced, (next) => balance(next, [migration.id]));
  return raised ? balanced : andThen(balanced, (next) => tryWaiting(next, linksOf(next, resized)));
}

/** The switches let it through: the sender may go up now. Downwards it has gone before. */
function resizedInRound(state: State, migration: Migration, rate: BitsPerSec, raised: boolean): Step {
  if (!raised) return save(state, migration);
  const rateSteps = [...migration.rateSteps, { at: state.now, rate }];
  const told: Migration = migrationWith(migration, { rateSteps });
  return andThen(save(state, told), (next) => result(next, setRateCap(next, told, rate)));
}

/** The new way carries it. What the sender may use there it hears at once, or at its boundary. */
function onRerouted(state: State, migration: Migration, id: ReservationId): Step {
  const settled: State = stateWith(state, { ledger: settle(state.ledger, id) });
  const { rate } = holdOf(settled.ledger, id).reservation;
  const isTold = isSending(migration);
  const last = migration.rateSteps.at(-1)?.rate;
  const rerouted: Migration = migrationWith(migration, {
    networkPending: null,
    rerouteFrom: null,
    resizeFailures: 0,
    roundRate: rate,
    lastProgress: state.now,
    rateSteps:
      isTold && last !== rate ? [...migration.rateSteps, { at: state.now, rate }] : migration.rateSteps,
  });
  const known = andThen(save(settled, rerouted), (next) =>
    result(
      next,
      ...(isTold ? [setRateCap(next, rerouted, rate)] : []),
      announce('rerouted', rerouted.id, { path: rerouted.path.join(' '), reservedBitsPerSec: rate }),
    ),
  );
  const left = isBroken(known.state, rerouted) ? leaveBroken(known.state, rerouted) : null;
  if (left !== null) return andThen(known, () => left);
  const gone = andThen(known, (next) => (isTold ? result(next) : goOn(next, rerouted)));
  const links = [...rerouted.path, ...rerouted.reversePath];
  return andThen(
    andThen(gone, (next) => balance(next, [rerouted.id])),
    (next) => tryWaiting(next, links),
  );
}

/** A link broke while the network was busy with this reservation. null: a post-copy waits until its way is whole. */
function leaveBroken(state: State, migration: Migration): Step | null {
  const around = aroundBreak(state, migration);
  if (around !== null || migration.postcopy !== null) return around;
  const ending = { outcome: 'failed', reason: 'link_down', detail: 'and no other way has room' } as const;
  return endMigration(state, migration, ending);
}

/** The old rate stays, and the ledger keeps the larger of both, because some switch may have the new one. */
function onResizeFailed(state: State, migration: Migration, id: ReservationId, detail: string): Step {
  const failures = migration.resizeFailures + 1;
  const { reservation } = holdOf(state.ledger, id);
  const rate = migration.roundRate ?? reservation.rate;
  const back = { ...reservation, rate, reverseRate: reverseRateOf(rate, state.config.reverseFraction) };
  const ledger = resize(state.ledger, back);
  const failed: Migration = migrationWith(migration, { networkPending: null, resizeFailures: failures });
  // What follows a VM flows on at the old rate: there is nothing to go back to.
  if (failures >= RESIZE_FAILURES_MAX && migration.postcopy === null)
    return endMigration(stateWith(state, { ledger }), failed, {
      outcome: 'failed',
      reason: 'network_resize_failed',
      detail,
    });
  const kept = andThen(save(stateWith(state, { ledger }), failed), (next) =>
    result(
      next,
      { kind: 'save_reservation', reservation: back },
      announce('rate_kept', failed.id, { detail }),
    ),
  );
  const left = isBroken(state, failed) ? leaveBroken(kept.state, failed) : null;
  if (left !== null) return andThen(kept, () => left);
  const isInRound = migration.boundary === null && isCopying(migration);
  return andThen(kept, (next) => (isInRound ? backInRound(next, failed, rate) : goOn(next, failed)));
}

/** A sender that went down before the network refused to follow goes up again. */
function backInRound(state: State, migration: Migration, rate: BitsPerSec): Step {
  const sending = migration.rateSteps.at(-1)?.rate ?? rate;
  if (sending >= rate) return result(withMigration(state, migration));
  const rateSteps = [...migration.rateSteps, { at: state.now, rate }];
  return result(
    withMigration(state, migrationWith(migration, { rateSteps })),
    setRateCap(state, migration, rate),
  );
}

/** The sender hears what was decided, or the decision that had to wait for the network is made now. */
function goOn(state: State, migration: Migration): Step {
  const { boundary } = migration;
  if (boundary?.waitingFor === 'decision') return decide(state, migration);
  if (boundary?.waitingFor === 'resize' && boundary.next !== null)
    return tellSender(state, migration, boundary.next);
  return result(withMigration(state, migration));
}
