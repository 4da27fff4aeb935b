/**
 * Minimum-energy bandwidth management (Amendola, Cordeschi, Baccarelli, Computer Networks 2015): one rate R for the
 * rounds 0..I and the stop-and-copy I+1, chosen so that
 *
 *   E_TOT(R) = K0 · R^α · T_MMT(R) is least,  T_MMT ≤ Δ_MMT,  T_SC ≤ Δ_SC,  R ≥ β·w,  R ≤ R̄,
 *   T_MMT(R) = (M0/R) Σ_{i=0}^{I+1} (w/R)^i,  T_SC(R) = (M0/R) (w/R)^{I+1}.
 *
 * Both times fall strictly in R, so every limit but the last is a lower bound on R, and E_TOT is convex in ln R.
 * Hence the exact optimum is R* = clamp(R_int, max(R_mmt, R_sc, β·w), R̄), R_int being the optimum without limits.
 * With `switchoverRate` the stop-and-copy runs at that rate instead of R, as it does in operation.
 */
import type { BitsPerSec, Bytes, BytesPerSec, Joules, Millis } from '@sluice/units';
import { bitsPerSec, joules, larger, millis } from '@sluice/units';
import type { EnergyModel } from '../energy.ts';
import * as series from './minimum-energy-series.ts';
import { megabits, type Single } from './minimum-energy-series.ts';
import type { RatePolicy, RoundAhead } from './rate-policy.ts';

export interface MinimumEnergyProblem {
  /** M0: all memory, or what remains in mid-migration. */
  readonly memory: Bytes;
  /** w */
  readonly dirtyRate: BytesPerSec;
  /** I: rounds after the first; I + 2 transfers in all. */
  readonly rounds: number;
  /** Δ_MMT; null = no limit. */
  readonly totalTimeLimit: Millis | null;
  /** Δ_SC; null = no limit. */
  readonly stopAndCopyLimit: Millis | null;
  /** β ≥ 1 */
  readonly speedup: number;
  /** R̄ */
  readonly rateMax: BitsPerSec;
  /** Where no limit bounds R from below and nothing is dirtied, slower is always cheaper; this ends it. May be 0. */
  readonly rateMin: BitsPerSec;
  /** Rate of the stop-and-copy where it differs from R; null = R, as in the paper. */
  readonly switchoverRate: BitsPerSec | null;
  readonly energy: EnergyModel;
}

/** The limit that R* rests on; ties go to the first in this order. */
export type Binding = 'total_time' | 'stop_and_copy' | 'speedup' | 'rate_max' | 'rate_min' | 'interior';

/** A limit that not even R̄ meets: its value there, what is allowed, and the least rate that would do. */
export type BrokenLimit =
  | {
      readonly limit: 'total_time' | 'stop_and_copy';
      readonly actual: Millis;
      readonly allowed: Millis;
      /** null when no rate of the rounds would do (a fixed switchover rate is too low). */
      readonly wouldDo: BitsPerSec | null;
    }
  | {
      readonly limit: 'speedup';
      readonly actual: number;
      readonly allowed: number;
      readonly wouldDo: BitsPerSec;
    };

export type MinimumEnergyResult =
  | {
      readonly feasible: true;
      /** R* */
      readonly rate: BitsPerSec;
      readonly binding: Binding;
      readonly energy: Joules;
      /** T_MMT */
      readonly totalTime: Millis;
      readonly stopAndCopyTime: Millis;
      readonly rounds: number;
      /** Newton steps it took. */
      readonly iterations: number;
    }
  | { readonly feasible: false; readonly limits: readonly BrokenLimit[] };

/**
 * The exact optimum, or every limit that cannot be met even at R̄.
 * Throws RangeError where the energy falls with R all the way to 0 and `rateMin` is 0: there is no optimum.
 */
