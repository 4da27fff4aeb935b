import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { solveLinear } from '../testing/linear-program.ts';
import { loadsOf } from './feasibility.ts';
import { maxNetRate, type NetRateDemand } from './net-rate.ts';
import type { AllocationProblem } from './problem.ts';
import { randomProblem, sequence } from './testing/random-problems.ts';

const demandOf = (links: readonly number[], min: number, max: number): NetRateDemand => ({
  uses: links.map((link) => ({ link, share: 1 })),
  rateMin: bitsPerSec(min),
  rateMax: bitsPerSec(max),
  dirtyRate: bitsPerSec(1),
});

const withDirtyRates = (
  problem: AllocationProblem,
  next: () => number,
): AllocationProblem<NetRateDemand> => ({
  ...problem,
  demands: problem.demands.map((demand) => ({ ...demand, dirtyRate: bitsPerSec(demand.rateMin * next()) })),
});

/** The same program by HiGHS, in units of 1 Gbit/s. */
function byHighs({ capacities, demands }: AllocationProblem<NetRateDemand>): number {
  const rows = capacities.map((capacity, link) => ({
    terms: Object.fromEntries(
      demands.flatMap(({ uses }, k) => {
        const share = uses.find((use) => use.link === link)?.share;
        return share === undefined ? [] : [[`r${k}`, share] as const];
      }),
    ),
    sense: '<=' as const,
    right: capacity / 1e9,
  }));
  const { value } = solveLinear({
    goal: 'Maximize',
    objective: Object.fromEntries(demands.map((_, k) => [`r${k}`, 1])),
    rows: rows.filter(({ terms }) => Object.keys(terms).length > 0),
    bounds: Object.fromEntries(
      demands.map(({ rateMin, rateMax }, k) => [`r${k}`, [rateMin / 1e9, rateMax / 1e9] as const]),
    ),
  });
  return value * 1e9 - demands.reduce((sum, { dirtyRate }) => sum + dirtyRate, 0);
}

function mustFit(problem: AllocationProblem, rates: readonly number[]): void {
  for (const [link, load] of loadsOf(problem.capacities.length, problem.demands, rates).entries())
    expect(load).toBeLessThanOrEqual(problem.capacities[link] as number);
  for (const [k, { rateMin, rateMax }] of problem.demands.entries()) {
    expect(rates[k]).toBeGreaterThanOrEqual(rateMin);
    expect(rates[k]).toBeLessThanOrEqual(rateMax);
  }
}

describe('the largest net rate', () => {
  it('serves two short ways rather than the long one', () => {
    const result = maxNetRate({
      capacities: [bitsPerSec(10), bitsPerSec(10)],
      demands: [demandOf([0, 1], 1, 100), demandOf([0], 1, 100), demandOf([1], 1, 100)],
    });
    if (!result.ok) throw new Error('infeasible');
    expect(result.status).toBe('optimal');
    expect(result.netRate).toBeCloseTo(1 + 9 + 9 - 3, 6);
    expect(result.rates[0]).toBeCloseTo(1, 6);
    expect(result.prices[0]).toBeCloseTo(1, 6);
  });

  it('gives equal demands equal rates although any split is optimal', () => {
    const result = maxNetRate({
      capacities: [bitsPerSec(10)],
      demands: [demandOf([0], 1, 100), demandOf([0], 1, 100)],
    });
    expect(result.ok && result.rates.map((rate) => rate.toFixed(6))).toEqual(['5.000000', '5.000000']);
  });

  it('gives the upper bounds where they fit', () => {
    const result = maxNetRate({
      capacities: [bitsPerSec(10)],
      demands: [demandOf([0], 1, 4), demandOf([], 1, 7)],
    });
    expect(result).toEqual({
      ok: true,
      status: 'optimal',
      rates: [4, 7],
      prices: [0],
      netRate: 9,
      upperBound: 9,
      gap: 0,
      iterations: 0,
    });
  });

  it('is proven also where lower bounds leave nothing of a link', () => {
    const result = maxNetRate({
      capacities: [bitsPerSec(10), bitsPerSec(10)],
      demands: [demandOf([0], 4, 9), demandOf([0, 1], 6, 8), demandOf([1], 1, 100)],
    });
    expect(result).toMatchObject({ ok: true, status: 'optimal' });
    expect(result.ok && result.rates).toEqual([4, 6, 4]);
  });

  it('is refused with the links when the lower bounds do not fit', () => {
    expect(maxNetRate({ capacities: [bitsPerSec(3)], demands: [demandOf([0], 4, 9)] })).toEqual({
      ok: false,
      overloads: [{ link: 0, capacity: 3, needed: 4 }],
    });
  });

  it('is what HiGHS finds on random networks, with a gap below one in a million', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const next = sequence(seed);
      const size = { links: 1 + Math.floor(next() * 10), demands: 1 + Math.floor(next() * 24) };
      const problem = withDirtyRates(randomProblem(next, size, seed % 7 === 0 ? 1 : next()), next);
      const result = maxNetRate(problem);
      if (!result.ok) throw new Error(`seed ${seed}: infeasible`);
      expect({ seed, status: result.status }).toEqual({ seed, status: 'optimal' });
      mustFit(problem, result.rates);
      const total = result.rates.reduce((sum, rate) => sum + rate, 0);
      expect(Math.abs(result.netRate - byHighs(problem)) / total).toBeLessThan(1e-6);
      expect(result.upperBound).toBeGreaterThanOrEqual(result.netRate - 1e-9 * total);
    }
  });

  it('is optimal with hundreds of full links, and tells its gap with more', () => {
    const large = (links: number, demands: number): AllocationProblem<NetRateDemand> => {
      const next = sequence(links);
      return {
        capacities: Array.from({ length: links }, () => bitsPerSec(10e9)),
        demands: Array.from({ length: demands }, () => {
          const path = Array.from({ length: 5 }, () => Math.floor(next() * links));
          return demandOf([...new Set(path)], 1e7, 1e9 + 9e9 * next());
        }),
      };
    };
    expect(maxNetRate(large(250, 900))).toMatchObject({ ok: true, status: 'optimal' });
    const beyond = maxNetRate(large(700, 2500));
    if (!beyond.ok) throw new Error('infeasible');
    expect(beyond.status).toBe(beyond.gap <= 1e-6 ? 'optimal' : 'work_limit');
    expect(beyond.gap).toBeLessThan(0.01);
  });
});
