/**
 * The sums behind minimum-energy, in the paper's units: Mbit, Mbit/s, seconds, joules. Terms are V_i = M0·(w/R)^i.
 *
 * In x = ln R every sum of such terms is the exponential of a convex function with slopes known from its moments, so
 * Newton's method finds the roots in a few steps and cannot miss: from the left it climbs to the root of a convex
 * falling function without passing it, and a bracket guards the optimum inside. Sums are scaled by their largest term,
 * so that neither a thousand rounds nor a dirty rate far above R overflows.
 */

export interface Single {
  /** M0, Mbit. */
  readonly memory: number;
  /** w, Mbit/s. */
  readonly dirty: number;
  /** I */
  readonly rounds: number;
  /** Rate of the stop-and-copy, Mbit/s; null = R. */
  readonly switchover: number | null;
  readonly k0: number;
  readonly alpha: number;
}

export interface Root {
  readonly rate: number;
  readonly iterations: number;
}

export const megabits = (rate: number): number => rate / 1e6;

/** T_MMT in seconds; may be Infinity where w is far above R. */
export function totalTime(model: Single, rate: number): number {
  const terms = sumTerms(model, rate);
  return (model.memory / rate) * Math.exp(terms.logScale) * (terms.sum + lastShare(model, rate, terms));
}

export const stopAndCopyTime = (model: Single, rate: number): number =>
  (model.memory * (model.dirty / rate) ** (model.rounds + 1)) / (model.switchover ?? rate);

/** K0·R^α for the time of the rounds, and for the stop-and-copy at its own rate. */
export function energyJoule(model: Single, rate: number): number {
  const terms = sumTerms(model, rate);
  const last = (model.switchover ?? rate) ** (model.alpha - 1) * terms.last;
  return model.k0 * model.memory * Math.exp(terms.logScale) * (rate ** (model.alpha - 1) * terms.sum + last);
}

/** d ln E / d ln R, growing in R; negative where a higher rate costs less. */
export const energySlope = (model: Single, rate: number): number => energySlopes(model, rate).first;

/** The same with its own slope, the variance of the exponents: how bent ln E is in ln R. */
export interface Slopes {
  readonly first: number;
  readonly second: number;
}

/** ln T_MMT and how steeply it falls in ln R (positive). */
export function logTotalTime(
  model: Single,
  rate: number,
): { readonly value: number; readonly steep: number } {
  const terms = sumTerms(model, rate);
  const last = lastShare(model, rate, terms);
  const sum = terms.sum + last;
  return {
    value: Math.log(model.memory / rate) + terms.logScale + Math.log(sum),
    steep: 1 + (terms.first + last * lastIndex(model)) / sum,
  };
}

/** The same of T_SC. */
export const logStopAndCopyTime = (
  model: Single,
  rate: number,
): { readonly value: number; readonly steep: number } => ({
  value: Math.log(stopAndCopyTime(model, rate)),
  steep: model.rounds + (model.switchover === null ? 2 : 1),
});

/** R_mmt: the root of T_MMT(R) = limit; 0 without a limit or memory, Infinity when no rate meets it. */
export function rateForTotalTime(model: Single, limit: number | null): Root {
  if (limit === null || model.memory === 0) return { rate: 0, iterations: 0 };
  if (limit <= 0) return { rate: Number.POSITIVE_INFINITY, iterations: 0 };
  // The first transfer alone takes that long, so this is left of the root.
  let rate = model.memory / limit;
  if (model.dirty === 0) return { rate, iterations: 0 };
  const target = Math.log(limit);
  for (let iterations = 1; iterations <= STEPS_MAX; iterations += 1) {
    const { value, steep } = logTotalTime(model, rate);
    const step = (value - target) / steep;
    if (step <= STEP_MIN) return { rate, iterations };
    rate *= Math.exp(step);
  }
  return { rate, iterations: STEPS_MAX };
}

