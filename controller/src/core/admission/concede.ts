/** What others concede to a request that may preempt: lowered guarantees are told, and who is evicted is ended. */
import { withDemand } from '../allocation/solver.ts';
import { endMigration } from '../lifecycle/ending.ts';
import { migrationById } from '../lookups.ts';
import type { MigrationRequest } from '../request.ts';
import { andThen, announce, result, type Step } from '../result.ts';
import type { State } from '../state.ts';
import type { Victim } from './preempt.ts';

/** The ledger has their lowered guarantees already. */
export function concede(state: State, request: MigrationRequest, victims: readonly Victim[]): Step {
  return victims.reduce(
    (soFar, victim) => andThen(soFar, (next) => concedeOne(next, request, victim)),
    result(state),
  );
}

function concedeOne(state: State, request: MigrationRequest, victim: Victim): Step {
  const { migrationId, concession, from, to } = victim;
  const told = announce('preempted', migrationId, {
    by: request.id,
    concession,
    fromBitsPerSec: from,
    toBitsPerSec: to,
    // Below what its limits need, unless only its deadline does.
    atRisk: concession !== 'evicted',
  });
  if (concession === 'evicted')
    return andThen(result(state, told), (next) =>
      endMigration(next, migrationById(next, migrationId), {
        outcome: 'aborted',
        reason: 'preempted',
        detail: `by ${request.id}, which has a higher priority`,
      }),
    );
  const demand = state.allocation.demands.get(migrationId);
  if (demand === undefined) return result(state, told);
  // The next boundary asks anew; until then it must not stand in the way of who preempts it.
  return result(withDemand(state, migrationId, { ...demand, guarantee: to, rateMin: to }), told);
}
