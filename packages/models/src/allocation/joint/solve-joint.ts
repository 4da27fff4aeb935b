/** The joint allocation of one problem that will not be solved again. */
import type { BitsPerSec } from '@sluice/units';
import type { AllocationProblem, CostedDemand } from '../problem.ts';
import { JointAllocation, type JointOptions, type JointSolution } from './joint-allocation.ts';

export interface JointRates extends JointSolution {
  /** In the order of the demands; empty when infeasible. */
  readonly rates: readonly BitsPerSec[];
  /** In the order of the links, in cost per bit/s; empty when infeasible. */
  readonly prices: readonly number[];
}

/** @throws RangeError naming the number that is wrong */
export function solveJoint(problem: AllocationProblem<CostedDemand>, options: JointOptions = {}): JointRates {
  const allocation = new JointAllocation<number>(problem.capacities);
  for (const [index, demand] of problem.demands.entries()) allocation.put(index, demand);
  const solution = allocation.solve(options);
  const isSolved = solution.status !== 'infeasible';
  return {
    ...solution,
    rates: isSolved ? problem.demands.map((_, index) => allocation.rate(index)) : [],
    prices: isSolved ? problem.capacities.map((_, link) => allocation.price(link)) : [],
  };
}
