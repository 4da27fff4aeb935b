/**
 * A link of the path breaks, and another way has room for what is guaranteed: the reservation moves there, the new
 * entries before the old ones go, and the sender stays connected. It begins with what is free on the new way; where
 * that is less than the guarantee, others are taken down first. Nothing crosses a broken link, so the rate that the old
 * way had need not be waited for.
 */

import { smaller } from '@sluice/units';
import { findWay } from '../admission/way.ts';
import { onItsWay, useOf } from '../allocation/demand.ts';
import { rateLimit } from '../allocation/grant.ts';
import { reallocate } from '../allocation/reallocate.ts';
import { withCapacities, withDemand } from '../allocation/solver.ts';
import { migrationWith, stateWith } from '../copies.ts';
import type { Effect } from '../effect.ts';
import { type Hold, holdOf, type Ledger, queueTargets, reroute, resize, settle } from '../ledger/index.ts';
import { setRateCap } from '../lifecycle/commands.ts';
import { migrationById } from '../lookups.ts';
import { andThen, announce, result, type Step, withMigration } from '../result.ts';
import type { LinkId, Migration, QueueTarget, Reservation, State } from '../state.ts';
import { balance, tryWaiting } from './balance.ts';
import { installIfReady } from './install.ts';
import { atRate } from './resize.ts';

/** Whether a link of its way is down. */
export const isBroken = (state: State, { path, reversePath }: Migration): boolean =>
  [...path, ...reversePath].some((link) => state.linksDown.has(link));

/** null: no other way has room for the guarantee, or nothing can be moved now. */
export function aroundBreak(state: State, migration: Migration): Step | null {
  const { reservationId, networkPending } = migration;
  if (reservationId === null || networkPending === 'install' || networkPending === 'remove') return null;
  // What is under way is answered first; then it is looked at again.
  if (networkPending !== null) return result(state);
  const hold = holdOf(state.ledger, reservationId);
  const way = findWay(state, {
    source: migration.source,
    destination: migration.destination,
    rate: hold.guarantee,
    window: { from: state.now, until: hold.window.until },
    asker: { own: reservationId, extraFloor: null },
  });
  if (way === null) return null;
  const { path, reversePath } = way;
  return moveTo(state, migration, hold, { ...hold.reservation, path, reversePath });
}

function moveTo(state: State, before: Migration, hold: Hold, to: Reservation): Step {
  const { path, reversePath } = to;
  const isInstalled = before.phase !== 'preparing';
  const migration: Migration = {
    ...before,
    path,
    reversePath,
    lowering: null,
    rerouteFrom: isInstalled ? (before.rerouteFrom ?? hold.reservation) : null,
    networkAskedAt: state.now,
    counters: before.counters && { ...before.counters, queueBytes: null },
  };
  const room = rateLimit(state, useOf(migration), migration.request).rate;
  const { rate: current } = hold.reservation;
  const rate = smaller(room, current);
  const { id } = hold.reservation;
  const slowed = settle(resize(state.ledger, atRate(state, hold.reservation, rate)), id);
  const both = reroute(slowed, id, to);
  const from = rate > 0 && rate >= Math.min(hold.guarantee, current) ? migration.rerouteFrom : null;
  // Both ways count until the network has changed over; one that has to wait for room has left the old one.
  const ledger = from === null ? settle(both, id) : both;
  const left = withMigration(stateWith(state, { ledger }), migration);
  const asked = from === null ? result(left) : askToReroute(left, migration, from);
  const links = [...before.path, ...before.reversePath, ...path, ...reversePath];
  const moved = andThen(asked, (next) => dividedAgain(next, migration, links));
  const told = result(
    moved.state,
    announce('rerouting', migration.id, {
      path: path.join(' '),
      wasBitsPerSec: current,
      reservedBitsPerSec: rate,
    }),
    ...(isInstalled && rate > 0 && rate < current && isSending(migration)
      ? [setRateCap(moved.state, migration, rate)]
      : []),
    ...moved.effects,
  );
  return andThen(
    andThen(told, (next) => installIfReady(next, migration.id)),
    (next) => tryWaiting(next, links),
  );
}

/** Its share is on other links from now on. */
function dividedAgain(state: State, { id }: Migration, links: readonly LinkId[]): Step {
  const demand = state.allocation.demands.get(id);
  if (demand === undefined) return result(state);
  const moved = onItsWay(state, demand, migrationById(state, id));
  const divided = reallocate(withDemand(withCapacities(state, links), id, moved), 'rerouted', id);
  const balanced = balance(divided.state, [id, ...divided.moved.filter((other) => other !== id)]);
  return { state: balanced.state, effects: [...divided.effects, ...balanced.effects] };
}

/** The reservation has what it needs on its new way: the network moves it. */
export function askToReroute(state: State, migration: Migration, from: Reservation): Step {
  if (migration.reservationId === null) return result(state);
  const { reservation } = holdOf(state.ledger, migration.reservationId);
  const asking: Migration = migrationWith(migration, {
    networkPending: 'reroute',
    networkAskedAt: state.now,
  });
  const next = withMigration(state, asking);
  const effects: readonly Effect[] = [
    { kind: 'save_migration', migration: asking },
    { kind: 'save_reservation', reservation },
    {
      kind: 'reroute_reservation',
      from,
      to: reservation,
      // As they are once the old way is left.
      queues: queuesOfBoth(next, settle(next.ledger, reservation.id), from, reservation),
    },
  ];
  return { state: next, effects };
}

/** Totals of every port on the way that is left and on the new one. */
export const queuesOfBoth = (
  { topology }: State,
  ledger: Ledger,
  from: Reservation,
  to: Reservation,
): readonly QueueTarget[] =>
  queueTargets(topology, ledger, {
    ...to,
    path: [...from.path, ...to.path],
    reversePath: [...from.reversePath, ...to.reversePath],
  });

/** Memory is on its way, and nobody has finished sending. */
export const isSending = ({ phase, boundary }: Migration): boolean =>
  phase === 'stop_and_copy' || phase === 'postcopy' || (phase === 'precopy' && boundary === null);
