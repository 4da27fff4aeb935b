/** `sluice model xen`: Xen's adaptive pre-copy, every transfer of it. */
import { type Bytes, bytes, bytesPerSec, fromMbitPerSec, toMbitPerSec, toSeconds } from '@sluice/units';
import { type PrecopyResult, precopy } from '../../precopy.ts';
import { xenCode, xenNsdi, xenRateOfW } from '../../rate-policies/xen.ts';
import { xenCodeStop, xenNsdiStop, xenRateOfWStop } from '../../stop-policies/xen.ts';
import { xenFigures } from '../figures/rules.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, numberParameter, optionalNumberParameter } from '../parameter.ts';
import { energyParameters } from './shared.ts';

export const xenEntry = defineModel({
  name: 'xen',
  title: "Xen's adaptive pre-copy: the rate follows the dirty rate, and four rules end it",
  source: 'Clark et al., NSDI 2005; xc_linux_save.c of Xen',
  figures: xenFigures,
  parameters: {
    memoryBytes: numberParameter({
      unit: 'B',
      above: 0,
      default: 1024 ** 3,
      doc: 'all memory of the VM',
      source: 'assumed',
    }),
    dirtyRateMbitPerSec: numberParameter({
      unit: 'Mbit/s',
      min: 0,
      default: 20,
      doc: 'w, how fast the VM dirties memory',
      source: 'assumed',
    }),
    rateMinMbitPerSec: numberParameter({
      unit: 'Mbit/s',
      above: 0,
      default: 100,
      doc: 'rate of the first round',
      source: 'START_MBIT_RATE of the source',
    }),
    rateMaxMbitPerSec: numberParameter({
      unit: 'Mbit/s',
      above: 0,
      default: 500,
      doc: 'highest rate',
      source: 'MAX_MBIT_RATE of the source',
    }),
    variant: choiceParameter({
      unit: null,
      choices: ['xen-nsdi', 'xen-code', 'xen-rate-of-w'],
      aliases: { nsdi: 'xen-nsdi', code: 'xen-code', 'rate-of-w': 'xen-rate-of-w' },
      default: 'xen-nsdi',
      doc: 'as the paper says, as the source does, or w + 50 for the true dirty rate',
      source: 'the paper and the source differ',
    }),
    workingSetBytes: optionalNumberParameter({
      unit: 'B',
      min: 0,
      default: null,
      doc: 'dirtying never leaves this part of the memory; none = all of it',
      source: 'assumed',
    }),
    stopAndCopyMaxSec: optionalNumberParameter({
      unit: 's',
      above: 0,
      default: 0.6,
      doc: 'xen-rate-of-w also stops when the rest takes at most this long',
      source: 'Amendola, Cordeschi, Baccarelli 2015, Fig. 6',
    }),
    ...energyParameters,
  },
  check: ({ rateMinMbitPerSec, rateMaxMbitPerSec }) =>
    rateMinMbitPerSec > rateMaxMbitPerSec
      ? [
          {
            parameter: 'rateMinMbitPerSec',
            message: `${rateMinMbitPerSec} is above rateMaxMbitPerSec: give at most ${rateMaxMbitPerSec}`,
          },
        ]
      : [],
  compute: (values): ModelResult => {
    const memory = bytes(values.memoryBytes);
    const rates = {
      rateMin: fromMbitPerSec(values.rateMinMbitPerSec),
      rateMax: fromMbitPerSec(values.rateMaxMbitPerSec),
    };
    const result = precopy({
      memory,
      dirtyRate: bytesPerSec((values.dirtyRateMbitPerSec * 1e6) / 8),
      workingSet: values.workingSetBytes === null ? memory : bytes(values.workingSetBytes),
      free: rates.rateMax,
      energy: { k0: values.k0, alpha: values.alpha },
      ...rulesOf(values.variant, rates, values.stopAndCopyMaxSec),
    });
    return xenJson(result, memory);
  },
});

function rulesOf(
  variant: 'xen-nsdi' | 'xen-code' | 'xen-rate-of-w',
  rates: Parameters<typeof xenNsdi>[0],
  stopAndCopySec: number | null,
) {
  switch (variant) {
    case 'xen-nsdi':
      return {
        ratePolicy: xenNsdi(rates),
        stopPolicy: xenNsdiStop(rates.rateMax),
        switchoverRate: rates.rateMax,
      };
    case 'xen-code':
      return {
        ratePolicy: xenCode(rates),
        stopPolicy: xenCodeStop(rates.rateMax),
        switchoverRate: 'last_rate' as const,
      };
    case 'xen-rate-of-w':
      return {
        ratePolicy: xenRateOfW(rates),
        stopPolicy: xenRateOfWStop({ stopAndCopySec }),
        switchoverRate: 'last_rate' as const,
      };
  }
}

const xenJson = (result: PrecopyResult, memory: Bytes): ModelResult => ({
  rounds: result.rounds.map(({ rate, duration, sent }) => ({
    rateMbitPerSec: toMbitPerSec(rate),
    seconds: toSeconds(duration),
    megabits: (sent * 8) / 1e6,
  })),
  stopReason: result.stopReason,
  totalTimeSec: toSeconds(result.totalTime),
  stopAndCopySec: toSeconds(result.stopAndCopyTime),
  sentRatio: result.sent / memory,
  energyJoule: result.energy,
});
