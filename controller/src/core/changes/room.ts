/** What a live migration has, what it should have, and whether it may be changed now. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { useOf } from '../allocation/demand.ts';
import { rateLimit } from '../allocation/grant.ts';
import type { MigrationId } from '../ids.ts';
import { type Hold, holdOf } from '../ledger/index.ts';
import type { Migration, State } from '../state.ts';

export const targetOf = (state: State, id: MigrationId): BitsPerSec | null =>
  state.allocation.targets.get(id) ?? null;

export const currentOf = (state: State, migration: Migration): BitsPerSec =>
  migration.reservationId === null
    ? bitsPerSec(0)
    : holdOf(state.ledger, migration.reservationId).reservation.rate;

export const holdOfMigration = (state: State, migration: Migration): Hold | null =>
  migration.reservationId === null ? null : (state.ledger.holds.get(migration.reservationId) ?? null);

/** The target as far as there is room, with what it has itself. */
export function withinRoom(state: State, migration: Migration, target: BitsPerSec): BitsPerSec {
  // Down there is always room.
  if (target <= currentOf(state, migration)) return target;
  const room = rateLimit(state, useOf(migration), migration.request).rate;
  return target < room ? target : room;
}

/** Not yet in the network: its rate can change without anybody being told. */
export const isUninstalled = (migration: Migration): boolean =>
  migration.outcome === null && (migration.phase === 'preparing' || isBetweenWays(migration));

/** Its way is broken, and on the new one it has not yet been installed. */
export const isBetweenWays = (migration: Migration): boolean =>
  migration.rerouteFrom !== null && migration.networkPending === null;

/** Memory is on its way, and its rate may change meanwhile. */
export const isCopying = ({ phase }: Migration): boolean => phase === 'precopy' || phase === 'postcopy';

/** Copying, with nothing under way that must end first. */
export const isAdjustable = (migration: Migration): boolean =>
  isCopying(migration) &&
  migration.outcome === null &&
  migration.boundary === null &&
  migration.lowering === null &&
  migration.networkPending === null &&
  migration.rerouteFrom === null &&
  migration.resizeFailures === 0 &&
  !migration.isSwitchoverOrdered;

/** Something is under way that ends with its target, or with what is asked of it by then. */
export const isChanging = (migration: Migration): boolean =>
  migration.lowering !== null || migration.networkPending === 'resize' || migration.boundary !== null;

/** Too small a difference to disturb a round that is under way. */
export function isWorthwhile(state: State, migration: Migration, from: BitsPerSec, to: BitsPerSec): boolean {
  const guarantee = holdOfMigration(state, migration)?.guarantee ?? 0;
  if (from < guarantee && to > from) return true;
  return Math.abs(to - from) > Math.max(state.config.reallocationMin * Math.max(from, to), RATE_STEP);
}

/** Below this nobody sends noticeably faster. */
export const RATE_STEP = bitsPerSec(1_000);
