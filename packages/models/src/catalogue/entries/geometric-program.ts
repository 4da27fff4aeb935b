/** `sluice model geometric-program`: rates for VMs that share a channel. */
import { geometricProgram } from '../../rate-policies/geometric-program.ts';
import { geometricProgramFigures } from '../figures/rules.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { numberParameter, numbersParameter } from '../parameter.ts';

const CODE = "Cerroni, Esposito: the authors' code";

export const geometricProgramEntry = defineModel({
  name: 'geometric-program',
  title:
    'Geometric program: the rates of VMs that move together, for the least sum of migration times and downtimes',
  source: 'Cerroni, Esposito, GeoMig 2016; Optimizing Live Migration of Multiple Virtual Machines, IEEE TCC',
  figures: geometricProgramFigures,
  parameters: {
    memoryMegabytes: numbersParameter({
      unit: 'MB',
      above: 0,
      default: [500, 1000, 2000],
      countMax: 10_000,
      doc: 'V_j, one for each VM',
      source: `${CODE}: mean 1000 MB`,
    }),
    rateMegabytesPerSec: numberParameter({
      unit: 'MB/s',
      above: 0,
      default: 125,
      doc: 'R, the channel',
      source: CODE,
    }),
    dirtyRateMegabytesPerSec: numberParameter({
      unit: 'MB/s',
      min: 0,
      default: 10.24,
      doc: 'D, of every VM',
      source: `${CODE}: 2500 pages/s`,
    }),
    rounds: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      max: 1000,
      default: 1,
      doc: 'n, rounds after the first; n + 1 transfers in all',
      source: `${CODE}: 0 to 9`,
    }),
    weightTotal: numberParameter({
      unit: null,
      min: 0,
      default: 1,
      doc: 'C_mig, of the migration times',
      source: `${CODE}: 0 to 1`,
    }),
    weightDowntime: numberParameter({
      unit: null,
      min: 0,
      default: 0,
      doc: 'C_down, of the downtimes',
      source: `${CODE}: 0 to 1`,
    }),
  },
  compute: (values): ModelResult => {
    const result = geometricProgram({
      volumes: values.memoryMegabytes,
      rate: values.rateMegabytesPerSec,
      dirtyRate: values.dirtyRateMegabytesPerSec,
      rounds: values.rounds,
      weightTotal: values.weightTotal,
      weightDowntime: values.weightDowntime,
    });
    if (!result.feasible)
      return {
        feasible: false,
        limits: [
          {
            limit: 'rate_sum',
            actual: values.rateMegabytesPerSec,
            allowed: result.rateNeeded,
            wouldDo: result.rateNeeded,
          },
        ],
      };
    return {
      ratesMegabytesPerSec: result.rates,
      objectiveSec: result.objective,
      equalSplitObjectiveSec: result.equalSplitObjective,
    };
  },
});
