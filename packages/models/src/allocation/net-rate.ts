/**
 * The largest net transfer rate Σ (R − w) on given paths: a linear program over the links that can get full. What it
 * answers carries its own proof: prices of the links, and the bound on the net rate that follows from them.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { fitAbove, loadsOf, type Overload, overloads } from './feasibility.ts';
import { maximizePacking } from './interior-point.ts';
import type { AllocationProblem, RateDemand } from './problem.ts';

export interface NetRateDemand extends RateDemand {
  readonly dirtyRate: BitsPerSec;
}

export type NetRateResult =
  | {
      readonly ok: true;
      /** `work_limit`: the rates fit, the bound holds, but they are farther apart than `NET_RATE_GAP`. */
      readonly status: 'optimal' | 'work_limit';
      readonly rates: readonly BitsPerSec[];
      /** bit/s of net rate won by one bit/s more of each link. */
      readonly prices: readonly number[];
      /** Σ (rate − dirty rate) in bit/s; may be below zero. */
      readonly netRate: number;
      /** No rates that fit have a larger net rate. */
      readonly upperBound: number;
      /** (upperBound − netRate) / Σ rate. */
      readonly gap: number;
      readonly iterations: number;
    }
  | { readonly ok: false; readonly overloads: readonly Overload[] };

export const NET_RATE_GAP = 1e-6;
/** What the method aims at, so that the answer is well inside of `NET_RATE_GAP`. */
const GAP_AIM = 1e-8;

/** Not ok when the lower bounds do not fit. Up to DENSE_ROWS_MAX links that get full it is always optimal. */
export function maxNetRate(problem: AllocationProblem<NetRateDemand>): NetRateResult {
  const over = overloads(problem);
  if (over.length > 0) return { ok: false, overloads: over };
  const { demands } = problem;
  const { rates, prices, iterations } = solve(problem);
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  const dirty = demands.reduce((sum, { dirtyRate }) => sum + dirtyRate, 0);
  const bound = boundOf(problem, prices);
  const gap = total === 0 ? 0 : Math.max(0, bound - total) / total;
  return {
    ok: true,
    status: gap <= NET_RATE_GAP ? 'optimal' : 'work_limit',
    rates: Array.from(rates, bitsPerSec),
    prices: Array.from(prices),
    netRate: total - dirty,
    upperBound: bound - dirty,
    gap,
    iterations,
  };
}

/** Weak duality: Σ R ≤ Σ price · c + Σ max over [L, U] of (1 − what R pays) · R, for any prices of at least 0. */
function boundOf({ capacities, demands }: AllocationProblem, prices: Float64Array): number {
  let bound = 0;
  for (const [link, capacity] of capacities.entries()) bound += capacity * (prices[link] as number);
  for (const { uses, rateMin, rateMax } of demands) {
    let worth = 1;
    for (const { link, share } of uses) worth -= share * (prices[link] as number);
    bound += Math.max(worth * rateMin, worth * rateMax);
  }
  return bound;
}

function solve(problem: AllocationProblem): {
  readonly rates: Float64Array;
  readonly prices: Float64Array;
  readonly iterations: number;
} {
  const { capacities, demands } = problem;
  const least = Float64Array.from(demands, ({ rateMin }) => rateMin);
  const rates = Float64Array.from(demands, ({ rateMax }) => rateMax);
  const prices = new Float64Array(capacities.length);
  const base = loadsOf(capacities.length, demands, least);
  const isClosed = (link: number) =>
    (capacities[link] as number) - (base[link] as number) <= CLOSED * (capacities[link] as number);
  // A price of 1 / share on a closed link makes all that cross it worth nothing more: they stay at their least.
  const held = demands.map(({ uses }) => uses.find(({ link }) => isClosed(link)));
  for (const [k, use] of held.entries()) {
    if (use === undefined) continue;
    rates[k] = least[k] as number;
    prices[use.link] = Math.max(prices[use.link] as number, 1 / use.share);
  }
  const open = held.flatMap((use, k) =>
    use === undefined && (rates[k] as number) > (least[k] as number) ? [k] : [],
  );
  const most = loadsOf(capacities.length, demands, rates);
  const rows = capacities.flatMap((capacity, link) =>
    (most[link] as number) > capacity && !isClosed(link) ? [link] : [],
  );
  const rowOf = new Map(rows.map((link, row) => [link, row]));
  const usesOf = (k: number) =>
    (demands[k] as RateDemand).uses.flatMap(({ link, share }) => {
      const row = rowOf.get(link);
      return row === undefined ? [] : [{ link: row, share }];
    });
  const variables = open.filter((k) => usesOf(k).length > 0);
  if (variables.length === 0) return { rates, prices, iterations: 0 };
  const unit = Math.max(...rows.map((link) => capacities[link] as number));
  const solution = maximizePacking(
    {
      uses: variables.map(usesOf),
      bounds: Float64Array.from(variables, (k) => ((rates[k] as number) - (least[k] as number)) / unit),
      limits: Float64Array.from(
        rows,
        (link) => ((capacities[link] as number) - (base[link] as number)) / unit,
      ),
    },
    GAP_AIM,
  );
  for (const [i, k] of variables.entries()) {
    const rate = (least[k] as number) + unit * (solution.x[i] as number);
    rates[k] = Math.min((demands[k] as RateDemand).rateMax, Math.max(least[k] as number, rate));
  }
  for (const [row, link] of rows.entries()) prices[link] = solution.prices[row] as number;
  fitAbove(problem, least, rates);
  fillUp(problem, rates);
  fitAbove(problem, least, rates);
  return { rates, prices, iterations: solution.iterations };
}

/** Of a capacity: what is left of it by rounding alone. */
const CLOSED = 1e-12;

/** An interior method ends a hair before the boundary: whoever still can takes what is left, in the order of demands. */
function fillUp({ capacities, demands }: AllocationProblem, rates: Float64Array): void {
  const loads = loadsOf(capacities.length, demands, rates);
  for (const [k, { uses, rateMax }] of demands.entries()) {
    let more = rateMax - (rates[k] as number);
    for (const { link, share } of uses)
      more = Math.min(more, ((capacities[link] as number) - (loads[link] as number)) / share);
    if (more <= 0) continue;
    rates[k] = (rates[k] as number) + more;
    for (const { link, share } of uses) loads[link] = (loads[link] as number) + share * more;
  }
}
