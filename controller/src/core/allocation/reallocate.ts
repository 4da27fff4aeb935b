/**
 * One joint solution for all live migrations after something has changed, and what is new in it: whose target is
 * another one. Lower bounds that do not fit give way by priority, never below what is guaranteed. Nothing is moved here.
 */
import { type RelaxableDemand, relax } from '@sluice/models';
import { type BitsPerSec, bitsPerSec, smaller } from '@sluice/units';
import type { Effect } from '../effect.ts';
import type { MigrationId } from '../ids.ts';
import { announce } from '../result.ts';
import type { State } from '../state.ts';
import { VersionedSet } from '../versioned/index.ts';
import type { Allocation, Demand, SolveStatus } from './allocation.ts';
import type { Allocator, Solved } from './allocator.ts';
import { boxOf, capacityOf, passOn, withAllocation } from './solver.ts';

export type Trigger =
  | 'admitted'
  | 'boundary'
  | 'switchover'
  | 'ended'
  | 'load'
  | 'link'
  | 'guarantee'
  | 'postcopy'
  | 'rerouted';

export interface Reallocated {
  readonly state: State;
  /** Whose target has changed, in the solver's order. */
  readonly moved: readonly MigrationId[];
  readonly effects: readonly Effect[];
}

/** `own` is the migration whose news this is; that its own rate follows is told elsewhere. */
export function reallocate(before: State, trigger: Trigger, own: MigrationId | null): Reallocated {
  if (before.allocation.demands.size === 0) return { state: before, moved: [], effects: [] };
  const box = boxOf(before);
  const found = solveOrRelax(before, box.allocator);
  if (found === null)
    return { state: withAllocation(before, { solver: passOn(box) }), moved: [], effects: [] };
  const { targets, moved } = newTargets(before.allocation, found);
  const wasStatus = before.allocation.status;
  const { relaxed, status } = found;
  const state = withAllocation(before, { targets, relaxed, status, solver: passOn(box) });
  const isQuiet = moved.every((id) => id === own) && found.status === wasStatus;
  return { state, moved, effects: isQuiet ? [] : [told(state, trigger, own, found, moved.length)] };
}

interface Solution extends Omit<Solved, 'status'> {
  readonly status: SolveStatus;
  readonly relaxed: VersionedSet<MigrationId>;
  readonly changed: readonly MigrationId[];
  /** Knows the rates until it is changed again. */
  readonly allocator: Allocator;
}

function solveOrRelax(state: State, allocator: Allocator): Solution | null {
  const { demands, relaxed } = state.allocation;
  const options = { workMax: state.config.allocationWorkMax };
  // What gave way may fit again.
  for (const id of relaxed) allocator.put(id, demands.get(id) as Demand);
  const solved = allocator.solve(options);
  if (solved.status !== 'infeasible') return solutionOf(allocator, solved, solved.status, NOBODY);
  const lowered = relaxedDemands(state);
  for (const [id, demand] of lowered) allocator.put(id, demand);
  const again = allocator.solve(options);
  if (again.status === 'infeasible') return null;
  return solutionOf(allocator, again, 'relaxed', VersionedSet.of(lowered.map(([id]) => id)));
}

const solutionOf = (
  allocator: Allocator,
  { gap, work }: Solved,
  status: SolveStatus,
  relaxed: Solution['relaxed'],
): Solution => ({ gap, work, status, relaxed, changed: allocator.changed(), allocator });

const NOBODY = VersionedSet.of<MigrationId>();

/** Those that get less than their lower bound, by priority: what is above the guarantees is divided anew. */
function relaxedDemands(state: State): readonly (readonly [MigrationId, Demand])[] {
  const { demands } = state.allocation;
  const capacities = state.topology.linkList.map((link): number => capacityOf(state, link.id));
  const asking: (readonly [MigrationId, Demand])[] = [];
  for (const [id, demand] of demands) {
    // Links are numbered as in the list.
    for (const { link, share } of demand.uses)
      capacities[link] = (capacities[link] as number) - share * demand.guarantee;
    if (demand.rateMin > demand.guarantee) asking.push([id, demand]);
  }
  const relaxation = relax({
    capacities: capacities.map((left) => bitsPerSec(Math.max(0, left))),
    demands: asking.map(
      ([, demand]): RelaxableDemand => ({
        uses: demand.uses,
        rateMin: bitsPerSec(demand.rateMin - demand.guarantee),
        rateMax: bitsPerSec(demand.rateMax - demand.guarantee),
        priority: demand.priority,
      }),
    ),
  });
  return relaxation.losses.map(({ demand: index, to }) => {
    // A loss names one of those that asked.
    const [id, demand] = asking[index] as readonly [MigrationId, Demand];
    return [id, { ...demand, rateMin: bitsPerSec(demand.guarantee + Math.floor(to)) }];
  });
}

function newTargets(
  { targets, demands }: Allocation,
  { changed, allocator }: Solution,
): Pick<Reallocated, 'moved'> & { readonly targets: Allocation['targets'] } {
  const moved: MigrationId[] = [];
  let after = targets;
  for (const id of changed) {
    const demand = demands.get(id);
    if (demand === undefined) continue;
    const target = wholeTarget(allocator.rate(id), demand);
    const old = after.get(id);
    if (old !== undefined && Math.abs(target - old) <= NOISE * old) continue;
    after = after.set(id, target);
    moved.push(id);
  }
  return { targets: after, moved };
}

/** Rounded down, so that targets fit together; a bound that is met up to the solver's precision is met. */
function wholeTarget(rate: BitsPerSec, { rateMax }: Demand): BitsPerSec {
  const snapped = rate >= rateMax * (1 - NOISE) ? rateMax : smaller(rate, rateMax);
  return bitsPerSec(Math.floor(snapped));
}

/** Rates are only known as well as the gap is closed; what differs by less is the same. */
const NOISE = 1e-6;

const told = (
  state: State,
  trigger: Trigger,
  own: MigrationId | null,
  { status, gap, work, relaxed }: Solution,
  changed: number,
): Effect =>
  announce('reallocated', own, {
    trigger,
    objective: state.config.objective,
    migrations: state.allocation.demands.size,
    changed,
    status,
    relaxed: relaxed.size,
    gap,
    work,
    fallback: status === 'feasible',
  });
