/** `sluice model joint-allocation`: rates of many migrations that share links, and what full links are worth. */
import type { BitsPerSec } from '@sluice/units';
import { JointAllocation } from '../../allocation/joint/joint-allocation.ts';
import type { PowerSeries } from '../../allocation/problem.ts';
import { defineModel, type ModelResult, type ParameterProblem, type ValuesOf } from '../model.ts';
import { choiceParameter, itemsParameter, numberParameter } from '../parameter.ts';
import {
  inMegabits,
  megabits,
  type NamedLink,
  readLink,
  readPath,
  unknownLinks,
  usesOf,
} from './links-and-rates.ts';
import { ASSUMED, energyParameters } from './shared.ts';

interface Asking {
  readonly name: string;
  readonly bits: number;
  readonly dirtyRate: BitsPerSec;
  readonly rateMin: BitsPerSec;
  readonly rateMax: BitsPerSec;
  readonly path: readonly string[];
}

const parameters = {
  linksMbitPerSec: itemsParameter<NamedLink>({
    unit: 'Mbit/s',
    item: 'name:capacity',
    default: 'trunk:80,edge:40',
    doc: 'links with what of them may be given away',
    source: ASSUMED,
    read: readLink,
  }),
  migrations: itemsParameter<Asking>({
    unit: 'MiB, then Mbit/s',
    item: 'name:memoryMiB:dirtyRate:rateMin:rateMax:link+link',
    default: 'web:512:8:10:80:trunk,db:2048:16:20:80:trunk+edge,mail:64:1:2:10:trunk',
    doc: 'migrations with what remains, the bounds of their rates, and their paths',
    source: ASSUMED,
    read: readAsking,
  }),
  objective: choiceParameter({
    unit: null,
    choices: ['time', 'energy'],
    default: 'time',
    doc: 'what is made least in sum: remaining time, or the energy of sending what remains',
    source: 'completion_time and minimum-energy of the controller',
  }),
  rounds: numberParameter({
    unit: null,
    min: 1,
    max: 100,
    integer: true,
    default: 4,
    doc: 'rounds that are counted, each with what was dirtied in the one before',
    source: ASSUMED,
  }),
  ...energyParameters,
};

export const jointAllocationEntry = defineModel({
  name: 'joint-allocation',
  title: 'Joint allocation: the rates of many migrations over shared links at the least total cost',
  source: 'convex in the logarithm of the rates; prices as in Kelly, Maulloo, Tan 1998',
  parameters,
  check: ({ linksMbitPerSec, migrations }): readonly ParameterProblem[] =>
    unknownLinks(
      'migrations',
      linksMbitPerSec,
      migrations.map(({ path }) => path),
    ),
  compute,
});

/** Everything but the last part is a number; 0 < rateMin <= rateMax. */
function readAsking(item: string): Asking | null {
  const [name, memory, dirty, least, most, links, ...more] = item.split(':');
  const [memoryMiB, dirtyRate, rateMin, rateMax] = [memory, dirty, least, most].map(megabits);
  const path = readPath(links ?? '');
  if (name === undefined || name === '' || path === null || more.length > 0) return null;
  if (!memoryMiB || dirtyRate == null || !rateMin || !rateMax || rateMax < rateMin) return null;
  return { name, bits: (memoryMiB / 1e6) * 2 ** 20 * 8, dirtyRate, rateMin, rateMax, path };
}

/** Closed so far that the digits that are shown do not depend on where the solver stopped. */
const GAP = 1e-12;
/** Decimals of gap, costs and prices. */
const SHOWN = 1e9;

function compute(values: ValuesOf<typeof parameters>): ModelResult {
  const { linksMbitPerSec: links, migrations } = values;
  const allocation = new JointAllocation<number>(links.map(({ capacity }) => capacity));
  for (const [index, { path, rateMin, rateMax, ...rest }] of migrations.entries())
    allocation.put(index, { uses: usesOf(links, path), rateMin, rateMax, cost: [costOf(rest, values)] });
  const solution = allocation.solve({ gapMax: GAP });
  const nameOf = (link: number) => links[link]?.name ?? '';
  if (solution.status === 'infeasible')
    return {
      feasible: false,
      limits: solution.overfull.map(({ link, least, capacity }) => ({
        link: nameOf(link),
        actualMbitPerSec: inMegabits(least),
        allowedMbitPerSec: inMegabits(capacity),
      })),
    };
  const { unit } = UNITS[values.objective];
  const loads = links.map(({ name }) =>
    migrations.reduce((sum, { path }, k) => sum + (path.includes(name) ? allocation.rate(k) : 0), 0),
  );
  return {
    feasible: true,
    [`cost${unit}`]: shown(solution.primal),
    [`costAtLeast${unit}`]: shown(solution.dual),
    // Rounding may leave a bound that is a breath above the cost.
    gap: shown(Math.max(0, solution.gap)),
    migrations: migrations.map(({ name }, k) => ({
      migration: name,
      rateMbitPerSec: inMegabits(allocation.rate(k)),
      heldBy: allocation.binding(k).kind,
      fullLinks: allocation.binding(k).links.map(({ link }) => nameOf(link)),
    })),
    links: links.map(({ name, capacity }, link) => ({
      link: name,
      capacityMbitPerSec: inMegabits(capacity),
      usedMbitPerSec: inMegabits(loads[link] ?? 0),
      [`oneMbitPerSecMoreSaves${unit}`]: shown(allocation.price(link) * 1e6),
    })),
  };
}

const UNITS = { time: { unit: 'Sec' }, energy: { unit: 'Joule' } } as const;
const shown = (value: number): number => Math.round(value * SHOWN) / SHOWN;

/** Time is bits / R * (1 + w/R + ...); energy the same times P(R). */
function costOf(
  { bits, dirtyRate }: Pick<Asking, 'bits' | 'dirtyRate'>,
  { objective, rounds, k0, alpha }: ValuesOf<typeof parameters>,
): PowerSeries {
  const series = { dirtyRate, terms: rounds };
  return objective === 'time'
    ? { ...series, scale: bits, exponent: -1 }
    : { ...series, scale: k0 * 1e-6 ** alpha * bits, exponent: alpha - 1 };
}
