/** `sluice model minimum-energy`: the rate that moves a VM for the least energy within its limits. */
import {
  bitsPerSec,
  bytes,
  bytesPerSec,
  fromMbitPerSec,
  fromSeconds,
  toMbitPerSec,
  toSeconds,
} from '@sluice/units';
import {
  type BrokenLimit,
  type MinimumEnergyProblem,
  minimumEnergy,
  roundsByEnergy,
  roundsByFormula,
} from '../../rate-policies/minimum-energy.ts';
import { minimumEnergyPerRound, PER_ROUND_ROUNDS_MAX } from '../../rate-policies/per-round-rates.ts';
import { PRIMAL_DUAL_DEFAULTS, type PrimalDualForm, primalDual } from '../../rate-policies/primal-dual.ts';
import { minimumEnergyFigures } from '../figures/minimum-energy.ts';
import { defineModel, type ModelResult, type ParameterProblem } from '../model.ts';
import { choiceParameter, numberParameter, optionalNumberParameter } from '../parameter.ts';
import { ASSUMED, energyParameters } from './shared.ts';

const FIGURE = 'Amendola, Cordeschi, Baccarelli 2015, Figs 6 and 7';

export const minimumEnergyEntry = defineModel({
  name: 'minimum-energy',
  title:
    'Minimum-energy bandwidth: one rate for all rounds within limits on time, stop-and-copy and speed-up',
  source: 'Amendola, Cordeschi, Baccarelli, Computer Networks 2015, equations (1) to (4)',
  figures: minimumEnergyFigures,
  parameters: {
    memoryMbit: numberParameter({
      unit: 'Mbit',
      above: 0,
      default: 4096,
      doc: 'M0',
      source: `${FIGURE}: "512 (Mb)", read as 512 MB, because 512 Mbit would never meet a limit`,
    }),
    dirtyRateMbitPerSec: numberParameter({
      unit: 'Mbit/s',
      min: 0,
      default: 300,
      doc: 'w, how fast the VM dirties memory',
      source: 'assumed; the figures do not give it',
    }),
    rateMaxMbitPerSec: numberParameter({
      unit: 'Mbit/s',
      above: 0,
      default: 900,
      doc: 'the most the migration may use',
      source: FIGURE,
    }),
    totalTimeMaxSec: optionalNumberParameter({
      unit: 's',
      above: 0,
      default: 13.5,
      doc: 'limit on T_MMT, all rounds and the stop-and-copy',
      source: FIGURE,
    }),
    stopAndCopyMaxSec: optionalNumberParameter({
      unit: 's',
      above: 0,
      default: 0.6,
      doc: 'limit on T_SC, the stop-and-copy',
      source: FIGURE,
    }),
    speedup: numberParameter({
      unit: null,
      min: 1,
      default: 1.15,
      doc: 'beta: the rate is at least beta times the dirty rate',
      source: FIGURE,
    }),
    rounds: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      max: 1000,
      default: 3,
      doc: 'I_MAX, rounds after the first; I_MAX + 2 transfers in all',
      source: FIGURE,
    }),
    ...energyParameters,
    method: choiceParameter({
      unit: null,
      choices: ['exact', 'primal-dual', 'per-round'],
      default: 'exact',
      doc: 'the exact optimum, the iterations that track it, or a rate of its own for every round',
      source: 'the paper iterates; the exact optimum is ours',
    }),
    roundsBy: choiceParameter({
      unit: null,
      choices: ['fixed', 'formula', 'sweep'],
      default: 'fixed',
      doc: 'rounds as given, by equation (4), or the number up to roundsSweepMax with the least energy',
      source: "the formula is the paper's; fewer or more rounds can cost less",
    }),
    roundsSweepMax: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      max: 1000,
      default: 30,
      doc: 'most rounds that roundsBy=sweep tries',
      source: ASSUMED,
    }),
    form: choiceParameter({
      unit: null,
      choices: ['damped-log', 'plain'],
      default: PRIMAL_DUAL_DEFAULTS.form,
      doc: 'step rule of method=primal-dual',
      source: "ours; the journal paper's could not be read",
    }),
    gamma: numberParameter({
      unit: null,
      above: 0,
      max: 400,
      default: PRIMAL_DUAL_DEFAULTS.gamma,
      doc: 'step size of method=primal-dual, in per cent of its full step',
      source: `${FIGURE}: gamma = 100, whose meaning there is not given`,
    }),
    iterationsMax: numberParameter({
      unit: null,
      integer: true,
      min: 1,
      max: 1e6,
      default: PRIMAL_DUAL_DEFAULTS.iterationsMax,
      doc: 'where method=primal-dual gives up',
      source: ASSUMED,
    }),
  },
  check: (values): readonly ParameterProblem[] => [
    ...(values.dirtyRateMbitPerSec === 0 && values.totalTimeMaxSec === null && values.alpha > 1
      ? [
          {
            parameter: 'totalTimeMaxSec',
            message:
              'without dirtying and without this limit slower is always cheaper: give a number of seconds',
          },
        ]
      : []),
    ...(values.method === 'per-round' && values.rounds > PER_ROUND_ROUNDS_MAX
      ? [{ parameter: 'rounds', message: `per-round rates: give at most ${PER_ROUND_ROUNDS_MAX}` }]
      : []),
  ],
  compute: (values): ModelResult => {
    const fixed: MinimumEnergyProblem = {
      memory: bytes((values.memoryMbit * 1e6) / 8),
      dirtyRate: bytesPerSec((values.dirtyRateMbitPerSec * 1e6) / 8),
      rounds: values.rounds,
      totalTimeLimit: values.totalTimeMaxSec === null ? null : fromSeconds(values.totalTimeMaxSec),
      stopAndCopyLimit: values.stopAndCopyMaxSec === null ? null : fromSeconds(values.stopAndCopyMaxSec),
      speedup: values.speedup,
      rateMax: fromMbitPerSec(values.rateMaxMbitPerSec),
      rateMin: bitsPerSec(0),
      switchoverRate: null,
      energy: { k0: values.k0, alpha: values.alpha },
    };
    const byFormula =
      fixed.stopAndCopyLimit === null
        ? null
        : roundsByFormula({ ...fixed, stopAndCopyLimit: fixed.stopAndCopyLimit });
    const rounds = {
      fixed: values.rounds,
      formula: byFormula ?? values.rounds,
      sweep: values.roundsBy === 'sweep' ? roundsByEnergy(fixed, values.roundsSweepMax) : values.rounds,
    }[values.roundsBy];
    const problem = { ...fixed, rounds };
    const solved = solveBy(values, problem);
    if (solved.feasible === false) return solved;
    const { iterations, converged, ...answer } = solved;
    return {
      ...answer,
      roundsByFormula: byFormula,
      ...(values.roundsBy === 'fixed' ? {} : { rounds }),
      iterations: iterations ?? null,
      ...(converged === undefined ? {} : { converged }),
    };
  },
});

