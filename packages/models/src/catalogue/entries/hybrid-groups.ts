/** `sluice model hybrid-groups`: which VMs of a set go together, in which order, for a goal of total time and downtime. */
import { bitsPerSec, bytes, bytesPerSec, toSeconds } from '@sluice/units';
import type { GroupProblem } from '../../groups/first-group.ts';
import { type GroupPlan, planGroups, planOfSize } from '../../groups/plan.ts';
import { groupFigures } from '../figures/callegati.ts';
import { defineModel, type ModelResult } from '../model.ts';
import { choiceParameter, numberParameter, numbersParameter, optionalNumberParameter } from '../parameter.ts';
import { ASSUMED } from './shared.ts';

const GIB = 1024 ** 3;
const PAPER = 'Callegati, Cerroni 2013, reference values of the figures';
const weight = (doc: string) =>
  numberParameter({ unit: null, min: 0, max: 1e6, default: 1, doc, source: ASSUMED });

export const hybridGroupsEntry = defineModel({
  name: 'hybrid-groups',
  title: 'Unequal VMs in groups: hybrid groups of g, improved serial, m-mixed, and the best choice',
  source:
    'Callegati, Cerroni 2013; Sun, Liao, Anand, Zhao, Yu 2016; unequal VMs and the best choice are ours',
  figures: groupFigures,
  parameters: {
    memoryBytes: numbersParameter({
      unit: 'B',
      above: 0,
      default: [GIB, GIB, GIB, GIB, GIB, GIB, GIB, GIB],
      doc: 'of each VM',
      source: PAPER,
    }),
    dirtyPagesPerSec: numbersParameter({
      unit: 'pages/s',
      min: 0,
      default: [2500],
      doc: 'of each VM, or one for all',
      source: PAPER,
    }),
    pageBytes: numberParameter({ unit: 'B', above: 0, default: 4096, doc: 'size of a page', source: PAPER }),
    rateBitsPerSec: numberParameter({
      unit: 'bit/s',
      above: 0,
      default: 1e9,
      doc: 'R, the channel',
      source: PAPER,
    }),
    thresholdBytes: numberParameter({
      unit: 'B',
      min: 0,
      default: 100 * 1024 ** 2,
      doc: 'V_th of each VM',
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
    resumeSec: numberParameter({
      unit: 's',
      min: 0,
      default: 0.1,
      doc: 'T_res, once for the set',
      source: PAPER,
    }),
    criticalVms: optionalNumberParameter({
      unit: null,
      integer: true,
      min: 1,
      default: null,
      doc: 'the service needs the first so many VMs; none = all',
      source: PAPER,
    }),
    rest: choiceParameter({
      unit: null,
      choices: ['precopy', 'stopped', 'postcopy'],
      default: 'precopy',
      doc: 'VMs after the first group: pre-copied, sent once while stopped, or post-copied',
      source: 'Sun et al. 2016 for stopped and postcopy',
    }),
    groupSize: optionalNumberParameter({
      unit: null,
      integer: true,
      min: 1,
      default: null,
      doc: 'g, equal groups; none = the best groups',
      source: ASSUMED,
    }),
    weightTotal: weight('weight of the total time'),
    weightDowntime: weight('weight of the downtime'),
  },
  check: ({ memoryBytes, dirtyPagesPerSec, criticalVms }) => {
    const count = memoryBytes.length;
    const problems = [];
    if (count > VMS_MAX)
      problems.push({
        parameter: 'memoryBytes',
        message: `${count} VMs are too many: give at most ${VMS_MAX}`,
      });
    if (dirtyPagesPerSec.length !== count && dirtyPagesPerSec.length !== 1)
      problems.push({
        parameter: 'dirtyPagesPerSec',
        message: `has ${dirtyPagesPerSec.length} values for ${count} VMs of memoryBytes: give ${count} or one`,
      });
    if (criticalVms !== null && criticalVms > count)
      problems.push({
        parameter: 'criticalVms',
        message: `${criticalVms} are more than ${count} VMs: give at most ${count}`,
      });
    return problems;
  },
  compute: (values): ModelResult => {
    const { dirtyPagesPerSec, pageBytes } = values;
    const critical = values.criticalVms ?? values.memoryBytes.length;
    const problem: GroupProblem = {
      vms: values.memoryBytes.map((memory, index) => ({
        memory: bytes(memory),
        dirtyRate: bytesPerSec((dirtyPagesPerSec[index] ?? dirtyPagesPerSec[0] ?? 0) * pageBytes),
        workingSet: bytes(memory),
        threshold: bytes(values.thresholdBytes),
        isCritical: index < critical,
      })),
      rate: bitsPerSec(values.rateBitsPerSec),
      roundsMax: values.roundsMax,
      rest: values.rest,
      resumeSec: values.resumeSec,
      weightTotal: values.weightTotal,
      weightDowntime: values.weightDowntime,
    };
    const best = planGroups(problem);
    const chosen =
      values.groupSize === null ? best : planOfSize(problem, Math.min(values.groupSize, problem.vms.length));
    const sizes = sizesToShow(problem.vms.length);
    return {
      ...summary(chosen),
      firstGroup: chosen.first.map((index) => index + 1),
      thenOneByOne: values.groupSize === null ? best.rest.map((index) => index + 1) : [],
      lowerBoundSec: best.lowerBound,
      gap: chosen.objective === 0 ? 0 : Math.max(0, 1 - best.lowerBound / chosen.objective),
      exact: best.exact && values.groupSize === null,
      groupSizes: sizes.map((groupSize) => ({ groupSize, ...summary(planOfSize(problem, groupSize)) })),
    };
  },
});

/** The bound takes seconds beyond this. */
const VMS_MAX = 512;

/** Every size of a small set, powers of two of a large one. */
const sizesToShow = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1).filter(
    (size) => count <= 16 || size === count || Math.log2(size) % 1 === 0,
  );

const summary = (plan: Pick<GroupPlan, 'rounds' | 'totalTime' | 'downtime' | 'objective'>) => ({
  rounds: plan.rounds,
  totalTimeSec: toSeconds(plan.totalTime),
  downtimeSec: toSeconds(plan.downtime),
  objectiveSec: plan.objective,
});
