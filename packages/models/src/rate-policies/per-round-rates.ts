/**
 * Minimum-energy with a rate of its own for every round (the geometric program of the group's later papers):
 *
 *   T_i = M0·w^i / Π_{k≤i} R_k,  least Σ K0·R_i^α·T_i,  Σ T_i ≤ Δ_MMT,  T_{I+1} ≤ Δ_SC,  β·w ≤ R_i ≤ R̄.
 *
 * In x_i = ln R_i everything is a logarithm of a sum of exponentials, so the problem is convex; an interior-point method
 * (logarithmic barrier, Newton) finds the optimum to nine digits. Feasible iff R̄ in every round is, as with one rate.
 */
import { type BitsPerSec, bitsPerSec, type Joules, joules, type Millis, millis } from '@sluice/units';
import { solveSymmetric } from '../linear-solve.ts';
import {
  type Binding,
  type BrokenLimit,
  type MinimumEnergyProblem,
  minimumEnergy,
  single,
} from './minimum-energy.ts';

export type MinimumEnergyPerRoundResult =
  | {
      readonly feasible: true;
      /** R_0..R_{I+1} */
      readonly rates: readonly BitsPerSec[];
      readonly binding: Binding;
      readonly energy: Joules;
      readonly totalTime: Millis;
      readonly stopAndCopyTime: Millis;
      readonly iterations: number;
    }
  | { readonly feasible: false; readonly limits: readonly BrokenLimit[] };

/** The optimum with a rate for every round. `switchoverRate` has no meaning here and must be null. */
export function minimumEnergyPerRound(problem: MinimumEnergyProblem): MinimumEnergyPerRoundResult {
  const one = minimumEnergy(problem);
  if (!one.feasible) return one;
  if (problem.dirtyRate === 0)
    return { ...one, rates: Array.from({ length: problem.rounds + 2 }, () => one.rate) };
  const { memory, dirty, rounds, k0, alpha } = single(problem);
  const rateHigh = problem.rateMax / 1e6;
  const rateLow = Math.min(Math.max(problem.speedup * dirty, problem.rateMin / 1e6), rateHigh);
  const optimum = perRoundRates({
    ...{ memory, dirty, rounds, k0, alpha, rateLow, rateHigh },
    totalTimeLimit: problem.totalTimeLimit === null ? null : problem.totalTimeLimit / 1000,
    stopAndCopyLimit: problem.stopAndCopyLimit === null ? null : problem.stopAndCopyLimit / 1000,
  });
  const total = millis(optimum.totalTime * 1000);
  const last = millis(optimum.stopAndCopyTime * 1000);
  return {
    feasible: true,
    rates: optimum.rates.map((rate) => bitsPerSec(rate * 1e6)),
    binding: bindingOf(problem, { total, last }, { rates: optimum.rates, rateLow, rateHigh }),
    energy: joules(optimum.energy),
    totalTime: total,
    stopAndCopyTime: last,
    iterations: optimum.iterations,
  };
}

function bindingOf(
  problem: MinimumEnergyProblem,
  { total, last }: { readonly total: Millis; readonly last: Millis },
  {
    rates,
    rateLow,
    rateHigh,
  }: { readonly rates: readonly number[]; readonly rateLow: number; readonly rateHigh: number },
): Binding {
  const near = (value: number, limit: number) => Math.abs(value / limit - 1) <= BINDING_NEAR;
  if (problem.totalTimeLimit !== null && near(total, problem.totalTimeLimit)) return 'total_time';
  if (problem.stopAndCopyLimit !== null && near(last, problem.stopAndCopyLimit)) return 'stop_and_copy';
  if (rates.some((rate) => near(rate, rateLow))) return 'speedup';
  return rates.some((rate) => near(rate, rateHigh)) ? 'rate_max' : 'interior';
}

/** The interior-point method ends this near to a limit that binds. */
const BINDING_NEAR = 1e-6;

