/**
 * From the rates that are to the rates that should be. Whoever has less than its target takes what is free at once;
 * what is missing is freed by taking others in mid-round down to their own targets, the sender first, then the network.
 * Nothing ever exceeds what the ledger has left, so there is no instant at which a link is promised twice. Changes too
 * small to disturb a round wait for its boundary, where every target is applied as it is.
 */

import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { RESERVED_RATE_MIN } from '../admission/limits.ts';
import { withAllocation } from '../allocation/solver.ts';
import { migrationWith } from '../copies.ts';
import type { MigrationId } from '../ids.ts';
import { account, type Hold, holdOf, holdsOn, residual } from '../ledger/index.ts';
import { setRateCap } from '../lifecycle/commands.ts';
import { andThen, result, type Step, withMigration } from '../result.ts';
import type { LinkId, Migration, State } from '../state.ts';
import { installIfReady } from './install.ts';
import { askForRate, setUninstalledRate } from './resize.ts';
import {
  currentOf,
  isAdjustable,
  isChanging,
  isUninstalled,
  isWorthwhile,
  RATE_STEP,
  targetOf,
  withinRoom,
} from './room.ts';

/** Moves these towards their targets, and whoever waits for the room that they leave. */
export function balance(state: State, ids: readonly MigrationId[]): Step {
  let step = result(state);
  for (const id of ids) step = andThen(step, (next) => approach(next, id));
  return step;
}

/** There is room on these links, or somebody on them can be lowered again: those who wait try once more. */
export function tryWaiting(state: State, links: Iterable<LinkId>): Step {
  const { hungry } = state.allocation;
  if (hungry.size === 0) return result(state);
  const touched = new Set<MigrationId>();
  for (const link of links)
    for (const { reservation } of holdsOn(state.ledger, link))
      if (hungry.has(reservation.migrationId)) touched.add(reservation.migrationId);
  let step = result(state);
  for (const id of inOrder(state, touched)) step = andThen(step, (next) => approach(next, id));
  return step;
}

/** The more important first, then as they were admitted. */
function inOrder(state: State, ids: Iterable<MigrationId>): readonly MigrationId[] {
  const ranked = [...ids].map((id) => {
    const reservationId = state.migrations.get(id)?.reservationId ?? null;
    const hold = reservationId === null ? undefined : state.ledger.holds.get(reservationId);
    return { id, priority: hold?.priority ?? 0, reservationId: reservationId ?? 0 };
  });
  ranked.sort((a, b) => b.priority - a.priority || a.reservationId - b.reservationId);
  return ranked.map(({ id }) => id);
}

function approach(state: State, id: MigrationId): Step {
  const migration = state.migrations.get(id);
  const target = targetOf(state, id);
  if (migration === undefined || target === null || migration.outcome !== null) return satisfied(state, id);
  const current = currentOf(state, migration);
  if (target <= current) return andThen(satisfied(state, id), (next) => giveWay(next, migration, target));
  if (!isUninstalled(migration) && !isWorthwhile(state, migration, current, target))
    return satisfied(state, id);
  const raised = takeRoom(state, migration, current, target);
  const asked = andThen(raised, (next) => makeRoom(next, id, target));
  // Room of those that are not in the network yet is there at once.
  return asked.state === raised.state ? asked : andThen(asked, (next) => takeNow(next, id, target));
}

/** Below its target as far as there is room now. */
function takeRoom(state: State, migration: Migration, current: BitsPerSec, target: BitsPerSec): Step {
  const rate = withinRoom(state, migration, target);
  if (rate <= current || rate < Math.min(target, RESERVED_RATE_MIN)) return result(state);
  if (isUninstalled(migration))
    return installIfReady(setUninstalledRate(state, migration, rate), migration.id);
  if (!isAdjustable(migration) || !isWorthwhile(state, migration, current, rate)) return result(state);
  return askForRate(state, migration, rate);
}

function takeNow(state: State, id: MigrationId, target: BitsPerSec): Step {
  const migration = state.migrations.get(id);
  if (migration === undefined || !state.allocation.hungry.has(id)) return result(state);
  const current = currentOf(state, migration);
  const taken = takeRoom(state, migration, current, target);
  const now = taken.state.migrations.get(id);
  return now !== undefined && currentOf(taken.state, now) >= target
    ? andThen(taken, (next) => satisfied(next, id))
    : taken;
}

