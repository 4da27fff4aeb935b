import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { loadsOf, overloads } from './feasibility.ts';
import type { AllocationProblem } from './problem.ts';
import { type RelaxableDemand, relax } from './relaxation.ts';
import { randomProblem, sequence } from './testing/random-problems.ts';

const problemOf = (
  capacities: readonly number[],
  demands: readonly (readonly [links: readonly number[], min: number, priority: number])[],
): AllocationProblem<RelaxableDemand> => ({
  capacities: capacities.map(bitsPerSec),
  demands: demands.map(([links, min, priority]) => ({
    uses: links.map((link) => ({ link, share: 1 })),
    rateMin: bitsPerSec(min),
    rateMax: bitsPerSec(2 * min),
    priority,
  })),
});

function randomTooMuch(seed: number): AllocationProblem<RelaxableDemand> {
  const next = sequence(seed);
  const size = { links: 1 + Math.floor(next() * 6), demands: 1 + Math.floor(next() * 12) };
  const problem = randomProblem(next, size, 0.5 + 2 * next());
  return {
    ...problem,
    demands: problem.demands.map((demand) => ({ ...demand, priority: Math.floor(next() * 3) })),
  };
}

const relaxed = (
  problem: AllocationProblem<RelaxableDemand>,
  rateMins: ReturnType<typeof relax>['rateMins'],
): AllocationProblem<RelaxableDemand> => ({
  ...problem,
  demands: problem.demands.map((demand, k) => ({ ...demand, rateMin: rateMins[k] ?? demand.rateMin })),
});

/** Kept parts, sorted, class after class from the highest: what relaxation makes as large as it can, as a word. */
function word(problem: AllocationProblem<RelaxableDemand>): readonly number[] {
  const { rateMins } = relax(problem);
  const parts = problem.demands.map(({ priority, rateMin }, k) => ({
    priority,
    kept: (rateMins[k] as number) / rateMin,
  }));
  return parts.sort((a, b) => b.priority - a.priority || a.kept - b.kept).map(({ kept }) => kept);
}

describe('relaxation', () => {
  it('touches nothing that fits', () => {
    const problem = problemOf(
      [10],
      [
        [[0], 4, 1],
        [[0], 6, 1],
      ],
    );
    expect(relax(problem)).toEqual({ rateMins: [4, 6], overloads: [], losses: [] });
  });

  it('takes from the lowest priority first, and names links and losses', () => {
    const problem = problemOf(
      [10],
      [
        [[0], 6, 2],
        [[0], 8, 1],
      ],
    );
    expect(relax(problem)).toEqual({
      rateMins: [6, 4],
      overloads: [{ link: 0, capacity: 10, needed: 14 }],
      losses: [{ demand: 1, from: 8, to: 4, lost: 4, keptShare: 0.5, link: 0 }],
    });
  });

  it('leaves the lower nothing when the higher need it all', () => {
    const problem = problemOf(
      [10],
      [
        [[0], 20, 2],
        [[0], 8, 1],
      ],
    );
    const { rateMins, losses } = relax(problem);
    expect(rateMins).toEqual([10, 0]);
    expect(losses.map(({ demand, keptShare }) => [demand, keptShare])).toEqual([
      [0, 0.5],
      [1, 0],
    ]);
  });

  it('shares a shortfall within a class in relative terms', () => {
    const problem = problemOf(
      [9],
      [
        [[0], 4, 1],
        [[0], 8, 1],
      ],
    );
    expect(relax(problem).rateMins).toEqual([3, 6]);
  });

  it('takes nothing from who is not in the way', () => {
    const problem = problemOf(
      [10, 10],
      [
        [[0], 8, 1],
        [[0, 1], 12, 1],
        [[1], 2, 1],
      ],
    );
    expect(relax(problem).rateMins).toEqual([4, 6, 2]);
  });

  it('fits to the bit, never raises, and changes nothing the second time', () => {
    for (let seed = 1; seed <= 600; seed += 1) {
      const problem = randomTooMuch(seed);
      const { rateMins, losses } = relax(problem);
      const again = relaxed(problem, rateMins);
      expect({ seed, over: overloads(again) }).toEqual({ seed, over: [] });
      expect(relax(again)).toEqual({ rateMins, overloads: [], losses: [] });
      for (const [k, { rateMin }] of problem.demands.entries())
        expect(rateMins[k]).toBeLessThanOrEqual(rateMin);
      for (const { demand, link } of losses)
        expect(problem.demands[demand]?.uses.some((use) => use.link === link)).toBe(true);
    }
  });

  it('gives the higher classes what they would have without the lower ones', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const problem = randomTooMuch(seed);
      const { rateMins } = relax(problem);
      const upper = problem.demands.flatMap(({ priority }, k) => (priority === 2 ? [k] : []));
      const alone = relax({ ...problem, demands: problem.demands.filter(({ priority }) => priority === 2) });
      for (const [i, k] of upper.entries())
        expect((rateMins[k] as number) / (alone.rateMins[i] as number)).toBeCloseTo(1, 9);
    }
  });

  it('takes only what full links cannot hold, and least from the worst off of the highest class', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const problem = randomTooMuch(seed);
      const { rateMins, losses } = relax(problem);
      const loads = loadsOf(problem.capacities.length, problem.demands, rateMins);
      for (const { link } of losses)
        expect((loads[link] as number) / (problem.capacities[link] as number)).toBeGreaterThan(1 - 1e-9);
      const highest = Math.max(...problem.demands.map(({ priority }) => priority));
      const members = problem.demands.flatMap(({ priority }, k) => (priority === highest ? [k] : []));
      const asked = loadsOf(
        problem.capacities.length,
        members.map((k) => problem.demands[k] as RelaxableDemand),
        members.map((k) => problem.demands[k]?.rateMin ?? 0),
      );
      const best = Math.min(1, ...problem.capacities.map((c, l) => c / (asked[l] as number)));
      const worst = Math.min(
        ...members.map((k) => (rateMins[k] as number) / (problem.demands[k]?.rateMin ?? 0)),
      );
      expect(worst).toBeCloseTo(best, 9);
    }
  });

  it('keeps more, class after class, when a link gets more', () => {
    let changed = 0;
    for (let seed = 1; seed <= 600; seed += 1) {
      const problem = randomTooMuch(seed);
      const grown = {
        ...problem,
        capacities: problem.capacities.map((c, l) =>
          l === seed % problem.capacities.length ? bitsPerSec(c * 1.3) : c,
        ),
      };
      const [before, after] = [word(problem), word(grown)];
      const first = before.findIndex((kept, i) => Math.abs(kept - (after[i] as number)) > 1e-9);
      if (first === -1) continue;
      changed += 1;
      expect({ seed, isMore: (after[first] as number) > (before[first] as number) }).toEqual({
        seed,
        isMore: true,
      });
    }
    expect(changed).toBeGreaterThan(100);
  });
});
