/** Figures of minimum-energy: what the paper's figures show, on assumed traces where it gives none. */
import { bitsPerSec, bytes, bytesPerSec, fromMbitPerSec, millis } from '@sluice/units';
import {
  type MinimumEnergyProblem,
  minimumEnergy,
  rateBounds,
  single,
} from '../../rate-policies/minimum-energy.ts';
import { energyJoule } from '../../rate-policies/minimum-energy-series.ts';
import {
  PRIMAL_DUAL_DEFAULTS,
  type PrimalDualForm,
  primalDualStart,
  primalDualStep,
} from '../../rate-policies/primal-dual.ts';
import type { Chart, Series } from '../chart.ts';
import type { ModelFigure } from '../model.ts';

/** The scenario of Figs 6 and 7, M0 read as 512 MB = 4096 Mbit. */
const scenario = (w: number, changes: Partial<MinimumEnergyProblem> = {}): MinimumEnergyProblem => ({
  memory: bytes(512e6),
  dirtyRate: bytesPerSec((w * 1e6) / 8),
  rounds: 3,
  totalTimeLimit: millis(13_500),
  stopAndCopyLimit: millis(600),
  speedup: 1.15,
  rateMax: fromMbitPerSec(900),
  rateMin: bitsPerSec(0),
  switchoverRate: null,
  energy: { k0: 1e-6, alpha: 2 },
  ...changes,
});

const ITERATIONS = 300;

/** The problem at iteration n; the iterates start from R-bar and are never started anew. */
function track(title: string, note: string, problemAt: (n: number) => MinimumEnergyProblem): Chart {
  const energies: Series[] = [];
  const rates: Series[] = [];
  for (const form of ['damped-log', 'plain'] as const) {
    const { energy, rate } = iterates(form, problemAt);
    energies.push({ name: form, points: energy });
    rates.push({ name: form, points: rate });
  }
  const best = Array.from({ length: ITERATIONS }, (_, n) => {
    const result = minimumEnergy(problemAt(n));
    return result.feasible ? ([n, result.rate / 1e6, Number(result.energy)] as const) : null;
  }).filter((point) => point !== null);
  energies.push({ name: 'exact optimum', points: best.map(([n, , energy]) => [n, energy]), shape: 'step' });
  rates.push({ name: 'exact optimum', points: best.map(([n, rate]) => [n, rate]), shape: 'step' });
  return {
    title,
    note,
    x: { title: 'iteration n', unit: null },
    panels: [
      { y: { title: 'energy', unit: 'J' }, series: energies },
      { y: { title: 'rate', unit: 'Mbit/s' }, series: rates },
    ],
  };
}

function iterates(form: PrimalDualForm, problemAt: (n: number) => MinimumEnergyProblem) {
  const options = { ...PRIMAL_DUAL_DEFAULTS, form };
  const energy: (readonly [number, number])[] = [];
  const rate: (readonly [number, number])[] = [];
  let state = primalDualStart(problemAt(0), options);
  for (let n = 0; n < ITERATIONS; n += 1) {
    const problem = problemAt(n);
    const now = Math.exp(state.x);
    energy.push([n, energyJoule(single(problem), now)]);
    rate.push([n, now]);
    state = primalDualStep(problem, state, options);
  }
  return { energy, rate };
}

const third = <T>(n: number, values: readonly [T, T, T]): T =>
  values[Math.min(2, Math.floor((3 * n) / ITERATIONS)) as 0 | 1 | 2];

const DIRTY_RATES = Array.from({ length: 151 }, (_, index) => 5 * index + 10);