/** R_sc in closed form: (M0·w^{I+1}/Δ)^{1/(I+2)}, or with a fixed last rate S: w·(M0/(Δ·S))^{1/(I+1)}. */
export function rateForStopAndCopy(model: Single, limit: number | null): number {
  if (limit === null || model.dirty === 0 || model.memory === 0) return 0;
  if (limit <= 0) return Number.POSITIVE_INFINITY;
  const last = model.rounds + 1;
  if (model.switchover === null)
    return model.dirty * (model.memory / (limit * model.dirty)) ** (1 / (last + 1));
  return model.dirty * (model.memory / (limit * model.switchover)) ** (1 / last);
}

/** R_int: where the slope of the energy changes sign; 0 when it never falls, Infinity when it never rises. */
export function interiorRate(model: Single): number {
  if (model.dirty === 0) return model.alpha > 1 ? 0 : Number.POSITIVE_INFINITY;
  const low = model.dirty / RATIO_MAX;
  const high = model.dirty * RATIO_MAX;
  if (energySlope(model, low) >= 0) return 0;
  if (energySlope(model, high) <= 0) return Number.POSITIVE_INFINITY;
  return interiorBetween(model, low, high).rate;
}

/** The same between two rates at which the slope has different signs. */
export function interiorBetween(model: Single, low: number, high: number): Root {
  let under = Math.log(low);
  let over = Math.log(high);
  let x = (under + over) / 2;
  for (let iterations = 1; iterations <= STEPS_MAX; iterations += 1) {
    const { first, second } = energySlopes(model, Math.exp(x));
    if (first < 0) under = x;
    else over = x;
    const step = first / second;
    if (Math.abs(step) <= STEP_MIN || over - under <= STEP_MIN) return { rate: Math.exp(x), iterations };
    const wanted = x - step;
    x = wanted > under && wanted < over ? wanted : (under + over) / 2;
  }
  return { rate: Math.exp(x), iterations: STEPS_MAX };
}

/** Beyond this ratio of rate and dirty rate nobody asks. */
const RATIO_MAX = 1e9;
/** Newton needs fewer than ten; halving a bracket of doubles about sixty. */
const STEPS_MAX = 200;
/** In ln R. Steps shrink quadratically, so after one this small nothing but rounding is left. */
const STEP_MIN = 1e-12;

interface Terms {
  /** All of the below are to be multiplied by e^logScale. */
  readonly logScale: number;
  /** Σ_{i=0}^{I} ρ^i and Σ i·ρ^i, Σ i²·ρ^i */
  readonly sum: number;
  readonly first: number;
  readonly second: number;
  /** ρ^{I+1} */
  readonly last: number;
}

function sumTerms(model: Single, rate: number): Terms {
  const { rounds } = model;
  const ratio = model.dirty / rate;
  let sum = 0;
  let first = 0;
  let second = 0;
  let term = 1;
  if (ratio <= 1) {
    for (let i = 0; i <= rounds; i += 1) {
      sum += term;
      first += i * term;
      second += i * i * term;
      term *= ratio;
    }
    return { logScale: 0, sum, first, second, last: term };
  }
  for (let i = rounds; i >= 0; i -= 1) {
    sum += term;
    first += i * term;
    second += i * i * term;
    term /= ratio;
  }
  return { logScale: rounds * Math.log(ratio), sum, first, second, last: ratio };
}

/** The stop-and-copy among terms of M0/R: at its own rate S it counts R/S times. */
const lastShare = (model: Single, rate: number, terms: Terms): number =>
  model.switchover === null ? terms.last : (terms.last * rate) / model.switchover;

const lastIndex = (model: Single): number => (model.switchover === null ? model.rounds + 1 : model.rounds);

/** Mean and variance of the exponents of R in E, weighted by their terms: the slopes of ln E in ln R. */
export function energySlopes(model: Single, rate: number): Slopes {
  const terms = sumTerms(model, rate);
  const top = model.rounds + 1;
  const base = model.alpha - 1;
  const fixed = model.switchover !== null;
  const last = fixed ? terms.last * (model.switchover / rate) ** base : terms.last;
  const lastExponent = fixed ? -top : base - top;
  const total = terms.sum + last;
  const mean = (base * terms.sum - terms.first + last * lastExponent) / total;
  const square =
    (base * base * terms.sum - 2 * base * terms.first + terms.second + last * lastExponent * lastExponent) /
    total;
  return { first: mean, second: Math.max(square - mean * mean, Number.MIN_VALUE) };
}
