/** Figures of the other rules: what each does with a dirty rate, a round, a share of traffic. */
import { bytes, bytesPerSec, fromMbitPerSec } from '@sluice/units';
import { precopy } from '../../precopy.ts';
import { bda, bdaRobust } from '../../rate-policies/bda.ts';
import { geometricProgram } from '../../rate-policies/geometric-program.ts';
import { flat } from '../../rate-policies/rate-policy.ts';
import { allOf, bestChoice, byRule } from '../../rate-policies/traffic-sensitive.ts';
import { xenCode, xenNsdi } from '../../rate-policies/xen.ts';
import { CLOUDNET_WINDOW, smartStop } from '../../stop-policies/smart-stop.ts';
import { XEN_ROUNDS_MAX, xenCodeStop, xenDefaultStop, xenNsdiStop } from '../../stop-policies/xen.ts';
import type { Series } from '../chart.ts';
import type { ModelFigure } from '../model.ts';

const dirty = (mbitPerSec: number) => bytesPerSec((mbitPerSec * 1e6) / 8);

export const bdaFigures: readonly ModelFigure[] = [
  {
    name: 'bda-rule',
    title: 'The rate of the next round over its dirty rate: the printed rule jumps where B passes F',
    draw: () => {
      const line = (name: string, rule: typeof bda): Series => ({
        name,
        points: Array.from({ length: 321 }, (_, index) => {
          const history = [40, 40, index / 2].map(fromMbitPerSec);
          return [index / 2, rule({ free: fromMbitPerSec(80), history }).rate / 1e6];
        }),
      });
      return {
        title: 'Bandwidth dynamic assignment after two rounds with 40 Mbit/s dirtied',
        note: 'F = 80 Mbit/s. bda as printed, bda-robust with both branches and a floor.',
        x: { title: 'dirty rate U_k', unit: 'Mbit/s' },
        panels: [
          {
            y: { title: 'rate E', unit: 'Mbit/s' },
            series: [line('bda', bda), line('bda-robust', bdaRobust)],
          },
        ],
      };
    },
  },
];

export const xenFigures: readonly ModelFigure[] = [
  {
    name: 'xen-rates',
    title: "The rate over time: the paper's rule goes up and down, the source's only up",
    draw: () => {
      const rates = { rateMin: fromMbitPerSec(100), rateMax: fromMbitPerSec(500) };
      const memory = bytes(1024 ** 3);
      const played = (w: number, isCode: boolean): Series => {
        const result = precopy({
          memory,
          dirtyRate: dirty(w),
          workingSet: bytes(memory / 2),
          free: rates.rateMax,
          ratePolicy: isCode ? xenCode(rates) : xenNsdi(rates),
          stopPolicy: isCode ? xenCodeStop(rates.rateMax) : xenNsdiStop(rates.rateMax),
          switchoverRate: isCode ? 'last_rate' : rates.rateMax,
        });
        let clock = 0;
        const points = result.rounds.map(({ rate, duration }): readonly [number, number] => {
          const point = [clock / 1000, rate / 1e6] as const;
          clock += duration;
          return point;
        });
        const last = points.at(-1)?.[1] ?? 0;
        return {
          name: `${isCode ? 'xen-code' : 'xen-nsdi'}, w = ${w}`,
          points: [...points, [clock / 1000, last]],
          shape: 'step',
        };
      };
      return {
        title: "Xen's adaptive rate",
        note: '1 GiB with a working set of half of it, 100 to 500 Mbit/s; each line ends with the migration.',
        x: { title: 'time', unit: 's' },
        panels: [
          {
            y: { title: 'rate', unit: 'Mbit/s' },
            series: [played(80, false), played(80, true), played(200, false), played(200, true)],
          },
        ],
      };
    },
  },
];

