/** Random problems and the conditions of their optimum, written once more from the definitions. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { AllocationProblem, CostedDemand, LinkUse, PowerSeries } from '../../problem.ts';

export type Problem = AllocationProblem<CostedDemand>;

/** Up to 12 links and 40 demands with costs of every kind; the least rates always fit. */
export function randomProblem(
  seed: number,
  linkCount?: number,
  large?: { readonly demands: number; readonly usesEach: number },
): Problem {
  const random = draws(seed);
  const links = linkCount ?? 1 + Math.floor(12 * random());
  const count = large?.demands ?? 1 + Math.floor(40 * random());
  const demands = Array.from({ length: count }, () => randomDemand(random, links, large?.usesEach));
  const least = demands.map((demand) => demand.rateMin);
  const capacities = Array.from({ length: links }, (_, link) =>
    bitsPerSec(Math.max(rateOf({ demands }, least, link) * (1 + 4 * random()), 1e8 * 50 ** random())),
  );
  return { capacities, demands };
}

/** It uses a third of the links, or about so many. */
export function randomDemand(random: () => number, linkCount: number, usesEach?: number): CostedDemand {
  const chance = usesEach === undefined ? 0.35 : usesEach / linkCount;
  const uses: LinkUse[] = [];
  for (let link = 0; link < linkCount; link += 1)
    if (random() < chance) uses.push({ link, share: random() < 0.7 ? 1 : 0.03 });
  const rateMin = 1e6 * 100 ** random();
  const rateMax = rateMin * 1000 ** random();
  const kinds = [-1, 1, -3, 0.5];
  const cost = kinds
    .filter(() => random() < 0.5)
    .map(
      (exponent): PowerSeries => ({
        scale: 10 ** (4 * random()) * 1e8 ** -exponent,
        exponent,
        dirtyRate: bitsPerSec(random() < 0.2 ? 0 : rateMin * 2 * random()),
        terms: 1 + Math.floor(6 * random()),
      }),
    );
  return { uses, rateMin: bitsPerSec(rateMin), rateMax: bitsPerSec(rateMax), cost };
}

/** What a link carries. */
export const rateOf = (
  { demands }: Pick<Problem, 'demands'>,
  rates: readonly BitsPerSec[],
  link: number,
): number =>
  demands.reduce(
    (sum, demand, index) =>
      sum +
      demand.uses
        .filter((use) => use.link === link)
        .reduce((part, { share }) => part + share * (rates[index] as number), 0),
    0,
  );

/** Σ over the terms of scale · R^(exponent − i) · w^i. */
export function costOf(demand: CostedDemand, rate: number): number {
  let cost = 0;
  for (const { scale, exponent, dirtyRate, terms } of demand.cost)
    for (let i = 0; i < terms; i += 1) cost += scale * rate ** (exponent - i) * dirtyRate ** i;
  return cost;
}

/** Derivatives in ln R: of order 1 or 2. */
function derivative(demand: CostedDemand, rate: number, order: 1 | 2): number {
  let sum = 0;
  for (const { scale, exponent, dirtyRate, terms } of demand.cost)
    for (let i = 0; i < terms; i += 1)
      sum += scale * (exponent - i) ** order * rate ** (exponent - i) * dirtyRate ** i;
  return sum;
}

/** Every condition of Karush, Kuhn and Tucker that does not hold, in words; and values that are not what they claim. */
export function brokenKkt(
  problem: Problem,
  solved: {
    readonly rates: readonly BitsPerSec[];
    readonly prices: readonly number[];
    readonly primal: number;
    readonly dual: number;
  },
): string[] {
  const broken: string[] = [];
  const { demands, capacities } = problem;
  const total = demands.reduce((sum, demand, k) => sum + costOf(demand, solved.rates[k] as number), 0);
  if (Math.abs(total - solved.primal) > 1e-9 * Math.abs(total))
    broken.push(`the rates cost ${total}, not ${solved.primal}`);
  if (solved.dual > solved.primal * (1 + 1e-12)) broken.push('the bound is above the cost');
  for (const [link, capacity] of capacities.entries()) {
    const load = rateOf(problem, solved.rates, link);
    const price = solved.prices[link] as number;
    if (load > capacity) broken.push(`link ${link} carries ${load} of ${capacity}`);
    if (price < 0) broken.push(`link ${link} has the price ${price}`);
    if (price * (capacity - load) > 1e-7 * total) broken.push(`link ${link} has a price and room`);
  }
  for (const [k, demand] of demands.entries()) {
    const rate = solved.rates[k] as number;
    const price = demand.uses.reduce((sum, use) => sum + use.share * (solved.prices[use.link] as number), 0);
    if (rate < demand.rateMin || rate > demand.rateMax) broken.push(`demand ${k} is out of its bounds`);
    // What a step of Newton in ln R, no further than the bound, would win; the gap bounds it.
    const slope = derivative(demand, rate, 1) + price * rate;
    const room = slope > 0 ? Math.log(rate / demand.rateMin) : Math.log(demand.rateMax / rate);
    const step = Math.min(Math.abs(slope) / (derivative(demand, rate, 2) + price * rate), room);
    const wins = Math.abs(slope) * step;
    if (wins > 1e-7 * total) broken.push(`demand ${k} would win ${wins} of ${total} elsewhere`);
  }
  return broken;
}

/** Mulberry32. */
export function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
