/**
 * Whether rates and prices solve an allocation problem, checked from the outside: it shares nothing with any solver.
 *
 * For prices p ≥ 0 of the links, weak duality says that no feasible rates cost less than
 * D(p) = Σ_k min_{L ≤ R ≤ U} (f_k(R) + π_k R) − Σ_l p_l c_l, with π_k what one bit/s of demand k pays on its way. So
 * feasible rates whose cost is D(p) are optimal, whoever found them. Each minimum is bisected in x = ln R, where its
 * function is convex, and counted by tangents at the last interval: D(p) is never overstated.
 */
import type { AllocationProblem, CostedDemand, PowerSeries } from './problem.ts';

export interface RatesAndPrices {
  readonly rates: readonly number[];
  /** Cost of one bit/s more on each link; what a solver calls its multipliers. */
  readonly prices: readonly number[];
}

export interface OptimalityCheck {
  readonly primalValue: number;
  /** Nothing feasible costs less. */
  readonly dualValue: number;
  /** (primal − dual) / |primal|; 0 when both are 0. */
  readonly relativeGap: number;
  /** The most overloaded link, relative to its capacity; null when all hold. */
  readonly worstLink: { readonly link: number; readonly overload: number } | null;
  /** The demand farthest out of its bounds, relative to the bound; null when all are inside. */
  readonly worstBound: { readonly demand: number; readonly excess: number } | null;
  /** Every price is finite and not negative, and there are as many prices and rates as links and demands. */
  readonly pricesValid: boolean;
  readonly isFeasible: boolean;
}

export function checkOptimality(
  problem: AllocationProblem<CostedDemand>,
  { rates, prices }: RatesAndPrices,
): OptimalityCheck {
  const primalValue = problem.demands.reduce(
    (sum, { cost }, k) => sum + costOf(cost, rates[k] ?? Number.NaN),
    0,
  );
  const dualValue = dualOf(problem, prices);
  const worstLink = overloadedMost(problem, rates);
  const worstBound = outOfBoundsMost(problem, rates);
  const pricesValid =
    prices.length === problem.capacities.length &&
    prices.every((price) => price >= 0 && Number.isFinite(price));
  const gap = primalValue - dualValue;
  return {
    primalValue,
    dualValue,
    relativeGap: gap === 0 ? 0 : gap / Math.abs(primalValue),
    worstLink,
    worstBound,
    pricesValid,
    isFeasible: worstLink === null && worstBound === null && rates.length === problem.demands.length,
  };
}

/** Feasible, with valid prices, and no farther from the optimum than `tolerance`, relative to the cost. */
export const isOptimal = (check: OptimalityCheck, tolerance = GAP_DEFAULT): boolean =>
  check.isFeasible && check.pricesValid && check.relativeGap <= tolerance;

const GAP_DEFAULT = 1e-6;
/** What sums of floating point numbers may be over a limit. */
const ROUNDING = 1e-9;

/** Σ scale · R^exponent · Σ_{i < terms} (w / R)^i. */
export function costOf(cost: readonly PowerSeries[], rate: number): number {
  let total = 0;
  for (const { scale, exponent, dirtyRate, terms } of cost)
    for (let i = 0; i < terms; i += 1) total += scale * rate ** exponent * (dirtyRate / rate) ** i;
  return total;
}

/** d cost / d ln R. */
function slopeOf(cost: readonly PowerSeries[], rate: number): number {
  let total = 0;
  for (const { scale, exponent, dirtyRate, terms } of cost)
    for (let i = 0; i < terms; i += 1)
      total += (exponent - i) * scale * rate ** exponent * (dirtyRate / rate) ** i;
  return total;
}

function dualOf({ capacities, demands }: AllocationProblem<CostedDemand>, prices: readonly number[]): number {
  const paid = capacities.reduce((sum, capacity, link) => sum + capacity * (prices[link] ?? 0), 0);
  const least = demands.map((demand) => {
    const price = demand.uses.reduce((sum, { link, share }) => sum + share * (prices[link] ?? 0), 0);
    return leastOf(demand, price);
  });
  return least.reduce((sum, value) => sum + value, 0) - paid;
}

/** A lower bound of min f(R) + price · R over the demand's range, as tight as floating point numbers are. */
function leastOf({ cost, rateMin, rateMax }: CostedDemand, price: number): number {
  const value = (x: number) => costOf(cost, Math.exp(x)) + price * Math.exp(x);
  const slope = (x: number) => slopeOf(cost, Math.exp(x)) + price * Math.exp(x);
  let low = Math.log(rateMin);
  let high = Math.log(rateMax);
  if (slope(low) >= 0) return costOf(cost, rateMin) + price * rateMin;
  if (slope(high) <= 0) return costOf(cost, rateMax) + price * rateMax;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  const width = high - low;
  return Math.max(value(low) + slope(low) * width, value(high) - slope(high) * width);
}

/** An interval of any length in ln R is down to neighbouring numbers after about 60. */
const HALVINGS = 100;

function overloadedMost(
  { capacities, demands }: AllocationProblem,
  rates: readonly number[],
): OptimalityCheck['worstLink'] {
  const loads = capacities.map(() => 0);
  for (const [k, { uses }] of demands.entries())
    for (const { link, share } of uses) loads[link] = (loads[link] ?? 0) + share * (rates[k] ?? Number.NaN);
  let worst: OptimalityCheck['worstLink'] = null;
  for (const [link, capacity] of capacities.entries()) {
    // One load for each link.
    const overload = ((loads[link] as number) - capacity) / Math.max(capacity, Number.MIN_VALUE);
    if (!(overload <= Math.max(ROUNDING, worst?.overload ?? 0))) worst = { link, overload };
  }
  return worst;
}

function outOfBoundsMost(
  { demands }: AllocationProblem,
  rates: readonly number[],
): OptimalityCheck['worstBound'] {
  let worst: OptimalityCheck['worstBound'] = null;
  for (const [demand, { rateMin, rateMax }] of demands.entries()) {
    const rate = rates[demand] ?? Number.NaN;
    const excess = Math.max((rateMin - rate) / rateMin, (rate - rateMax) / rateMax);
    if (!(excess <= Math.max(ROUNDING, worst?.excess ?? 0))) worst = { demand, excess };
  }
  return worst;
}