function solveBy(
  values: {
    readonly method: 'exact' | 'primal-dual' | 'per-round';
    readonly form: PrimalDualForm;
    readonly gamma: number;
    readonly iterationsMax: number;
  },
  problem: MinimumEnergyProblem,
): ModelResult {
  if (values.method === 'per-round') {
    const result = minimumEnergyPerRound(problem);
    if (!result.feasible) return infeasible(result.limits);
    const { rates, binding, energy, totalTime, stopAndCopyTime, iterations } = result;
    return {
      feasible: true,
      ratesMbitPerSec: rates.map(toMbitPerSec),
      binding,
      energyJoule: energy,
      totalTimeSec: toSeconds(totalTime),
      stopAndCopySec: toSeconds(stopAndCopyTime),
      iterations,
    };
  }
  const result = values.method === 'exact' ? minimumEnergy(problem) : primalDual(problem, values);
  if (!result.feasible) return infeasible(result.limits);
  return {
    feasible: true,
    rateMbitPerSec: toMbitPerSec(result.rate),
    binding: result.binding,
    energyJoule: result.energy,
    totalTimeSec: toSeconds(result.totalTime),
    stopAndCopySec: toSeconds(result.stopAndCopyTime),
    iterations: result.iterations,
    ...('converged' in result ? { converged: result.converged } : {}),
  };
}

const infeasible = (limits: readonly BrokenLimit[]): ModelResult => ({
  feasible: false,
  limits: limits.map(limitJson),
});

/** Times in seconds, the speed-up as a ratio, and the rate that would do in Mbit/s. */
const limitJson = ({ limit, actual, allowed, wouldDo }: BrokenLimit) => ({
  limit,
  actual: limit === 'speedup' ? actual : actual / 1000,
  allowed: limit === 'speedup' ? allowed : allowed / 1000,
  wouldDo: wouldDo === null ? null : toMbitPerSec(wouldDo),
});