/** In the paper's units: Mbit, Mbit/s, seconds. */
export interface PerRoundProblem {
  readonly memory: number;
  /** Above 0; without dirtying there is one transfer and one rate. */
  readonly dirty: number;
  readonly rounds: number;
  readonly totalTimeLimit: number | null;
  readonly stopAndCopyLimit: number | null;
  readonly rateLow: number;
  readonly rateHigh: number;
  readonly k0: number;
  readonly alpha: number;
}

export interface PerRoundOptimum {
  /** R_0..R_{I+1} */
  readonly rates: readonly number[];
  readonly energy: number;
  readonly totalTime: number;
  readonly stopAndCopyTime: number;
  readonly iterations: number;
}

/** A Newton step costs the cube of this. */
export const PER_ROUND_ROUNDS_MAX = 100;

/** The optimum of a problem that R̄ in every round satisfies; the caller has checked that. */
export function perRoundRates(problem: PerRoundProblem): PerRoundOptimum {
  const count = problem.rounds + 2;
  const low = Math.log(problem.rateLow);
  const high = Math.log(problem.rateHigh);
  const top = new Float64Array(count).fill(high);
  const room = roomBelow(problem, top, high - low);
  if (room < ROOM_MIN) return summary(problem, top, 0);
  let x: Float64Array = top.map((value) => value - room);
  let iterations = 0;
  const constraints = 2 * count + 2;
  for (let weight = 1; weight <= constraints / GAP; weight *= WEIGHT_FACTOR) {
    for (let step = 0; step < NEWTON_STEPS_MAX; step += 1) {
      iterations += 1;
      const { next, decrement } = newtonStep({ problem, low, high, weight }, x);
      x = next;
      if (decrement < DECREMENT_MIN) break;
    }
  }
  return summary(problem, x, iterations);
}

/** Relative gap to the optimum. */
const GAP = 1e-10;
const WEIGHT_FACTOR = 8;
const NEWTON_STEPS_MAX = 60;
const DECREMENT_MIN = 1e-9;
/** In ln R: a box or a slack narrower than this has its corner for an optimum. */
const ROOM_MIN = 1e-9;

/** A shift of all rates that stays strictly inside every limit. */
function roomBelow(problem: PerRoundProblem, top: Float64Array, box: number): number {
  const { totalTime, stopAndCopyTime } = times(problem, top);
  const slack = (time: number, limit: number | null) =>
    limit === null ? Number.POSITIVE_INFINITY : Math.log(limit / time);
  const least = Math.min(
    slack(totalTime, problem.totalTimeLimit),
    slack(stopAndCopyTime, problem.stopAndCopyLimit),
  );
  return Math.min(box / 2, least / (2 * top.length));
}

interface Barrier {
  readonly problem: PerRoundProblem;
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

function newtonStep(
  of: Barrier,
  x: Float64Array,
): { readonly next: Float64Array; readonly decrement: number } {
  const { gradient, hessian } = derivatives(of, x);
  const direction = solveSymmetric(hessian, gradient);
  let slope = 0;
  for (let k = 0; k < x.length; k += 1) slope += (gradient[k] as number) * (direction[k] as number);
  const before = barrierValue(of, x);
  let length = 1;
  for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
    const next = x.map((value, k) => value - length * (direction[k] as number));
    if (barrierValue(of, next) <= before - 0.1 * length * slope) return { next, decrement: slope / 2 };
    length /= 2;
  }
  return { next: x, decrement: 0 };
}

const HALVINGS_MAX = 50;

