/**
 * What a choice of the first group costs. Only that choice is open: once the service is down, a later group is never
 * better than its VMs one by one, because the rounds of a union last at least as long as those of its parts together
 * and are at least as many. So with weights p (total time) and q (downtime)
 *
 *   cost(G) = p·T(G) + q·τ_n(G) + Σ_{j not in G} c_j + q·T_res,
 *
 * where c_j is what VM j costs alone, after the first group. In seconds and flat arrays: this runs many thousand times.
 */
import { type Channel, type GroupVm, groupTimes, type RestMode, SMALL_SLACK } from './group.ts';

export interface GroupProblem extends Channel {
  readonly vms: readonly GroupVm[];
  readonly rest: RestMode;
  /** T_res, once for the set. */
  readonly resumeSec: number;
  readonly weightTotal: number;
  readonly weightDowntime: number;
}

export interface FlatProblem {
  readonly problem: GroupProblem;
  readonly count: number;
  /** V_j/R, W_j/R and V_th,j/R, seconds. */
  readonly memory: Float64Array;
  readonly workingSet: Float64Array;
  readonly threshold: Float64Array;
  /** λ_j */
  readonly ratio: Float64Array;
  /** c_j */
  readonly alone: Float64Array;
  readonly aloneTotal: number;
}

export function flatProblem(problem: GroupProblem): FlatProblem {
  const { vms, rate, weightTotal, weightDowntime } = problem;
  const seconds = (of: (vm: GroupVm) => number) => Float64Array.from(vms, (vm) => (of(vm) * 8) / rate);
  const alone = Float64Array.from(vms, (vm) => {
    const sendsOnce = vm.isCritical && problem.rest !== 'precopy';
    const total = groupTimes([vm], sendsOnce ? { ...problem, roundsMax: 0 } : problem).totalTime / 1000;
    const isDown = vm.isCritical && problem.rest !== 'postcopy';
    return total * (weightTotal + (isDown ? weightDowntime : 0));
  });
  return {
    problem,
    count: vms.length,
    memory: seconds((vm) => vm.memory),
    workingSet: seconds((vm) => vm.workingSet),
    threshold: seconds((vm) => vm.threshold),
    ratio: seconds((vm) => vm.dirtyRate),
    alone,
    aloneTotal: alone.reduce((sum, cost) => sum + cost, 0),
  };
}

/** Cost of the group of VMs whose flag is 1, without T_res; Infinity without a critical VM. */
export function costOf(flat: FlatProblem, chosen: Uint8Array, volumes: Float64Array): number {
  const { problem, count, memory, workingSet, threshold, ratio, alone } = flat;
  let rest = flat.aloneTotal;
  let duration = 0;
  let isSmall = true;
  let hasCritical = false;
  for (let j = 0; j < count; j += 1) {
    if (chosen[j] === 0) continue;
    const volume = memory[j] as number;
    rest -= alone[j] as number;
    duration += volume;
    if (volume > (threshold[j] as number) * (1 + SMALL_SLACK)) isSmall = false;
    if (problem.vms[j]?.isCritical) hasCritical = true;
    volumes[j] = volume;
  }
  if (!hasCritical) return Number.POSITIVE_INFINITY;
  let total = duration;
  for (let round = 0; !isSmall && round < problem.roundsMax; round += 1) {
    isSmall = true;
    let next = 0;
    for (let j = 0; j < count; j += 1) {
      if (chosen[j] === 0) continue;
      const volume = Math.min((ratio[j] as number) * duration, workingSet[j] as number);
      if (volume > (threshold[j] as number) * (1 + SMALL_SLACK)) isSmall = false;
      next += volume;
    }
    duration = next;
    total += duration;
  }
  return rest + problem.weightTotal * total + problem.weightDowntime * duration;
}
