/** Small random problems for the tests of allocators, the same for the same seed. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { AllocationProblem, CostedDemand, LinkUse, PowerSeries, RateDemand } from '../problem.ts';

/** Numbers in [0, 1): the generator mulberry32. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface RandomSize {
  readonly links: number;
  readonly demands: number;
}

/**
 * Links of 1 to 100 Gbit/s, each demand over some of them and with a small share over others. The lower bounds take at
 * most `tightness` of every link, so they fit when that is at most 1; about every fifth demand has lower = upper bound.
 */
export function randomProblem(
  next: () => number,
  { links, demands }: RandomSize,
  tightness = 0.8,
): AllocationProblem {
  const capacities = Array.from({ length: links }, () => bitsPerSec(Math.round(1e9 * 100 ** next())));
  const wishes = Array.from({ length: demands }, () => ({ uses: randomUses(next, links), wish: next() }));
  const wanted = new Float64Array(links);
  for (const { uses, wish } of wishes)
    for (const { link, share } of uses) wanted[link] = (wanted[link] as number) + share * wish;
  const unit = Math.min(
    ...capacities.map((capacity, l) =>
      wanted[l] === 0 ? Number.POSITIVE_INFINITY : capacity / (wanted[l] as number),
    ),
  );
  const scale = tightness * (Number.isFinite(unit) ? unit : 1e9);
  return {
    capacities,
    demands: wishes.map(({ uses, wish }): RateDemand => {
      const rateMin = bitsPerSec(1e3 + wish * scale * (1 - 1e-3));
      return { uses, rateMin, rateMax: bitsPerSec(rateMin * (next() < 0.2 ? 1 : 1 + 30 * next() ** 2)) };
    }),
  };
}

export function randomUses(next: () => number, links: number): readonly LinkUse[] {
  const first = Math.floor(next() * links);
  return Array.from({ length: links }, (_, link) => link).flatMap((link): LinkUse[] => {
    if (link === first || next() < 0.3) return [{ link, share: 1 }];
    return next() < 0.15 ? [{ link, share: 0.03 }] : [];
  });
}

/** Energy with alpha 1 to 3.5, total time, downtime, or two of them, for demands with dirty rates below their rates. */
export function withCosts(next: () => number, problem: AllocationProblem): AllocationProblem<CostedDemand> {
  return {
    capacities: problem.capacities,
    demands: problem.demands.map((demand) => ({ ...demand, cost: randomCost(next, demand.rateMin) })),
  };
}

function randomCost(next: () => number, rateMin: BitsPerSec): readonly PowerSeries[] {
  const dirtyRate = bitsPerSec(next() < 0.1 ? 0 : rateMin * (0.05 + 0.9 * next()));
  const terms = 1 + Math.floor(next() * 8);
  const volume = 8e9 * 64 ** next();
  const series = (): PowerSeries => {
    const isEnergy = next() < 0.6;
    const exponent = isEnergy ? 2.5 * next() : -1;
    // Brought to about the size of one at the lower bound, times a weight.
    const scale = ((0.1 + 10 * next()) * (isEnergy ? 1 : volume / 8e9)) / rateMin ** exponent;
    return { scale, exponent, dirtyRate, terms };
  };
  return next() < 0.5 ? [series()] : [series(), series()];
}

/** Problems of many sizes and odd shapes: almost clamped, wide bounds, costs of all scales, equal ones, small shares. */
export function oddProblem(seed: number): AllocationProblem<CostedDemand> {
  const next = sequence(seed);
  const size = { links: 1 + Math.floor(40 ** next()), demands: 1 + Math.floor(80 ** next()) };
  const problem = withCosts(next, randomProblem(next, size, 1 - 10 ** -(14 * next() * next())));
  const shape = SHAPES[seed % SHAPES.length] as Shape;
  return { ...problem, demands: problem.demands.map((demand) => ({ ...demand, ...shape(demand, next) })) };
}

type Shape = (demand: CostedDemand, next: () => number) => Partial<CostedDemand>;

const SHAPES: readonly Shape[] = [
  () => ({}),
  ({ rateMin }, next) => ({ rateMax: bitsPerSec(rateMin * (1 + 10 ** -(12 * next()))) }),
  ({ rateMin }, next) => ({ rateMin: bitsPerSec(rateMin * 10 ** -(8 * next())) }),
  ({ rateMin, cost }, next) => ({
    cost: cost.map((series) => ({
      ...series,
      scale: series.scale * 10 ** (20 * next() - 10),
      dirtyRate: bitsPerSec(rateMin * 2 * next()),
      terms: 1 + Math.floor(60 * next()),
    })),
  }),
  ({ rateMin }) => ({ cost: [{ scale: rateMin, exponent: -1, dirtyRate: bitsPerSec(0), terms: 1 }] }),
  ({ uses }, next) => ({ uses: uses.map((use) => ({ ...use, share: use.share * 10 ** -(4 * next()) })) }),
];
