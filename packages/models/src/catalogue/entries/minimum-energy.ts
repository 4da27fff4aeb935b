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
  roundsByFormula,
} from '../../rate-policies/minimum-energy.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, numberParameter, optionalNumberParameter } from '../parameter.ts';

const FIGURE = 'Amendola, Cordeschi, Baccarelli 2015, Figs 6 and 7';

export const minimumEnergyEntry = defineModel({
  name: 'minimum-energy',
  title:
    'Minimum-energy bandwidth: one rate for all rounds within limits on time, stop-and-copy and speed-up',
  source: 'Amendola, Cordeschi, Baccarelli, Computer Networks 2015, equations (1) to (4)',
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
    alpha: numberParameter({
      unit: null,
      min: 1,
      max: 10,
      default: 2,
      doc: 'exponent of the power P(R) = k0 * R^alpha',
      source: 'assumed',
    }),
    k0: numberParameter({
      unit: 'W/(Mbit/s)^alpha',
      above: 0,
      default: 1,
      doc: 'scale of the power; with 1 the energy is E/K0',
      source: 'assumed',
    }),
    method: choiceParameter({
      unit: null,
      choices: ['exact'],
      default: 'exact',
      doc: 'the exact optimum',
      source: 'the optimum is ours',
    }),
  },
  compute: (values): ModelResult => {
    const problem: MinimumEnergyProblem = {
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
    const result = minimumEnergy(problem);
    if (!result.feasible) return { feasible: false, limits: result.limits.map(limitJson) };
    return {
      feasible: true,
      rateMbitPerSec: toMbitPerSec(result.rate),
      binding: result.binding,
      energyJoule: result.energy,
      totalTimeSec: toSeconds(result.totalTime),
      stopAndCopySec: toSeconds(result.stopAndCopyTime),
      roundsByFormula:
        problem.stopAndCopyLimit === null
          ? null
          : roundsByFormula({ ...problem, stopAndCopyLimit: problem.stopAndCopyLimit }),
      iterations: result.iterations,
    };
  },
});

/** Times in seconds, the speed-up as a ratio, and the rate that would do in Mbit/s. */
const limitJson = ({ limit, actual, allowed, wouldDo }: BrokenLimit) => ({
  limit,
  actual: limit === 'speedup' ? actual : actual / 1000,
  allowed: limit === 'speedup' ? allowed : allowed / 1000,
  wouldDo: wouldDo === null ? null : toMbitPerSec(wouldDo),
});