export const cloudnetFigures: readonly ModelFigure[] = [
  {
    name: 'cloudnet-stop',
    title: "What is left after each round, and where smart stop and Xen's rules end it",
    draw: () => {
      const memory = bytes(1024 ** 3);
      const rates = [10, 110, 95, 130, 80, 115, 90, 125, 70, 120];
      const played = (isSmart: boolean) =>
        precopy({
          memory,
          dirtyRate: (round) => dirty(rates[round % rates.length] ?? 0),
          workingSet: memory,
          free: fromMbitPerSec(100),
          ratePolicy: flat(fromMbitPerSec(100)),
          stopPolicy: isSmart
            ? smartStop({ window: CLOUDNET_WINDOW, roundsMax: XEN_ROUNDS_MAX })
            : xenDefaultStop(XEN_ROUNDS_MAX),
          switchoverRate: fromMbitPerSec(100),
        }).rounds.slice(0, -1);
      const line = (name: string, isSmart: boolean): Series => ({
        name,
        points: played(isSmart).map((round) => [round.round, round.remaining / 1e6]),
      });
      return {
        title: 'Smart stop-and-copy',
        note: '1 GiB, 100 Mbit/s, a dirty rate that goes round in a pattern; all assumed.',
        x: { title: 'round', unit: null },
        panels: [
          {
            y: { title: 'left to send', unit: 'MB' },
            series: [line("Xen's default rules", false), line('smart stop, window 5', true)],
          },
        ],
      };
    },
  },
];

export const geometricProgramFigures: readonly ModelFigure[] = [
  {
    name: 'geometric-program-rounds',
    title: 'The goal over the number of rounds: a few are enough',
    draw: () => {
      const weights = [1, 0.5, 0.1];
      const line = (weightTotal: number, isBest: boolean): Series => ({
        name: `${isBest ? 'best rates' : 'equal split'}, weight ${weightTotal}`,
        points: Array.from({ length: 10 }, (_, rounds) => {
          const result = geometricProgram({
            volumes: [500, 1000, 2000],
            rate: 125,
            dirtyRate: 10.24,
            rounds,
            weightTotal,
            weightDowntime: 1 - weightTotal,
          });
          if (!result.feasible) return [rounds, null];
          return [rounds, isBest ? result.objective : result.equalSplitObjective];
        }),
      });
      return {
        title: 'Three VMs of 500, 1000 and 2000 MB over 1 Gbit/s',
        note: 'Dirty rate 10.24 MB/s each; the weight is that of migration time, the rest that of downtime.',
        x: { title: 'rounds n', unit: null },
        panels: [
          {
            y: { title: 'weighted sum of times', unit: 's' },
            series: weights.flatMap((weight) => [line(weight, true), line(weight, false)]),
          },
        ],
      };
    },
  },
];

export const trafficSensitiveFigures: readonly ModelFigure[] = [
  {
    name: 'traffic-sensitive-rate',
    title: 'What is left for migration over the share of outbound traffic, for each choice of mechanisms',
    draw: () => {
      const hosts = { sourceOut: 1000, destinationIn: 1000 };
      const vmsAt = (share: number) => [
        { out: 700 * share, in: 700 * (1 - share) },
        { out: 300, in: 40 },
        { out: 60, in: 250 },
      ];
      const line = (name: string, rate: (vms: ReturnType<typeof vmsAt>) => number): Series => ({
        name,
        points: Array.from({ length: 101 }, (_, index) => [index, rate(vmsAt(index / 100))]),
      });
      return {
        title: 'Rate left for migration on 1 Gbit/s NICs',
        note: 'Three VMs; the first has 700 Mbit/s of traffic, of which the share on the x axis goes out.',
        x: { title: 'outbound share of the first VM', unit: '%' },
        panels: [
          {
            y: { title: 'rate', unit: 'Mbit/s' },
            series: [
              line('best group choice', (vms) => bestChoice(vms, hosts).rate),
              line('rule per VM', (vms) => byRule(vms, hosts).rate),
              line('all pre-copy', (vms) => allOf('precopy', vms, hosts).rate),
              line('all post-copy', (vms) => allOf('postcopy', vms, hosts).rate),
            ],
          },
        ],
      };
    },
  },
];
