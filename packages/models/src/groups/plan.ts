/**
 * The best groups and order for a weighted goal p·T_mig + q·T_down: which VMs are pre-copied together first, and the
 * others one by one after them. All choices are tried for small sets; large ones get a good choice and a proven bound
 * of how far from the best it can be.
 */
import { type Millis, millis } from '@sluice/units';
import { lowerBound } from './bound.ts';
import { costOf, type FlatProblem, flatProblem, type GroupProblem } from './first-group.ts';
import { type GroupVm, groupTimes, inGroupsOf, scheduleTimes } from './group.ts';

export interface GroupPlan {
  /** Indices of the VMs that go together first. */
  readonly first: readonly number[];
  /** The others, one by one. */
  readonly rest: readonly number[];
  /** n of the first group. */
  readonly rounds: number;
  readonly totalTime: Millis;
  readonly downtime: Millis;
  /** p·T_mig + q·T_down, seconds. */
  readonly objective: number;
  /** No groups and no order cost less than this. */
  readonly lowerBound: number;
  /** All choices were tried. */
  readonly exact: boolean;
}

/** Up to so many VMs every first group is tried. */
export const GROUP_EXACT_VMS_MAX = 14;

/** Throws RangeError without a critical VM: then there is no downtime to weigh. */
export function planGroups(problem: GroupProblem): GroupPlan {
  if (!problem.vms.some((vm) => vm.isCritical)) throw new RangeError('no VM of the set is critical');
  const flat = flatProblem(problem);
  const resume = problem.weightDowntime * problem.resumeSec;
  if (flat.count <= GROUP_EXACT_VMS_MAX) {
    const best = everyGroup(flat);
    return planOf(problem, best.chosen, { lowerBound: best.cost + resume, exact: true });
  }
  const best = new Best(flat);
  prefixes(best);
  const bound = lowerBound(flat, (chosen) => best.offer(chosen));
  while (improveOnce(best)) if (best.cost <= bound.value) break;
  return planOf(problem, best.chosen, {
    lowerBound: Math.min(bound.value, best.cost) + resume,
    exact: false,
  });
}

/** The cost and times of equal chunks of g, the chunk first that hides most of its copying; VMs by rising λ_j. */
export function planOfSize(problem: GroupProblem, size: number): Omit<GroupPlan, 'lowerBound' | 'exact'> {
  const order = problem.vms
    .map((vm, index) => ({ vm, index }))
    .sort((a, b) => Number(b.vm.isCritical) - Number(a.vm.isCritical) || a.vm.dirtyRate - b.vm.dirtyRate);
  const chunks = inGroupsOf(order, size);
  const hidden = chunks.map((chunk) => {
    const times = groupTimes(
      chunk.map(({ vm }) => vm),
      problem,
    );
    const once = chunk.reduce((sum, { vm }) => sum + vm.memory * 8000, 0) / problem.rate;
    const isCritical = chunk.some(({ vm }) => vm.isCritical);
    return isCritical ? gainOfFirst(problem, times, once) : Number.NEGATIVE_INFINITY;
  });
  const lead = hidden.indexOf(Math.max(...hidden));
  const groups = [chunks[lead] ?? [], ...chunks.filter((_, index) => index !== lead)];
  const times = timesOf(
    problem,
    groups.map((group) => group.map(({ vm }) => vm)),
  );
  return {
    first: (groups[0] ?? []).map(({ index }) => index),
    rest: groups.slice(1).flatMap((group) => group.map(({ index }) => index)),
    ...times,
  };
}

/** What the goal gains when this group is the first and not a later one. */
function gainOfFirst(
  { rest, weightTotal, weightDowntime }: GroupProblem,
  times: { readonly totalTime: Millis; readonly stopAndCopy: Millis },
  once: number,
): number {
  const later = rest === 'precopy' ? times.totalTime : once;
  const down = rest === 'postcopy' ? 0 : later;
  return weightTotal * (later - times.totalTime) + weightDowntime * (down - times.stopAndCopy);
}

function timesOf(problem: GroupProblem, groups: readonly (readonly GroupVm[])[]) {
  const resume = millis(problem.resumeSec * 1000);
  const { totalTime, downtime } = scheduleTimes(groups, { ...problem, resume });
  return {
    rounds: groupTimes(groups[0] ?? [], problem).rounds,
    totalTime,
    downtime,
    objective: (problem.weightTotal * totalTime + problem.weightDowntime * downtime) / 1000,
  };
}

function planOf(
  problem: GroupProblem,
  chosen: Uint8Array,
  proof: Pick<GroupPlan, 'lowerBound' | 'exact'>,
): GroupPlan {
  const indices = problem.vms.map((_, index) => index);
  const first = indices.filter((index) => chosen[index] === 1);
  const rest = indices.filter((index) => chosen[index] !== 1);
  const pick = (index: number) => problem.vms[index] as GroupVm;
  return {
    first,
    rest,
    ...timesOf(problem, [first.map(pick), ...rest.map((index) => [pick(index)])]),
    ...proof,
  };
}

function everyGroup(flat: FlatProblem): { readonly chosen: Uint8Array; readonly cost: number } {
  const best = new Best(flat);
  const chosen = new Uint8Array(flat.count);
  for (let mask = 1; mask < 2 ** flat.count; mask += 1) {
    for (let j = 0; j < flat.count; j += 1) chosen[j] = (mask >> j) & 1;
    best.offer(chosen);
  }
  return best;
}

/** The cheapest group offered so far. */
class Best {
  readonly flat: FlatProblem;
  cost = Number.POSITIVE_INFINITY;
  readonly chosen: Uint8Array;
  readonly #volumes: Float64Array;

  constructor(flat: FlatProblem) {
    this.flat = flat;
    this.chosen = new Uint8Array(flat.count);
    this.#volumes = new Float64Array(flat.count);
  }

  /** Returns the least cost known after the offer. */
  offer(chosen: Uint8Array): number {
    const cost = costOf(this.flat, chosen, this.#volumes);
    if (cost < this.cost) {
      this.cost = cost;
      this.chosen.set(chosen);
    }
    return this.cost;
  }
}

/** Groups that are the first k of the set in some plausible order. */
function prefixes(best: Best): void {
  const { count, memory, ratio, alone } = best.flat;
  const keys: readonly ((j: number) => number)[] = [
    (j) => (ratio[j] as number) / (memory[j] as number),
    (j) => ratio[j] as number,
    (j) => memory[j] as number,
    (j) => -(alone[j] as number),
    (j) => (ratio[j] as number) / (alone[j] as number),
  ];
  for (const key of keys) {
    const order = Array.from({ length: count }, (_, j) => j).sort((a, b) => key(a) - key(b));
    const chosen = new Uint8Array(count);
    for (const j of order) {
      chosen[j] = 1;
      best.offer(chosen);
    }
  }
}

/** One pass of moves in or out of the group and of swaps; false when nothing helps. */
function improveOnce(best: Best): boolean {
  const before = best.cost;
  const { count } = best.flat;
  const chosen = Uint8Array.from(best.chosen);
  for (let j = 0; j < count; j += 1) {
    chosen[j] = 1 - (chosen[j] as number);
    best.offer(chosen);
    if (chosen[j] === 0)
      for (let k = 0; k < count; k += 1) {
        if (chosen[k] === 1 || k === j) continue;
        chosen[k] = 1;
        best.offer(chosen);
        chosen[k] = 0;
      }
    chosen[j] = 1 - (chosen[j] as number);
  }
  return best.cost < before - 1e-12 * Math.abs(before);
}