export function minimumEnergy(problem: MinimumEnergyProblem): MinimumEnergyResult {
  const model = single(problem);
  const total = series.rateForTotalTime(model, secondsOf(problem.totalTimeLimit));
  const lower: LowerBounds = {
    totalTime: total.rate,
    stopAndCopy: series.rateForStopAndCopy(model, secondsOf(problem.stopAndCopyLimit)),
    speedup: problem.speedup * model.dirty,
  };
  const top = megabits(problem.rateMax);
  const most = Math.max(lower.totalTime, lower.stopAndCopy, lower.speedup);
  if (most > top * TOLERANCE) return { feasible: false, limits: brokenLimits(problem, model, lower) };
  const low = Math.min(Math.max(most, megabits(problem.rateMin)), top);
  const best = cheapest(model, low, top);
  if (best.rate <= 0) throw new RangeError('slower is always cheaper here: give a rateMin above 0');
  return {
    feasible: true,
    rate: bitsPerSec(best.rate * 1e6),
    binding: bindingAt(best.rate, lower, low, top),
    energy: joules(series.energyJoule(model, best.rate)),
    totalTime: millis(series.totalTime(model, best.rate) * 1000),
    stopAndCopyTime: millis(series.stopAndCopyTime(model, best.rate) * 1000),
    rounds: problem.rounds,
    iterations: total.iterations + best.iterations,
  };
}

/** Least energy between two rates: ln E is convex in ln R, so one look at each end tells whether to search between. */
function cheapest(model: Single, low: number, top: number): series.Root {
  if (series.energySlope(model, top) <= 0) return { rate: top, iterations: 0 };
  const start = low > 0 ? low : model.dirty * 1e-9;
  if (start === 0 || series.energySlope(model, start) >= 0) return { rate: low, iterations: 0 };
  return series.interiorBetween(model, start, top);
}

/** Ī_MAX, equation (4): the least number of rounds with T_SC(R̄) ≤ Δ_SC, at least 0; null when w ≥ R̄. */
export function roundsByFormula(problem: {
  readonly memory: Bytes;
  readonly dirtyRate: BytesPerSec;
  readonly stopAndCopyLimit: Millis;
  readonly rateMax: BitsPerSec;
}): number | null {
  const rate = megabits(problem.rateMax);
  const dirty = (problem.dirtyRate * 8) / 1e6;
  if (dirty >= rate) return null;
  const ratio = (problem.memory * 8) / 1e6 / ((problem.stopAndCopyLimit / 1000) * rate);
  if (dirty === 0 || ratio <= 1) return 0;
  const exact = Math.log(ratio) / Math.log(rate / dirty) - 1;
  return Math.max(0, Math.ceil(exact - ROUNDING));
}

/** An exact power is not to count as one round more. */
const ROUNDING = 1e-12;

/**
 * The number of rounds up to `roundsMax` with the least energy, the smallest among equals; `roundsMax` when none is
 * feasible. Equation (4) only finds the first feasible one, and one round more can cost much less.
 */
export function roundsByEnergy(problem: MinimumEnergyProblem, roundsMax: number): number {
  let best: { readonly rounds: number; readonly energy: number } | null = null;
  for (let rounds = 0; rounds <= roundsMax; rounds += 1) {
    const result = minimumEnergy({ ...problem, rounds });
    if (result.feasible && (best === null || result.energy < best.energy * (1 - ROUNDING)))
      best = { rounds, energy: result.energy };
  }
  return best?.rounds ?? roundsMax;
}

/** R_mmt, R_sc, β·w and R_int in Mbit/s; 0 where a limit binds nothing, Infinity where more is always better. */
export interface RateBounds {
  readonly totalTime: number;
  readonly stopAndCopy: number;
  readonly speedup: number;
  readonly interior: number;
}

export function rateBounds(problem: MinimumEnergyProblem): RateBounds {
  const model = single(problem);
  return {
    totalTime: series.rateForTotalTime(model, secondsOf(problem.totalTimeLimit)).rate,
    stopAndCopy: series.rateForStopAndCopy(model, secondsOf(problem.stopAndCopyLimit)),
    speedup: problem.speedup * model.dirty,
    interior: series.interiorRate(model),
  };
}

type LowerBounds = Omit<RateBounds, 'interior'>;

const secondsOf = (limit: Millis | null): number | null => (limit === null ? null : limit / 1000);

