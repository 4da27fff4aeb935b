/**
 * The smallest relaxation when the lower bounds do not fit: the classes of priority choose one after the other, the
 * highest first, each from what those above it left. Within a class everyone keeps the same part of its bound as far as
 * that is possible, which is max-min fairness in relative terms: the part kept by the worst off is as large as it can
 * be, then the next.
 *
 * Deterministic and idempotent: what it gives fits, and bounds that fit are not touched. Monotone in the capacities as
 * far as that can be had: with more of any, the kept parts, sorted, class after class, never get smaller as a word.
 * (One alone may: who is freed on a link takes more of the next link.)
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { loadsOf, type Overload, overloads } from './feasibility.ts';
import type { AllocationProblem, RateDemand } from './problem.ts';
import { waterFill } from './water-filling.ts';

export interface RelaxableDemand extends RateDemand {
  /** The larger, the more important. */
  readonly priority: number;
}

export interface RateLoss {
  readonly demand: number;
  readonly from: BitsPerSec;
  readonly to: BitsPerSec;
  readonly lost: BitsPerSec;
  /** to / from; 0 when those above it left nothing, so that it cannot go on at all. */
  readonly keptShare: number;
  /** The link that leaves it no more. */
  readonly link: number;
}

export interface Relaxation {
  /** Lower bounds that fit; unchanged where nothing is lost. */
  readonly rateMins: readonly BitsPerSec[];
  /** Links that were asked for more than they have. */
  readonly overloads: readonly Overload[];
  readonly losses: readonly RateLoss[];
}

export function relax(problem: AllocationProblem<RelaxableDemand>): Relaxation {
  const { demands } = problem;
  const asked = demands.map(({ rateMin }) => rateMin);
  const over = overloads(problem);
  if (over.length === 0) return { rateMins: asked, overloads: [], losses: [] };
  const { kept, stoppedBy } = keepByClass(problem);
  const losses = demands.flatMap(({ rateMin }, demand): RateLoss[] => {
    const to = kept[demand] as number;
    if (to >= rateMin) return [];
    return [
      {
        demand,
        from: rateMin,
        to: bitsPerSec(to),
        lost: bitsPerSec(rateMin - to),
        keptShare: to / rateMin,
        link: stoppedBy[demand] as number,
      },
    ];
  });
  return { rateMins: Array.from(kept, bitsPerSec), overloads: over, losses };
}

function keepByClass({ capacities, demands }: AllocationProblem<RelaxableDemand>): {
  readonly kept: Float64Array;
  readonly stoppedBy: Int32Array;
} {
  const kept = new Float64Array(demands.length);
  const stoppedBy = new Int32Array(demands.length).fill(-1);
  const left: number[] = [...capacities];
  for (const members of classesOf(demands)) {
    const flows = members.map((k) => {
      const { uses, rateMin } = demands[k] as RelaxableDemand;
      return { uses, least: 0, most: rateMin, weight: rateMin };
    });
    const water = waterFill(left, flows);
    for (const [i, k] of members.entries()) {
      const { uses, rateMin } = demands[k] as RelaxableDemand;
      const rate = settled(water.rates[i] as number, rateMin);
      kept[k] = rate;
      stoppedBy[k] = water.stoppedBy[i] as number;
      for (const { link, share } of uses) left[link] = Math.max(0, (left[link] as number) - share * rate);
    }
  }
  takeRounding({ capacities, demands }, kept, stoppedBy);
  return { kept, stoppedBy };
}

/** Where sums exceed a link by rounding, the last of the lowest class that has something gives it back. */
function takeRounding(
  { capacities, demands }: AllocationProblem<RelaxableDemand>,
  kept: Float64Array,
  stoppedBy: Int32Array,
): void {
  const lowestFirst = classesOf(demands).flat().reverse();
  for (let part = 1; ; part *= 2) {
    const loads = loadsOf(capacities.length, demands, kept);
    const link = capacities.findIndex((capacity, l) => (loads[l] as number) > capacity);
    if (link === -1) return;
    const over = (loads[link] as number) - (capacities[link] as number);
    for (const k of lowestFirst) {
      const share = (demands[k] as RelaxableDemand).uses.find((use) => use.link === link)?.share ?? 0;
      if (share === 0 || kept[k] === 0) continue;
      kept[k] = Math.max(0, (kept[k] as number) - (part * over) / share);
      stoppedBy[k] = link;
      break;
    }
  }
}

/** Highest priority first. */
function classesOf(demands: readonly RelaxableDemand[]): readonly (readonly number[])[] {
  const classes = new Map<number, number[]>();
  for (const [k, { priority }] of demands.entries()) {
    const members = classes.get(priority);
    if (members === undefined) classes.set(priority, [k]);
    else members.push(k);
  }
  return [...classes].sort(([a], [b]) => b - a).map(([, members]) => members);
}

/** What differs from all or nothing by rounding alone is all or nothing. */
function settled(rate: number, asked: number): number {
  if (rate <= asked * ROUNDING) return 0;
  return rate >= asked * (1 - ROUNDING) ? asked : rate;
}

const ROUNDING = 1e-12;
