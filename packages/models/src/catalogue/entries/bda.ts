/** `sluice model bda`: one decision of bandwidth dynamic assignment. */
import { fromMbitPerSec, toMbitPerSec } from '@sluice/units';
import { bda, bdaRobust } from '../../rate-policies/bda.ts';
import { bdaFigures } from '../figures/rules.ts';
import { defineModel } from '../model.ts';
import { choiceParameter, numberParameter, numbersParameter } from '../parameter.ts';

export const bdaEntry = defineModel({
  name: 'bda',
  title: 'Bandwidth dynamic assignment: the rate of the next round from the dirty rates so far',
  source: 'Fang, Liao, Ge, FMSMT 2017, equations (4), (5) and Fig. 1',
  figures: bdaFigures,
  parameters: {
    freeMbitPerSec: numberParameter({
      unit: 'Mbit/s',
      above: 0,
      default: 80,
      doc: 'F, what nobody else uses on the path',
      source: 'assumed; the paper has a 100 Mbit/s switch',
    }),
    dirtyRatesMbitPerSec: numbersParameter({
      unit: 'Mbit/s',
      min: 0,
      default: [20, 40],
      doc: 'U_1..U_k, oldest first; one alone is the first round, which gets all of F',
      source: 'assumed',
    }),
    variant: choiceParameter({
      unit: null,
      choices: ['bda', 'bda-robust'],
      default: 'bda',
      doc: 'as printed, without a floor; or E = max(F-B, F*c/(1+c), 1 % of F, 1 Mbit/s)',
      source: 'the printed rule; the robust one is ours',
    }),
  },
  compute: ({ freeMbitPerSec, dirtyRatesMbitPerSec, variant }) => {
    const rule = variant === 'bda' ? bda : bdaRobust;
    const result = rule({
      free: fromMbitPerSec(freeMbitPerSec),
      history: dirtyRatesMbitPerSec.map(fromMbitPerSec),
    });
    return {
      a: result.a,
      b: result.b,
      // JSON has no infinity: after a round without dirtying c is null while a and b are numbers.
      c: result.c === Number.POSITIVE_INFINITY ? null : result.c,
      corrected: result.corrected,
      reservedMbitPerSec: toMbitPerSec(result.reserved),
      rateMbitPerSec: toMbitPerSec(result.rate),
    };
  },
});