/** weight·ln E minus the logarithms of all slacks; Infinity outside. */
function barrierValue({ problem, low, high, weight }: Barrier, x: Float64Array): number {
  const logs = logTimes(problem, x);
  let value = weight * logSum(logs.map((time, i) => time + problem.alpha * (x[i] as number)));
  const limit = (time: number, bound: number | null) => {
    if (bound !== null) value -= Math.log(Math.log(bound) - time);
  };
  limit(logSum(logs), problem.totalTimeLimit);
  limit(logs[logs.length - 1] as number, problem.stopAndCopyLimit);
  for (const rate of x) value -= Math.log(rate - low) + Math.log(high - rate);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/**
 * d ln T_i/dx_k = −1 for k ≤ i. With shares p of the times and q of the energies, and P_k, Q_k their sums from k on:
 * ∇ ln ΣT = −P, ∇ ln E = αq − Q, and the second derivatives follow from P and Q alone.
 */
function derivatives({ problem, low, high, weight }: Barrier, x: Float64Array) {
  const count = x.length;
  const { alpha } = problem;
  const logs = logTimes(problem, x);
  const q = shares(logs.map((time, i) => time + alpha * (x[i] as number)));
  const p = shares(logs);
  const sumQ = sumsFrom(q);
  const sumP = sumsFrom(p);
  const slackTotal = problem.totalTimeLimit === null ? null : Math.log(problem.totalTimeLimit) - logSum(logs);
  const slackLast =
    problem.stopAndCopyLimit === null
      ? null
      : Math.log(problem.stopAndCopyLimit) - (logs[count - 1] as number);
  const energyGradient = q.map((share, k) => alpha * share - (sumQ[k] as number));
  const gradient = new Float64Array(count);
  const hessian = Array.from({ length: count }, () => new Float64Array(count));
  for (let k = 0; k < count; k += 1) {
    const below = (x[k] as number) - low;
    const above = high - (x[k] as number);
    gradient[k] = weight * (energyGradient[k] as number) - 1 / below + 1 / above;
    if (slackTotal !== null) gradient[k] = (gradient[k] as number) - (sumP[k] as number) / slackTotal;
    if (slackLast !== null) gradient[k] = (gradient[k] as number) - 1 / slackLast;
    const row = hessian[k] as Float64Array;
    for (let l = k; l < count; l += 1) {
      const share = q[l] as number;
      const from = sumQ[l] as number;
      const own = k === l ? alpha * alpha * share - 2 * alpha * share : -alpha * share;
      let entry = weight * (own + from - (energyGradient[k] as number) * (energyGradient[l] as number));
      if (slackTotal !== null) {
        const product = (sumP[k] as number) * (sumP[l] as number);
        entry += ((sumP[l] as number) - product) / slackTotal + product / slackTotal ** 2;
      }
      if (slackLast !== null) entry += 1 / slackLast ** 2;
      if (k === l) entry += 1 / below ** 2 + 1 / above ** 2;
      row[l] = entry;
      (hessian[l] as Float64Array)[k] = entry;
    }
  }
  return { gradient, hessian };
}

/** ln T_i */
function logTimes({ memory, dirty }: PerRoundProblem, x: Float64Array): Float64Array {
  let log = Math.log(memory);
  const step = Math.log(dirty);
  return x.map((rate, i) => {
    log += (i === 0 ? 0 : step) - rate;
    return log;
  });
}

function logSum(logs: Float64Array): number {
  const most = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}

function shares(logs: Float64Array): Float64Array {
  const total = logSum(logs);
  return logs.map((log) => Math.exp(log - total));
}

function sumsFrom(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (let k = values.length - 1; k >= 0; k -= 1) {
    sum += values[k] as number;
    sums[k] = sum;
  }
  return sums;
}

function times(problem: PerRoundProblem, x: Float64Array) {
  const logs = logTimes(problem, x);
  return {
    totalTime: Math.exp(logSum(logs)),
    stopAndCopyTime: Math.exp(logs[logs.length - 1] as number),
  };
}

function summary(problem: PerRoundProblem, x: Float64Array, iterations: number): PerRoundOptimum {
  const logs = logTimes(problem, x);
  const energy =
    problem.k0 * Math.exp(logSum(logs.map((time, i) => time + problem.alpha * (x[i] as number))));
  return { rates: Array.from(x, Math.exp), energy, ...times(problem, x), iterations };
}
