/**
 * The promise of a migration that waited, at the time at which it begins. Its VM may write faster by now, and others may
 * have booked what comes after its window: neither takes from it what it was promised. A new assessment may give it
 * more, or another way when its own is gone, but never less on the same way.
 */
import type { BitsPerSec } from '@sluice/units';
import type { PathUse } from '../allocation/grant.ts';
import { holdOf, type Window } from '../ledger/index.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { Migration, State, VmState } from '../state.ts';
import type { Assessment, Feasible } from './assess.ts';
import { isSame, isWhole } from './honour.ts';
import { brokenLimit, movedBy } from './limits.ts';
import { checkEnds } from './places.ts';
import { narrowestOf } from './way.ts';

export interface Kept {
  readonly feasible: Feasible;
  /** The limit of its own that the promise may not be enough for any more. */
  readonly atRisk: Refusal['kind'] | null;
}

/**
 * `request` is what is left of the migration's own. Null when there is nothing to keep: no VM, no host, no way, or the
 * time that was promised is over.
 */
export function keptPromise(
  state: State,
  migration: Migration,
  request: MigrationRequest,
  assessment: Assessment,
): Kept | null {
  const { reservationId } = migration;
  if (reservationId === null) return assessment.ok ? { feasible: assessment, atRisk: null } : null;
  const hold = holdOf(state.ledger, reservationId);
  if (assessment.ok)
    return { feasible: withNoLess(state, migration, assessment, hold.guarantee), atRisk: null };
  const vm = state.vms.get(migration.vm.id);
  const window: Window = { from: state.now, until: hold.window.until };
  if (vm === undefined || !isStillThere(state, migration, vm)) return null;
  if (window.until !== null && window.until <= state.now) return null;
  const { mechanism, plannedRounds } = migration;
  const { guarantee } = hold;
  const broken = brokenLimit(state, movedBy(request, mechanism.name), vm, guarantee);
  return {
    feasible: {
      ok: true,
      vm,
      use: useOfHold(migration),
      rateLimit: guarantee,
      guarantee,
      window,
      plannedRounds,
      mechanism,
    },
    atRisk: broken?.kind ?? null,
  };
}

/** On the same way at least what was promised, for as long as the new assessment says where there is room for that. */
function withNoLess(state: State, migration: Migration, assessed: Feasible, promised: BitsPerSec): Feasible {
  const { use, window } = assessed;
  if (!isSame(use.path, migration.path) || assessed.guarantee >= promised) return assessed;
  return narrowestOf(state, use, window, use).rate < promised
    ? assessed
    : { ...assessed, guarantee: promised };
}

/** VM and hosts are what they were, and every cable of the way is up. */
const isStillThere = (state: State, { request, source, path }: Migration, vm: VmState): boolean =>
  checkEnds(state, request, vm) === null && vm.hostId === source && isWhole(state, vm, request, path);

const useOfHold = ({
  path,
  reversePath,
  source,
  destination,
  reservationId,
  request,
}: Migration): PathUse => ({
  path,
  reversePath,
  source,
  destination,
  own: reservationId,
  extraFloor: request.applicationFloor,
});
