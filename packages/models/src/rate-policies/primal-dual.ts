/**
 * Minimum-energy by adaptive primal-dual iterations (Amendola, Cordeschi, Baccarelli 2015): one cheap step per index n,
 * which follows when w or K0 jump, where the exact optimum would be computed anew. The step rule of the journal paper
 * could not be read, so both forms here are ours, in x = ln R over the box [ln βw, ln R̄]:
 *
 * - `damped-log` works on ln E and on the logarithms of both times. Each is divided by its own steepness, so that one
 *   step size fits every problem, and the multiplier is augmented by twice the violation, which damps the turning of
 *   primal and dual round each other critically. What is limited is the larger of the two scaled violations, by one
 *   multiplier: with one each, the wrong one gives way only as fast as its limit has slack, which takes for ever where
 *   two limits ask for almost the same rate. K0 cancels: its jump shows in the energy, not in the rate.
 * - `plain` is Arrow-Hurwicz on E itself, relative to the energy it started with, and on T/Δ − 1. It is fragile where
 *   a limit is steep (many rounds) and says so by `converged: false`.
 *
 * The step κ grows by 5 % up to its start value and is halved when the rate turns back twice in a row.
 */
import { bitsPerSec, type Joules, joules, type Millis, millis } from '@sluice/units';
import {
  type Binding,
  type BrokenLimit,
  type MinimumEnergyPlan,
  type MinimumEnergyProblem,
  minimumEnergy,
  minimumEnergyPolicy,
  problemAhead,
  rateBounds,
  single,
} from './minimum-energy.ts';
import * as series from './minimum-energy-series.ts';
import type { RatePolicy } from './rate-policy.ts';

export type PrimalDualForm = 'damped-log' | 'plain';

export interface PrimalDualOptions {
  readonly form: PrimalDualForm;
  /** γ of the paper's figures, here a percentage of the form's full step. */
  readonly gamma: number;
  readonly iterationsMax: number;
}

export const PRIMAL_DUAL_DEFAULTS: PrimalDualOptions = {
  form: 'damped-log',
  gamma: 100,
  iterationsMax: 10_000,
};

/** What one step hands to the next. Keep it over a jump of the problem: that is the warm start. */
export interface PrimalDualState {
  /** ln R, R in Mbit/s */
  readonly x: number;
  /** Of the total time and of the stop-and-copy; `damped-log` has one for both, the first. */
  readonly multipliers: readonly [number, number];
  readonly step: number;
  /** Turns of the rate without a pause. */
  readonly turns: number;
  readonly lastMove: number;
  /** What `plain` measures energy in. */
  readonly energyUnit: number;
  /** What the last step changed, per unit of step, weighted by what an error of the rate costs. */
  readonly residual: number;
}

export type PrimalDualResult =
  | {
      readonly feasible: true;
      /** The last iterate, converged or not. */
      readonly rate: ReturnType<typeof bitsPerSec>;
      readonly binding: Binding;
      readonly energy: Joules;
      readonly totalTime: Millis;
      readonly stopAndCopyTime: Millis;
      readonly iterations: number;
      readonly converged: boolean;
    }
  | { readonly feasible: false; readonly limits: readonly BrokenLimit[] };

/** Iterates until nothing moves any more, from R̄ or from where an earlier solution stood. */
export function primalDual(
  problem: MinimumEnergyProblem,
  options: PrimalDualOptions = PRIMAL_DUAL_DEFAULTS,
  warm?: PrimalDualState,
): PrimalDualResult & { readonly state?: PrimalDualState } {
  const exact = minimumEnergy({ ...problem, rateMin: bitsPerSec(1) });
  if (!exact.feasible) return exact;
  let state = warm ?? primalDualStart(problem, options);
  let iterations = 0;
  do {
    state = primalDualStep(problem, state, options);
    iterations += 1;
  } while (state.residual > RESIDUAL_AIM && iterations < options.iterationsMax);
  const model = single(problem);
  const rate = Math.exp(state.x);
  return {
    feasible: true,
    rate: bitsPerSec(rate * 1e6),
    binding: bindingNear(rate, problem),
    energy: joules(series.energyJoule(model, rate)),
    totalTime: millis(series.totalTime(model, rate) * 1000),
    stopAndCopyTime: millis(series.stopAndCopyTime(model, rate) * 1000),
    iterations,
    converged: state.residual <= RESIDUAL_MAX,
    state,
  };
}

/** minimum-energy before every round by iterations; the exact optimum where they do not converge. */
export const primalDualPolicy = (
  plan: MinimumEnergyPlan,
  options: PrimalDualOptions = PRIMAL_DUAL_DEFAULTS,
): RatePolicy => {
  const exact = minimumEnergyPolicy(plan);
  return (ahead) => {
    const result = primalDual(problemAhead(plan, ahead), options);
    return result.feasible && result.converged ? result.rate : exact(ahead);
  };
};

