/** The figures of Callegati and Cerroni, and what groups between serial and parallel do. */
import { bitsPerSec, bytes, bytesPerSec, fromSeconds, millis } from '@sluice/units';
import { type EqualVms, parallel, serial } from '../../groups/callegati.ts';
import { planOfSize } from '../../groups/plan.ts';
import type { Axis, Panel, Series } from '../chart.ts';
import type { ModelFigure } from '../model.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const REFERENCE: EqualVms = {
  vms: 8,
  rate: bitsPerSec(1e9),
  memory: bytes(GIB),
  threshold: bytes(100 * MIB),
  roundsMax: 8,
  resume: millis(100),
};
/** P·D of the figures, bit/s. */
const DIRTY = 81.92e6;
const NOTE =
  '8 VMs of 1 GiB, 1 Gbit/s, threshold 100 MiB, at most 8 rounds, resumption 0.1 s, where not on an axis.';

interface Point {
  readonly set: EqualVms;
  readonly ratio: number;
}
type Quantity = 'totalTime' | 'downtime' | 'rounds';

const range = (from: number, to: number, steps: number): readonly number[] =>
  Array.from({ length: steps + 1 }, (_, index) => from + ((to - from) * index) / steps);

const AXES: Readonly<Record<Quantity, Axis>> = {
  totalTime: { title: 'total migration time', unit: 's', scale: 'log' },
  downtime: { title: 'downtime', unit: 's', scale: 'log' },
  rounds: { title: 'rounds n', unit: null },
};

const panel = (quantity: Quantity, xs: readonly number[], at: (x: number) => Point): Panel => ({
  y: AXES[quantity],
  series: [serial, parallel].map((form) => ({
    name: form === serial ? 'serial' : 'parallel',
    points: xs.map((x): readonly [number, number] => {
      const { set, ratio } = at(x);
      return [x, form(set, ratio)[quantity] / (quantity === 'rounds' ? 1 : 1000)];
    }),
  })),
});

function figure(
  number: number,
  title: string,
  of: {
    readonly x: Axis;
    readonly xs: readonly number[];
    readonly shows: readonly Quantity[];
    at(x: number): Point;
  },
): ModelFigure {
  return {
    name: `callegati-${number}`,
    title,
    draw: () => ({
      title: `${title} (figure ${number})`,
      note: NOTE,
      x: of.x,
      panels: of.shows.map((quantity) => panel(quantity, of.xs, of.at)),
    }),
  };
}

const ratioAxis = { title: 'dirty ratio λ', unit: null } as const;
const both = ['totalTime', 'downtime'] as const;

export const callegatiFigures: readonly ModelFigure[] = [
  figure(1, 'Times over λ', {
    x: ratioAxis,
    xs: range(0.001, 0.124, 246),
    shows: both,
    at: (ratio) => ({ set: REFERENCE, ratio }),
  }),
  figure(2, 'Rounds of each VM over λ', {
    x: ratioAxis,
    xs: range(0.001, 0.124, 246),
    shows: ['rounds'],
    at: (ratio) => ({ set: REFERENCE, ratio }),
  }),
  figure(3, 'Times over the memory of a VM, λ = 0.082', {
    x: { title: 'memory V_m', unit: 'GiB' },
    xs: range(0.2, 3, 280),
    shows: both,
    at: (gib) => ({ set: { ...REFERENCE, memory: bytes(gib * GIB) }, ratio: 0.082 }),
  }),
  figure(4, 'Times over the threshold, λ = 0.082', {
    x: { title: 'threshold V_th', unit: 'MiB' },
    xs: range(10, 400, 390),
    shows: both,
    at: (mib) => ({ set: { ...REFERENCE, threshold: bytes(mib * MIB) }, ratio: 0.082 }),
  }),
  figure(5, 'Times over the rate of the channel', {
    x: { title: 'rate R', unit: 'Mbit/s' },
    xs: range(700, 2000, 260),
    shows: both,
    at: (rate) => ({ set: { ...REFERENCE, rate: bitsPerSec(rate * 1e6) }, ratio: DIRTY / (rate * 1e6) }),
  }),
  figure(6, 'Times over the number of VMs', {
    x: { title: 'VMs M', unit: null },
    xs: range(1, 12, 11),
    shows: both,
    at: (vms) => ({ set: { ...REFERENCE, vms }, ratio: DIRTY / 1e9 }),
  }),
  {
    name: 'callegati-7',
    title: 'Serial downtime over λ when only m of 8 VMs are critical',
    draw: () => {
      const xs = range(0.001, 0.124, 246);
      const critical = (criticalVms: number): Series => ({
        name: `serial, m = ${criticalVms}`,
        points: xs.map((ratio) => [ratio, serial({ ...REFERENCE, criticalVms }, ratio).downtime / 1000]),
      });
      const all: Series = {
        name: 'parallel',
        points: xs.map((ratio) => [ratio, parallel(REFERENCE, ratio).downtime / 1000]),
      };
      return {
        title: 'Serial downtime with m critical VMs (figure 7)',
        note: NOTE,
        x: ratioAxis,
        panels: [
          {
            y: { title: 'downtime', unit: 's', scale: 'log' },
            series: [...[1, 2, 4, 8].map(critical), all],
          },
        ],
      };
    },
  },
];

export const groupFigures: readonly ModelFigure[] = [
  {
    name: 'hybrid-groups-size',
    title: 'Between serial and parallel: times over the size of the groups',
    draw: () => {
      const sizes = range(1, 12, 11);
      const line = (dirtyPages: number, quantity: 'totalTime' | 'downtime'): Series => ({
        name: `${dirtyPages} pages/s`,
        points: sizes.map((size): readonly [number, number] => {
          const vm = {
            memory: bytes(GIB),
            dirtyRate: bytesPerSec(dirtyPages * 4096),
            workingSet: bytes(GIB),
            threshold: bytes(100 * MIB),
            isCritical: true,
          };
          const plan = planOfSize(
            {
              vms: Array.from({ length: 12 }, () => vm),
              rate: bitsPerSec(1e9),
              roundsMax: 8,
              rest: 'precopy',
              resumeSec: fromSeconds(0.1) / 1000,
              weightTotal: 1,
              weightDowntime: 1,
            },
            size,
          );
          return [size, plan[quantity] / 1000];
        }),
      });
      const series = (quantity: 'totalTime' | 'downtime') =>
        [500, 1500, 2500].map((pages) => line(pages, quantity));
      return {
        title: 'Hybrid groups of g',
        note: '12 VMs of 1 GiB over 1 Gbit/s; the last group is smaller where g does not divide 12.',
        x: { title: 'group size g', unit: null },
        panels: [
          { y: { title: 'total migration time', unit: 's' }, series: series('totalTime') },
          { y: { title: 'downtime', unit: 's' }, series: series('downtime') },
        ],
      };
    },
  },
];