export const minimumEnergyFigures: readonly ModelFigure[] = [
  {
    name: 'minimum-energy-6a',
    title: 'Figs 6(a), 7(a): the iterations follow jumps of the dirty rate (the jumps are assumed)',
    draw: () =>
      track(
        'Tracking a dirty rate that jumps 300, 450, 150 Mbit/s',
        'Scenario of Figs 6(a) and 7(a) with M0 = 4096 Mbit, alpha = 2, K0 = 1e-6; the paper does not give w, so its jumps are assumed.',
        (n) => scenario(third(n, [300, 450, 150])),
      ),
  },
  {
    name: 'minimum-energy-6b',
    title: 'Figs 6(b), 7(b): the iterations follow jumps of K0 (the jumps are assumed)',
    draw: () =>
      track(
        'Tracking a K0 that jumps 1e-6, 2e-6, 0.5e-6',
        'Scenario of Figs 6(b) and 7(b) with w = 300 Mbit/s; the energy jumps with K0, the optimal rate stays. K0 and its jumps are assumed.',
        (n) => scenario(300, { energy: { k0: third(n, [1e-6, 2e-6, 0.5e-6]), alpha: 2 } }),
      ),
  },
  {
    name: 'minimum-energy-rate',
    title: 'The optimal rate and the limits it rests on, over the dirty rate',
    draw: () => {
      const line = (name: string, value: (problem: MinimumEnergyProblem) => number | null): Series => ({
        name,
        points: DIRTY_RATES.map((w) => {
          const rate = value(scenario(w));
          return [w, rate === null || rate > 1000 ? null : rate];
        }),
      });
      return {
        title: 'Optimal rate of the scenario of Fig. 6',
        note: 'I_MAX = 3, alpha = 2; where no line of R* is drawn, the limits cannot be met.',
        x: { title: 'dirty rate w', unit: 'Mbit/s' },
        panels: [
          {
            y: { title: 'rate', unit: 'Mbit/s' },
            series: [
              line('R*', (problem) => {
                const result = minimumEnergy(problem);
                return result.feasible ? result.rate / 1e6 : null;
              }),
              line('total time needs', (problem) => rateBounds(problem).totalTime),
              line('stop-and-copy needs', (problem) => rateBounds(problem).stopAndCopy),
              line('speed-up needs', (problem) => rateBounds(problem).speedup),
              line('cheapest without limits', (problem) => rateBounds(problem).interior),
            ],
          },
        ],
      };
    },
  },
  {
    name: 'minimum-energy-rounds',
    title: 'Energy over the number of rounds: equation (4) finds the first feasible one, not the cheapest',
    draw: () => ({
      title: 'Energy over I_MAX',
      note: 'Scenario of Fig. 6, alpha = 2, K0 = 1e-6. Each line starts at the first number of rounds that meets the limits.',
      x: { title: 'I_MAX', unit: null },
      panels: [
        {
          y: { title: 'energy', unit: 'J' },
          series: [50, 100, 200, 300, 400, 500].map((w) => ({
            name: `w = ${w} Mbit/s`,
            points: Array.from({ length: 9 }, (_, rounds) => {
              const result = minimumEnergy(scenario(w, { rounds }));
              return [rounds, result.feasible ? Number(result.energy) : null] as const;
            }),
          })),
        },
      ],
    }),
  },
  {
    name: 'minimum-energy-saving',
    title: 'Energy saved against the highest rate in all rounds, for three exponents of the power',
    draw: () => ({
      title: 'Energy saved against R = 900 Mbit/s in every round',
      note: 'I_MAX = 3. The paper reports 40 to 66 % against Xen; against this baseline that needs a low dirty rate.',
      x: { title: 'dirty rate w', unit: 'Mbit/s' },
      panels: [
        {
          y: { title: 'saving', unit: '%' },
          series: [2, 2.5, 3].map((alpha) => ({
            name: `alpha = ${alpha}`,
            points: DIRTY_RATES.map((w) => {
              const problem = scenario(w, { energy: { k0: 1, alpha } });
              const result = minimumEnergy(problem);
              const flat = energyJoule(single(problem), 900);
              return [w, result.feasible ? 100 * (1 - result.energy / flat) : null] as const;
            }),
          })),
        },
      ],
    }),
  },
];
