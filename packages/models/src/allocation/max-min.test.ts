import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { maxMinFaults, maxMinRates } from './max-min.ts';
import type { AllocationProblem } from './problem.ts';
import { randomProblem, sequence } from './testing/random-problems.ts';

const problemOf = (
  capacities: readonly number[],
  demands: readonly (readonly [links: readonly number[], min: number, max: number])[],
): AllocationProblem => ({
  capacities: capacities.map(bitsPerSec),
  demands: demands.map(([links, min, max]) => ({
    uses: links.map((link) => ({ link, share: 1 })),
    rateMin: bitsPerSec(min),
    rateMax: bitsPerSec(max),
  })),
});

describe('max-min fair rates', () => {
  it('share one link evenly among those that want more', () => {
    expect(
      maxMinRates(
        problemOf(
          [10],
          [
            [[0], 1, 2],
            [[0], 1, 100],
            [[0], 1, 50],
          ],
        ),
      ),
    ).toEqual({
      ok: true,
      rates: [2, 4, 4],
      limits: [
        { kind: 'rate_max' },
        { kind: 'link', link: 0, level: 4 },
        { kind: 'link', link: 0, level: 4 },
      ],
    });
  });

  it('take nobody below a lower bound, whatever the others have', () => {
    expect(
      maxMinRates(
        problemOf(
          [10],
          [
            [[0], 6, 100],
            [[0], 1, 100],
            [[0], 1, 100],
          ],
        ),
      ),
    ).toEqual({
      ok: true,
      rates: [6, 2, 2],
      limits: [
        { kind: 'rate_min', link: 0 },
        { kind: 'link', link: 0, level: 2 },
        { kind: 'link', link: 0, level: 2 },
      ],
    });
  });

  it('stand in the ratio of the weights', () => {
    const problem = problemOf(
      [12],
      [
        [[0], 1, 100],
        [[0], 1, 100],
      ],
    );
    expect(maxMinRates(problem, { weights: [1, 3] })).toMatchObject({ rates: [3, 9] });
  });

  it('count a link only by the share that crosses it', () => {
    const problem: AllocationProblem = {
      capacities: [bitsPerSec(100), bitsPerSec(1)],
      demands: [
        {
          uses: [
            { link: 0, share: 1 },
            { link: 1, share: 0.02 },
          ],
          rateMin: bitsPerSec(1),
          rateMax: bitsPerSec(1000),
        },
      ],
    };
    expect(maxMinRates(problem)).toMatchObject({ rates: [50], limits: [{ kind: 'link', link: 1 }] });
  });

  it('give the upper bound to whom nothing holds', () => {
    expect(maxMinRates(problemOf([], [[[], 1, 7]]))).toEqual({
      ok: true,
      rates: [7],
      limits: [{ kind: 'rate_max' }],
    });
  });

  it('are refused with the links when the lower bounds do not fit', () => {
    const problem = problemOf(
      [10, 5],
      [
        [[0], 6, 7],
        [[0, 1], 5, 9],
      ],
    );
    expect(maxMinRates(problem)).toEqual({ ok: false, overloads: [{ link: 0, capacity: 10, needed: 11 }] });
  });

  it('carry the certificate on random networks, and no link is over by a bit', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const next = sequence(seed);
      const size = { links: 1 + Math.floor(next() * 8), demands: 1 + Math.floor(next() * 20) };
      const problem = randomProblem(next, size, seed % 5 === 0 ? 1 - 1e-12 : next());
      const weights = problem.demands.map(() => (seed % 2 === 0 ? 1 : 0.1 + 10 * next()));
      const result = maxMinRates(problem, { weights });
      if (!result.ok) throw new Error(`seed ${seed}: lower bounds do not fit`);
      expect({ seed, faults: maxMinFaults(problem, result.rates, { weights }) }).toEqual({
        seed,
        faults: [],
      });
      const loads = problem.capacities.map((_, link) =>
        problem.demands.reduce(
          (sum, { uses }, k) =>
            uses.reduce(
              (to, use) => (use.link === link ? to + use.share * (result.rates[k] as number) : to),
              sum,
            ),
          0,
        ),
      );
      for (const [link, load] of loads.entries())
        expect(load).toBeLessThanOrEqual(problem.capacities[link] as number);
    }
  });

  it('serve ten thousand demands with every limit told', () => {
    const next = sequence(7);
    const links = 2000;
    const problem: AllocationProblem = {
      capacities: Array.from({ length: links }, () => bitsPerSec(10e9)),
      demands: Array.from({ length: 10_000 }, () => ({
        uses: Array.from(new Set(Array.from({ length: 6 }, () => Math.floor(next() * links)))).map(
          (link) => ({
            link,
            share: 1,
          }),
        ),
        rateMin: bitsPerSec(1e6 + 1e7 * next()),
        rateMax: bitsPerSec(1e9 + 9e9 * next()),
      })),
    };
    const result = maxMinRates(problem);
    if (!result.ok) throw new Error('lower bounds do not fit');
    expect(maxMinFaults(problem, result.rates)).toEqual([]);
  });
});

describe('the certificate of max-min', () => {
  const problem = problemOf(
    [10],
    [
      [[0], 1, 100],
      [[0], 1, 100],
    ],
  );

  it('finds rates that are unfair, too low, too high or out of bounds', () => {
    expect(maxMinFaults(problem, [5, 5])).toEqual([]);
    expect(maxMinFaults(problem, [4, 6])).toEqual([{ kind: 'could_rise', demand: 0 }]);
    expect(maxMinFaults(problem, [4, 4])).toEqual([
      { kind: 'could_rise', demand: 0 },
      { kind: 'could_rise', demand: 1 },
    ]);
    expect(maxMinFaults(problem, [6, 6])).toEqual([{ kind: 'over_capacity', link: 0, load: 12 }]);
    expect(maxMinFaults(problem, [0.5, 9.5])).toEqual([{ kind: 'out_of_bounds', demand: 0 }]);
    expect(maxMinFaults(problem, [Number.NaN, 5])).toContainEqual({ kind: 'out_of_bounds', demand: 0 });
  });
});
