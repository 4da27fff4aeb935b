/** `sluice model m-mixed`: m of a set of equal VMs pre-copied together, the others sent once or post-copied. */
import { bitsPerSec, bytes, bytesPerSec, fromSeconds, toSeconds } from '@sluice/units';
import { dirtyRatioOf, type SetTimes } from '../../groups/callegati.ts';
import { mixed } from '../../groups/mixed.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, numberParameter, optionalNumberParameter } from '../parameter.ts';
import { ASSUMED } from './shared.ts';

const PAPER = 'Callegati, Cerroni 2013, reference values of the figures';
const count = { unit: null, integer: true, min: 1, max: 10_000 } as const;

export const mMixedEntry = defineModel({
  name: 'm-mixed',
  title:
    'm of M equal VMs in parallel, the others stopped with them or post-copied; m = 1 is improved serial',
  source: 'Sun, Liao, Anand, Zhao, Yu, FGCS 2016; the forms are ours',
  parameters: {
    vms: numberParameter({ ...count, default: 8, doc: 'M, VMs in the set', source: PAPER }),
    together: optionalNumberParameter({
      ...count,
      default: null,
      doc: 'm; none = the best one for the weights',
      source: ASSUMED,
    }),
    rest: choiceParameter({
      unit: null,
      choices: ['stopped', 'postcopy'],
      default: 'stopped',
      doc: 'what happens to the others when the first m stop',
      source: 'Sun et al. 2016',
    }),
    rateBitsPerSec: numberParameter({ unit: 'bit/s', above: 0, default: 1e9, doc: 'R', source: PAPER }),
    memoryBytes: numberParameter({
      unit: 'B',
      above: 0,
      default: 1024 ** 3,
      doc: 'V_m of each VM',
      source: PAPER,
    }),
    dirtyPagesPerSec: numberParameter({
      unit: 'pages/s',
      min: 0,
      default: 2500,
      doc: 'D of each VM',
      source: PAPER,
    }),
    pageBytes: numberParameter({ unit: 'B', above: 0, default: 4096, doc: 'P', source: PAPER }),
    thresholdBytes: numberParameter({
      unit: 'B',
      min: 0,
      default: 100 * 1024 ** 2,
      doc: 'V_th',
      source: PAPER,
    }),
    roundsMax: numberParameter({
      unit: null,
      integer: true,
      min: 0,
      max: 1000,
      default: 8,
      doc: 'n_max',
      source: PAPER,
    }),
    resumeSec: numberParameter({ unit: 's', min: 0, default: 0.1, doc: 'T_res', source: PAPER }),
    weightTotal: numberParameter({
      unit: null,
      min: 0,
      default: 1,
      doc: 'weight of the total time',
      source: ASSUMED,
    }),
    weightDowntime: numberParameter({
      unit: null,
      min: 0,
      default: 1,
      doc: 'weight of the downtime',
      source: ASSUMED,
    }),
  },
  check: ({ vms, together }) =>
    together === null || together <= vms
      ? []
      : [{ parameter: 'together', message: `${together} are more than ${vms} VMs: give at most ${vms}` }],
  compute: (values): ModelResult => {
    const rate = bitsPerSec(values.rateBitsPerSec);
    const ratio = dirtyRatioOf(bytesPerSec(values.dirtyPagesPerSec * values.pageBytes), rate);
    const set = {
      vms: values.vms,
      rate,
      memory: bytes(values.memoryBytes),
      threshold: bytes(values.thresholdBytes),
      roundsMax: values.roundsMax,
      resume: fromSeconds(values.resumeSec),
    };
    const at = (together: number) => mixed(set, ratio, { together, rest: values.rest });
    const cost = ({ totalTime, downtime }: SetTimes) =>
      (values.weightTotal * totalTime + values.weightDowntime * downtime) / 1000;
    let together = values.together ?? 1;
    if (values.together === null)
      for (let m = 2; m <= values.vms; m += 1) if (cost(at(m)) < cost(at(together))) together = m;
    const times = at(together);
    return {
      together,
      rounds: times.rounds,
      totalTimeSec: toSeconds(times.totalTime),
      downtimeSec: toSeconds(times.downtime),
      objectiveSec: cost(times),
    };
  },
});
