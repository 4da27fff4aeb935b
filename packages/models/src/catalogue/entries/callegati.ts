/** `sluice model callegati`: a set of equal VMs one after the other or all at once, in closed form. */
import { bitsPerSec, bytes, bytesPerSec, fromSeconds, toSeconds } from '@sluice/units';
import { dirtyRatioOf, parallel, type SetTimes, serial } from '../../groups/callegati.ts';
import { callegatiFigures } from '../figures/callegati.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { numberParameter, optionalNumberParameter } from '../parameter.ts';

const PAPER = 'Callegati, Cerroni 2013, reference values of the figures';
const count = { unit: null, integer: true } as const;

export const callegatiEntry = defineModel({
  name: 'callegati',
  title: 'A set of equal VMs that serve together: all in series, or all in parallel',
  source: 'Callegati, Cerroni, SDN4FNS 2013, equations 4 to 9',
  figures: callegatiFigures,
  parameters: {
    vms: numberParameter({
      ...count,
      min: 1,
      max: 1_000_000,
      default: 8,
      doc: 'M, VMs in the set',
      source: PAPER,
    }),
    rateBitsPerSec: numberParameter({
      unit: 'bit/s',
      above: 0,
      default: 1e9,
      doc: 'R, the channel',
      source: PAPER,
    }),
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
    dirtyRatio: optionalNumberParameter({
      unit: null,
      min: 0,
      default: null,
      doc: 'lambda = P*D/R at the whole rate, instead of what the other parameters give',
      source: 'the figures over V_m and V_th use 0.082',
    }),
    pageBytes: numberParameter({
      unit: 'B',
      above: 0,
      default: 4096,
      doc: 'P, size of a page',
      source: PAPER,
    }),
    thresholdBytes: numberParameter({
      unit: 'B',
      min: 0,
      default: 100 * 1024 ** 2,
      doc: 'V_th, a rest of at most this is sent with the VM stopped',
      source: PAPER,
    }),
    roundsMax: numberParameter({
      ...count,
      min: 0,
      max: 10_000,
      default: 8,
      doc: 'n_max, rounds after the first, the stop-and-copy one of them',
      source: PAPER,
    }),
    resumeSec: numberParameter({
      unit: 's',
      min: 0,
      default: 0.1,
      doc: 'T_res, once for the set',
      source: PAPER,
    }),
    criticalVms: optionalNumberParameter({
      ...count,
      min: 1,
      default: null,
      doc: 'm, VMs that count for the serial downtime; none = all',
      source: 'figure 7',
    }),
  },
  check: ({ vms, criticalVms }) =>
    criticalVms === null || criticalVms <= vms
      ? []
      : [
          {
            parameter: 'criticalVms',
            message: `${criticalVms} are more than ${vms} VMs: give at most ${vms}`,
          },
        ],
  compute: (values): ModelResult => {
    const rate = bitsPerSec(values.rateBitsPerSec);
    const set = {
      vms: values.vms,
      rate,
      memory: bytes(values.memoryBytes),
      threshold: bytes(values.thresholdBytes),
      roundsMax: values.roundsMax,
      resume: fromSeconds(values.resumeSec),
      ...(values.criticalVms === null ? {} : { criticalVms: values.criticalVms }),
    };
    const dirtyRate = bytesPerSec(values.dirtyPagesPerSec * values.pageBytes);
    const ratio = values.dirtyRatio ?? dirtyRatioOf(dirtyRate, rate);
    return { dirtyRatio: ratio, serial: times(serial(set, ratio)), parallel: times(parallel(set, ratio)) };
  },
});

const times = ({ rounds, totalTime, downtime }: SetTimes) => ({
  rounds,
  totalTimeSec: toSeconds(totalTime),
  downtimeSec: toSeconds(downtime),
});