export function primalDualStart(problem: MinimumEnergyProblem, options: PrimalDualOptions): PrimalDualState {
  const top = problem.rateMax / 1e6;
  return {
    x: Math.log(top),
    multipliers: [0, 0],
    step: stepMax(options),
    turns: 0,
    lastMove: 0,
    energyUnit: series.energyJoule(single(problem), top),
    residual: Number.POSITIVE_INFINITY,
  };
}

/** One iteration. The problem may be another one at every call. */
export function primalDualStep(
  problem: MinimumEnergyProblem,
  state: PrimalDualState,
  options: PrimalDualOptions,
): PrimalDualState {
  const { cost, violations, pulls, augmented, energySlope } = lagrangian(problem, state, options.form);
  const multiplier = (k: 0 | 1) => Math.max(0, state.multipliers[k] + augmented * violations[k]);
  const slope = cost - multiplier(0) * pulls[0] - multiplier(1) * pulls[1];
  const x = within(problem, state.x - state.step * slope);
  const raise = (k: 0 | 1) => Math.max(0, state.multipliers[k] + state.step * violations[k]);
  const multipliers = [raise(0), raise(1)] as const;
  const move = x - state.x;
  const turns = move * state.lastMove < 0 && Math.abs(move) > TURN_MIN ? state.turns + 1 : 0;
  const isCycling = turns >= 2;
  return {
    x,
    multipliers,
    step: isCycling ? state.step / 2 : Math.min(state.step * 1.05, stepMax(options)),
    turns: isCycling ? 0 : turns,
    lastMove: move,
    energyUnit: state.energyUnit,
    residual:
      (Math.max(
        Math.abs(move),
        Math.abs(multipliers[0] - state.multipliers[0]),
        Math.abs(multipliers[1] - state.multipliers[1]),
      ) *
        (1 + energySlope)) /
      state.step,
  };
}

/** Iterations go on to here: the energy is right to about eight digits. */
const RESIDUAL_AIM = 1e-8;
/** Up to here they count as converged: the energy is within 0.1 %. */
const RESIDUAL_MAX = 5e-4;

/** Smaller moves turn by rounding; they are no reason for a smaller step. */
const TURN_MIN = 1e-9;

const stepMax = ({ form, gamma }: PrimalDualOptions): number =>
  (form === 'plain' ? 0.05 : 0.5) * (gamma / 100);

interface Lagrangian {
  /** Slope of the cost in x. */
  readonly cost: number;
  /** Positive where a limit is broken, of the total time and of the stop-and-copy. */
  readonly violations: readonly [number, number];
  /** How steeply each violation falls in x. */
  readonly pulls: readonly [number, number];
  readonly augmented: number;
  /** |d ln E / d ln R|: what an error of the rate costs. */
  readonly energySlope: number;
}

function lagrangian(problem: MinimumEnergyProblem, state: PrimalDualState, form: PrimalDualForm): Lagrangian {
  const model = single(problem);
  const rate = Math.exp(state.x);
  const { first, second } = series.energySlopes(model, rate);
  const total = series.logTotalTime(model, rate);
  const last = series.logStopAndCopyTime(model, rate);
  const above = (value: number, limit: Millis | null) =>
    limit === null ? Number.NEGATIVE_INFINITY : value - Math.log(limit / 1000);
  const overTotal = above(total.value, problem.totalTimeLimit);
  const overLast = above(last.value, problem.stopAndCopyLimit);
  if (form === 'plain') {
    const relative = [Math.expm1(overTotal), Math.expm1(overLast)] as const;
    return {
      cost: (first * series.energyJoule(model, rate)) / state.energyUnit,
      violations: relative,
      pulls: [total.steep * (relative[0] + 1), last.steep * (relative[1] + 1)],
      augmented: 0,
      energySlope: Math.abs(first),
    };
  }
  return {
    cost: first / (1 + second),
    // Limits that are far from active pull no harder than one a factor e away.
    violations: [Math.max(overTotal / total.steep, overLast / last.steep, -1), -1],
    pulls: [1, 1],
    augmented: 2,
    energySlope: Math.abs(first),
  };
}

function within(problem: MinimumEnergyProblem, x: number): number {
  const low = Math.max((problem.speedup * problem.dirtyRate * 8) / 1e6, problem.rateMin / 1e6, RATE_MIN);
  return Math.min(Math.max(x, Math.log(low)), Math.log(problem.rateMax / 1e6));
}

/** Mbit/s; so that a VM that dirties nothing has a box too. */
const RATE_MIN = 1e-6;

/** As of the exact optimum, up to what the iterations reach. */
function bindingNear(rate: number, problem: MinimumEnergyProblem): Binding {
  const bounds = rateBounds(problem);
  const at = (bound: number) => Math.abs(bound - rate) <= rate * 1e-4;
  if (at(bounds.totalTime)) return 'total_time';
  if (at(bounds.stopAndCopy)) return 'stop_and_copy';
  if (at(bounds.speedup)) return 'speedup';
  return at(problem.rateMax / 1e6) ? 'rate_max' : 'interior';
}