function brokenLimits(problem: MinimumEnergyProblem, model: Single, bounds: LowerBounds): BrokenLimit[] {
  const top = megabits(problem.rateMax);
  const needed = (rate: number) => (Number.isFinite(rate) ? bitsPerSec(rate * 1e6) : null);
  const broken: BrokenLimit[] = [];
  if (problem.totalTimeLimit !== null && bounds.totalTime > top * TOLERANCE)
    broken.push({
      limit: 'total_time',
      actual: millis(Math.min(series.totalTime(model, top) * 1000, Number.MAX_VALUE)),
      allowed: problem.totalTimeLimit,
      wouldDo: needed(bounds.totalTime),
    });
  if (problem.stopAndCopyLimit !== null && bounds.stopAndCopy > top * TOLERANCE)
    broken.push({
      limit: 'stop_and_copy',
      actual: millis(Math.min(series.stopAndCopyTime(model, top) * 1000, Number.MAX_VALUE)),
      allowed: problem.stopAndCopyLimit,
      wouldDo: needed(bounds.stopAndCopy),
    });
  if (bounds.speedup > top * TOLERANCE)
    broken.push({
      limit: 'speedup',
      actual: top / model.dirty,
      allowed: problem.speedup,
      wouldDo: bitsPerSec(bounds.speedup * 1e6),
    });
  return broken;
}

/** A bound that equals R̄ up to rounding still counts as met. */
const TOLERANCE = 1 + 1e-9;

function bindingAt(rate: number, bounds: LowerBounds, low: number, top: number): Binding {
  const at = (bound: number) => Math.abs(bound - rate) <= rate * 1e-9;
  if (at(bounds.totalTime)) return 'total_time';
  if (at(bounds.stopAndCopy)) return 'stop_and_copy';
  if (at(bounds.speedup)) return 'speedup';
  if (at(top)) return 'rate_max';
  return at(low) ? 'rate_min' : 'interior';
}

/** The problem in the paper's units. */
export function single(problem: MinimumEnergyProblem): Single {
  return {
    memory: (problem.memory * 8) / 1e6,
    dirty: (problem.dirtyRate * 8) / 1e6,
    rounds: problem.rounds,
    switchover: problem.switchoverRate === null ? null : megabits(problem.switchoverRate),
    k0: problem.energy.k0,
    alpha: problem.energy.alpha,
  };
}

export interface MinimumEnergyPlan {
  /** Ī_MAX, fixed when the migration is planned. */
  readonly rounds: number;
  /** Limit on the whole migration, from its start; null = none. */
  readonly deadline: Millis | null;
  readonly stopAndCopyLimit: Millis;
  readonly speedup: number;
  /** What the stop-and-copy is sure to get. */
  readonly switchoverRate: BitsPerSec;
  readonly energy: EnergyModel;
}

/**
 * The optimum again before every round, for what then remains: volume, newest dirty rate, time left, rounds left.
 * Where no rate meets all limits it asks for the least that meets those that can be met, or all of `free`.
 */
export const minimumEnergyPolicy =
  (plan: MinimumEnergyPlan): RatePolicy =>
  (ahead) => {
    const result = minimumEnergy(problemAhead(plan, ahead));
    return result.feasible ? result.rate : larger(wouldDo(result.limits), ahead.free);
  };

/** What remains of a planned migration, as a problem of its own. */
export function problemAhead(plan: MinimumEnergyPlan, ahead: RoundAhead): MinimumEnergyProblem {
  const dirtyRate = ahead.dirtyRates.at(-1);
  if (dirtyRate === undefined) throw new RangeError('minimum-energy needs at least one dirty rate');
  return {
    memory: ahead.remaining,
    dirtyRate,
    rounds: Math.max(0, plan.rounds - ahead.round),
    totalTimeLimit: plan.deadline === null ? null : millis(Math.max(0, plan.deadline - ahead.elapsed)),
    stopAndCopyLimit: plan.stopAndCopyLimit,
    speedup: plan.speedup,
    rateMax: larger(ahead.free, LIVE_RATE_MIN),
    rateMin: LIVE_RATE_MIN,
    switchoverRate: plan.switchoverRate,
    energy: plan.energy,
  };
}

/** A round of a live migration must end. */
const LIVE_RATE_MIN = bitsPerSec(1_000_000);

/** The rate that would meet every limit that some rate meets. */
const wouldDo = (limits: readonly BrokenLimit[]): BitsPerSec =>
  limits.reduce<BitsPerSec>((rate, limit) => larger(rate, limit.wouldDo ?? rate), LIVE_RATE_MIN);
