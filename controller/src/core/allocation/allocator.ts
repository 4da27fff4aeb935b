/** One door for every way of dividing the links: the joint solver, and those that begin anew at each change. */
import { JointAllocation, maxMinRates, maxNetRate } from '@sluice/models';
import { type BitsPerSec, unreachable } from '@sluice/units';
import type { MigrationId } from '../ids.ts';
import type { Objective } from '../state.ts';
import type { Demand } from './allocation.ts';
import { ContendedAllocator } from './contended.ts';

export interface Solved {
  /** `feasible`: the rates fit, but the budget ended before the gap was closed. */
  readonly status: 'optimal' | 'feasible' | 'infeasible';
  /** Relative; null where the method has no such notion. */
  readonly gap: number | null;
  readonly work: number;
}

/** Links are numbered as in the topology. */
export interface Allocator {
  put(id: MigrationId, demand: Demand): void;
  remove(id: MigrationId): void;
  setCapacity(link: number, rate: BitsPerSec): void;
  solve(options: { readonly workMax: number }): Solved;
  /** Of the last solve that was not infeasible. */
  rate(id: MigrationId): BitsPerSec;
  /** Whose rate the last solve changed. */
  changed(): readonly MigrationId[];
  /** What one more bit/s of the link would save, in the objective's unit; 0 where the method knows no prices. */
  price(link: number): number;
}

export const allocatorFor = (objective: Objective, capacities: readonly BitsPerSec[]): Allocator =>
  new ContendedAllocator(capacities, wholeAllocatorFor(objective, capacities));

function wholeAllocatorFor(objective: Objective, capacities: readonly BitsPerSec[]): Allocator {
  switch (objective) {
    case 'own':
    case 'completion_time':
      return new JointAllocation<MigrationId>(capacities);
    case 'net_rate':
      return new WholeAllocator(capacities, solveNetRate);
    case 'max_min':
      return new WholeAllocator(capacities, solveMaxMin);
    default:
      return unreachable(objective);
  }
}

interface Whole extends Solved {
  readonly rates: readonly BitsPerSec[] | null;
  readonly prices: readonly number[] | null;
}
type SolveWhole = (capacities: readonly BitsPerSec[], demands: readonly Demand[]) => Whole;

/** Divides everything again at each solve. */
class WholeAllocator implements Allocator {
  readonly #capacities: BitsPerSec[];
  readonly #solve: SolveWhole;
  readonly #demands = new Map<MigrationId, Demand>();
  readonly #rates = new Map<MigrationId, BitsPerSec>();
  #changed: readonly MigrationId[] = [];
  #prices: readonly number[] | null = null;

  constructor(capacities: readonly BitsPerSec[], solve: SolveWhole) {
    this.#capacities = [...capacities];
    this.#solve = solve;
  }

  put(id: MigrationId, demand: Demand): void {
    this.#demands.set(id, demand);
  }
  remove(id: MigrationId): void {
    this.#demands.delete(id);
    this.#rates.delete(id);
  }
  setCapacity(link: number, rate: BitsPerSec): void {
    this.#capacities[link] = rate;
  }

  solve(): Solved {
    const { rates, prices, ...solved } = this.#solve(this.#capacities, [...this.#demands.values()]);
    if (rates === null) return solved;
    this.#prices = prices;
    const changed: MigrationId[] = [];
    let index = 0;
    for (const id of this.#demands.keys()) {
      // One rate for each demand, in order.
      const rate = rates[index++] as BitsPerSec;
      if (this.#rates.get(id) === rate) continue;
      changed.push(id);
      this.#rates.set(id, rate);
    }
    this.#changed = changed;
    return solved;
  }

  rate(id: MigrationId): BitsPerSec {
    const rate = this.#rates.get(id);
    if (rate === undefined) throw new RangeError(`migration ${id} has not been solved`);
    return rate;
  }
  changed(): readonly MigrationId[] {
    return this.#changed;
  }
  price(link: number): number {
    return this.#prices?.[link] ?? 0;
  }
}

const solveMaxMin: SolveWhole = (capacities, demands) => {
  const result = maxMinRates({ capacities, demands }, { weights: demands.map(({ weight }) => weight) });
  const work = demands.length;
  return result.ok
    ? { status: 'optimal', gap: null, work, rates: result.rates, prices: null }
    : { status: 'infeasible', gap: null, work, rates: null, prices: null };
};

const solveNetRate: SolveWhole = (capacities, demands) => {
  const result = maxNetRate({ capacities, demands });
  if (!result.ok) return { status: 'infeasible', gap: null, work: demands.length, rates: null, prices: null };
  const { rates, prices, gap, iterations: work } = result;
  return { status: result.status === 'optimal' ? 'optimal' : 'feasible', gap, work, rates, prices };
};