/** What still is missing is asked of those who have more than their targets. */
function makeRoom(state: State, id: MigrationId, target: BitsPerSec): Step {
  const migration = state.migrations.get(id);
  if (migration === undefined) return result(state);
  const current = currentOf(state, migration);
  if (target <= current || !isWorthwhile(state, migration, current, target)) return satisfied(state, id);
  const waiting = withAllocation(state, { hungry: state.allocation.hungry.add(id) });
  const { reverseFraction } = state.config;
  const own = migration.reservationId;
  let step = result(waiting);
  const free = (link: LinkId, rate: number) => {
    const missing = rate - residual(account(step.state, link, own));
    if (missing > RATE_STEP) step = andThen(step, (next) => lowerOthers(next, link, migration, missing));
  };
  for (const link of migration.path) free(link, target);
  if (reverseFraction > 0) for (const link of migration.reversePath) free(link, target * reverseFraction);
  return step;
}

/** Those with the most above their targets give way first, until enough will be free. */
function lowerOthers(state: State, link: LinkId, asking: Migration, missing: number): Step {
  let left = missing;
  const giving: { readonly migration: Migration; readonly excess: number; readonly target: BitsPerSec }[] =
    [];
  for (const hold of holdsOn(state.ledger, link)) {
    const migration = state.migrations.get(hold.reservation.migrationId);
    if (migration === undefined || migration.id === asking.id) continue;
    const target = targetOf(state, migration.id);
    if (target === null) continue;
    const excess = excessOn(state, hold, link, target);
    // On its way already: a change under way, a boundary that will apply the target, an end that gives back all.
    if (migration.outcome !== null) left -= excessOn(state, hold, link, NOTHING);
    else if (isChanging(migration)) left -= Math.max(0, excess);
    else if (excess > 0 && (isUninstalled(migration) || isAdjustable(migration)))
      giving.push({ migration, excess, target });
  }
  giving.sort(
    (a, b) => b.excess - a.excess || Number(a.migration.reservationId) - Number(b.migration.reservationId),
  );
  let step = result(state);
  for (const { migration, excess, target } of giving) {
    if (left <= 0) break;
    left -= excess;
    step = andThen(step, (next) => lower(next, migration, target));
  }
  return step;
}

const NOTHING = bitsPerSec(0);

/** What it counts on the link beyond what its target would. */
function excessOn(state: State, hold: Hold, link: LinkId, target: BitsPerSec): number {
  const { path } = hold.reservation;
  return path.includes(link)
    ? hold.forwardRate - target
    : hold.reverseRate - Math.ceil(target * state.config.reverseFraction);
}

/** It has more than it should, and somebody on its links may wait for that. */
function giveWay(state: State, migration: Migration, target: BitsPerSec): Step {
  if (target === currentOf(state, migration)) return result(state);
  if (isUninstalled(migration)) return lower(state, migration, target);
  if (state.allocation.hungry.size === 0 || !isAdjustable(migration)) return result(state);
  return tryWaiting(state, [...migration.path, ...migration.reversePath]);
}

/** The sender first: until it has answered, switches and ledger stay as they are. */
function lower(state: State, migration: Migration, to: BitsPerSec): Step {
  if (isUninstalled(migration)) return result(setUninstalledRate(state, migration, to));
  const command = setRateCap(state, migration, to);
  const lowering = { to, rateCapBitsPerSec: command.command.rateCapBitsPerSec, askedAt: state.now };
  return result(withMigration(state, migrationWith(migration, { lowering })), command);
}

/** It waits for nothing. */
const satisfied = (state: State, id: MigrationId): Step =>
  state.allocation.hungry.has(id)
    ? result(withAllocation(state, { hungry: state.allocation.hungry.delete(id) }))
    : result(state);

/** All links of a reservation, there and back. */
export function linksOf(state: State, migration: Migration): readonly LinkId[] {
  if (migration.reservationId === null) return [];
  const { reservation } = holdOf(state.ledger, migration.reservationId);
  return [...reservation.path, ...reservation.reversePath];
}
