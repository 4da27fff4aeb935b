/**
 * Max-min fair rates: nobody can get more without taking from one that has no more, both measured by rate / weight,
 * and nobody is taken below its lower bound for it. Found by water filling, and checked by a certificate of its own.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { loadsOf, type Overload, overloads } from './feasibility.ts';
import type { AllocationProblem, RateDemand } from './problem.ts';
import { type Flow, waterFill } from './water-filling.ts';

export interface MaxMinOptions {
  /** Above 0, one for each demand; rates that compete stand in their ratio. Equal when absent. */
  readonly weights?: readonly number[];
}

/** What keeps a demand from getting more. `level` is its rate / weight, the largest that any other has on the link. */
export type MaxMinLimit =
  | { readonly kind: 'rate_max' }
  | { readonly kind: 'link'; readonly link: number; readonly level: number }
  /** The link is full and others have less by weight: it has no more than its lower bound. */
  | { readonly kind: 'rate_min'; readonly link: number };

export type MaxMinResult =
  | { readonly ok: true; readonly rates: readonly BitsPerSec[]; readonly limits: readonly MaxMinLimit[] }
  | { readonly ok: false; readonly overloads: readonly Overload[] };

/** Not ok when the lower bounds do not fit; `relax` says then which must give way. */
export function maxMinRates(problem: AllocationProblem, options: MaxMinOptions = {}): MaxMinResult {
  const over = overloads(problem);
  if (over.length > 0) return { ok: false, overloads: over };
  const weightOf = (k: number) => options.weights?.[k] ?? 1;
  const flows = problem.demands.map(
    ({ uses, rateMin, rateMax }, k): Flow => ({ uses, least: rateMin, most: rateMax, weight: weightOf(k) }),
  );
  const { rates, stoppedBy } = waterFill(problem.capacities, flows);
  const limits = flows.map(({ least, weight }, k): MaxMinLimit => {
    const link = stoppedBy[k] as number;
    if (link === -1) return { kind: 'rate_max' };
    const rate = rates[k] as number;
    return rate <= least ? { kind: 'rate_min', link } : { kind: 'link', link, level: rate / weight };
  });
  return { ok: true, rates: Array.from(rates, bitsPerSec), limits };
}

export type MaxMinFault =
  | { readonly kind: 'over_capacity'; readonly link: number; readonly load: number }
  | { readonly kind: 'out_of_bounds'; readonly demand: number }
  /** It is below its upper bound, and no link that it crosses explains that. */
  | { readonly kind: 'could_rise'; readonly demand: number };

/**
 * The certificate of max-min fairness (Bertsekas and Gallager, Data Networks, 6.5.2, with bounds and weights): every
 * demand is at its upper bound, or crosses a full link where no other that is above its lower bound has more by weight.
 * Shares no code with the filling. Without faults the rates are the only max-min fair ones.
 */
export function maxMinFaults(
  { capacities, demands }: AllocationProblem,
  rates: readonly number[],
  options: MaxMinOptions = {},
): readonly MaxMinFault[] {
  const loads = loadsOf(capacities.length, demands, rates);
  const levelOf = (k: number) => (rates[k] as number) / (options.weights?.[k] ?? 1);
  const highest = new Float64Array(capacities.length);
  for (const [k, { uses, rateMin }] of demands.entries())
    if ((rates[k] as number) > rateMin * (1 + TOLERANCE))
      for (const { link } of uses) highest[link] = Math.max(highest[link] as number, levelOf(k));
  const isFull = (link: number) => (loads[link] as number) >= (capacities[link] as number) * (1 - TOLERANCE);
  const isHeld = (k: number, { uses, rateMax }: RateDemand) =>
    (rates[k] as number) >= rateMax * (1 - TOLERANCE) ||
    uses.some(({ link }) => isFull(link) && levelOf(k) >= (highest[link] as number) * (1 - TOLERANCE));
  return [
    ...capacities.flatMap((capacity, link): MaxMinFault[] => {
      const load = loads[link] as number;
      return load > capacity * (1 + TOLERANCE) ? [{ kind: 'over_capacity', link, load }] : [];
    }),
    ...demands.flatMap((demand, k): MaxMinFault[] => {
      const rate = rates[k] as number;
      if (!(rate >= demand.rateMin * (1 - TOLERANCE) && rate <= demand.rateMax * (1 + TOLERANCE)))
        return [{ kind: 'out_of_bounds', demand: k }];
      return isHeld(k, demand) ? [] : [{ kind: 'could_rise', demand: k }];
    }),
  ];
}

const TOLERANCE = 1e-9;
