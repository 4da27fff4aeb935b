import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { CostedDemand, LinkUse, PowerSeries } from '../problem.ts';
import { JOINT_GAP, JointAllocation, type JointSolution } from './joint-allocation.ts';
import { solveJoint } from './solve-joint.ts';
import { brokenKkt, randomProblem, rateOf } from './testing/problems.ts';

const time = (volume: number): PowerSeries => ({
  scale: volume,
  exponent: -1,
  dirtyRate: bitsPerSec(0),
  terms: 1,
});
const demand = (
  cost: readonly PowerSeries[],
  uses: readonly LinkUse[],
  min = 1e6,
  max = 1e11,
): CostedDemand => ({
  uses,
  rateMin: bitsPerSec(min),
  rateMax: bitsPerSec(max),
  cost,
});
const over = (...links: number[]): LinkUse[] => links.map((link) => ({ link, share: 1 }));
const rates = (...values: number[]) => values.map(bitsPerSec);

describe('joint allocation', () => {
  it('shares one link by the square roots of the volumes when the sum of times counts', () => {
    const solved = solveJoint(
      { capacities: rates(9e9), demands: [demand([time(1e10)], over(0)), demand([time(4e10)], over(0))] },
      { gapMax: 1e-9 },
    );
    expect(solved.status).toBe('optimal');
    expect(solved.rates[0]).toBeCloseTo(3e9, -2);
    expect(solved.rates[1]).toBeCloseTo(6e9, -2);
    // d(Σ V/R)/dc at the optimum: V/R² of each.
    expect((solved.prices[0] as number) * 3e9 ** 2).toBeCloseTo(1e10, -4);
  });

  it('agrees with the published optimum of three virtual machines on one link', () => {
    // models: V = 500, 1000, 2000 MB, D = 10.24 MB/s, n = 1, 125 MB/s.
    const series = (volume: number): PowerSeries => ({
      scale: volume * 8e6,
      exponent: -1,
      dirtyRate: bitsPerSec(10.24 * 8e6),
      terms: 2,
    });
    const solved = solveJoint(
      {
        capacities: rates(1e9),
        demands: [500, 1000, 2000].map((volume) => demand([series(volume)], over(0), 10.24 * 8e6, 1e9)),
      },
      { gapMax: 1e-9 },
    );
    expect(solved.rates.map((rate) => Number((rate / 8e6).toFixed(4)))).toEqual([30.1237, 40.3564, 54.5199]);
    expect(solved.primal).toBeCloseTo(96.881028, 5);
  });

  it('leaves everybody at the own optimum when there is room', () => {
    const cost = [time(1e10), { scale: 1e-8, exponent: 1, dirtyRate: bitsPerSec(0), terms: 1 }];
    const allocation = new JointAllocation<string>(rates(1e10));
    allocation.put('a', demand(cost, over(0)));
    expect(allocation.solve()).toMatchObject({ status: 'optimal', contendedLinks: 0 });
    expect(allocation.rate('a')).toBeCloseTo(1e9, -1);
    expect(allocation.binding('a')).toEqual({ kind: 'own_optimum', links: [] });
    expect(allocation.price(0)).toBe(0);
  });

  it('names what binds', () => {
    const allocation = new JointAllocation<string>(rates(1e9, 1e10));
    allocation.put('small', demand([time(1e10)], over(0, 1), 1e6, 1e8));
    allocation.put('large', demand([time(1e10)], over(0)));
    allocation.put('held', demand([time(1)], over(0), 2e8));
    allocation.solve({ gapMax: 1e-11 });
    expect(allocation.binding('small').kind).toBe('rate_max');
    expect(allocation.binding('held').kind).toBe('rate_min');
    expect(allocation.binding('large')).toEqual({
      kind: 'links',
      links: [{ link: 0, share: 1, price: allocation.price(0) }],
    });
    expect(allocation.rate('large')).toBeCloseTo(7e8, 0);
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
    'keeps the conditions of an optimum on a random network, seed %i',
    (seed) => {
      const problem = randomProblem(seed);
      const solved = solveJoint(problem, { gapMax: 1e-8 });
      expect(solved.status).toBe('optimal');
      expect(brokenKkt(problem, solved)).toEqual([]);
    },
  );

  it.each(Array.from({ length: 20 }, (_, seed) => seed + 101))(
    'after many changes stands where a cold start would stand, seed %i',
    (seed) => {
      const before = randomProblem(seed);
      const after = randomProblem(seed + 1000, before.capacities.length);
      const allocation = new JointAllocation<number>(before.capacities);
      for (const [index, one] of before.demands.entries()) allocation.put(index, one);
      allocation.solve({ gapMax: 1e-8 });
      for (const [index, one] of after.demands.entries()) {
        allocation.put(index, one);
        expect(allocation.solve({ gapMax: 1e-8 }).status).not.toBe('feasible');
      }
      for (let index = after.demands.length; index < before.demands.length; index += 1)
        expect(allocation.remove(index)).toBe(true);
      for (const [link, capacity] of after.capacities.entries()) allocation.setCapacity(link, capacity);
      const warm = allocation.solve({ gapMax: 1e-8 });
      const cold = solveJoint(after, { gapMax: 1e-8 });
      expect(warm.status).toBe('optimal');
      expect(warm.primal / cold.primal - 1).toBeLessThan(2e-8);
      const chosen = after.demands.map((_, index) => allocation.rate(index));
      expect(
        brokenKkt(after, {
          ...warm,
          rates: chosen,
          prices: after.capacities.map((_, link) => allocation.price(link)),
        }),
      ).toEqual([]);
    },
  );

  it('gives the same numbers for the same calls', () => {
    const once = () => {
      const problem = randomProblem(7);
      const allocation = new JointAllocation<number>(problem.capacities);
      for (const [index, one] of problem.demands.entries()) allocation.put(index, one);
      const solutions: JointSolution[] = [allocation.solve()];
      allocation.remove(0);
      solutions.push(allocation.solve());
      return { solutions, rates: problem.demands.slice(1).map((_, index) => allocation.rate(index + 1)) };
    };
    expect(once()).toEqual(once());
  });

  it('works only where a change reaches', () => {
    const islands = 300;
    const allocation = new JointAllocation<number>(Array.from({ length: islands }, () => bitsPerSec(1e9)));
    for (let id = 0; id < 4 * islands; id += 1)
      allocation.put(id, demand([time(1e10 * (1 + (id % 7)))], over(id % islands)));
    const whole = allocation.solve();
    allocation.put(5, demand([time(9e10)], over(5)));
    const part = allocation.solve();
    expect(part.status).toBe('optimal');
    expect(part.work).toBeLessThan(whole.work / 20);
    expect(allocation.changed().sort((a, b) => a - b)).toEqual([5, 305, 605, 905]);
  });

  it('follows a link that gets less, and one that gets more', () => {
    const allocation = new JointAllocation<string>(rates(1e9, 1e9));
    allocation.put('a', demand([time(1e10)], over(0, 1)));
    allocation.put('b', demand([time(1e10)], over(1)));
    allocation.solve({ gapMax: 1e-11 });
    allocation.setCapacity(0, bitsPerSec(2e8));
    allocation.solve({ gapMax: 1e-11 });
    expect(allocation.rate('a')).toBeCloseTo(2e8, -1);
    expect(allocation.rate('b')).toBeCloseTo(8e8, -1);
    allocation.setCapacity(0, bitsPerSec(2e9));
    allocation.solve({ gapMax: 1e-11 });
    expect(allocation.rate('a')).toBeCloseTo(5e8, -2);
    expect(allocation.price(0)).toBe(0);
  });

  it('lists the demands whose rate has changed', () => {
    const allocation = new JointAllocation<string>(rates(1e9, 1e9));
    allocation.put('a', demand([time(1e10)], over(0)));
    allocation.put('b', demand([time(1e10)], over(1)));
    allocation.solve();
    expect(allocation.changed()).toEqual(['a', 'b']);
    allocation.put('c', demand([time(1e10)], over(0)));
    allocation.solve();
    expect(allocation.changed().sort()).toEqual(['a', 'c']);
    expect(allocation.rate('a')).toBe(allocation.rate('c'));
    allocation.solve();
    expect(allocation.changed()).toEqual([]);
  });
});

describe('what joint allocation does at the edges', () => {
  it('solves nothing at no cost', () => {
    expect(solveJoint({ capacities: [], demands: [] })).toMatchObject({
      status: 'optimal',
      primal: 0,
      dual: 0,
      gap: 0,
    });
  });

  it('says which links the least rates overfill and changes nothing', () => {
    const allocation = new JointAllocation<string>(rates(1e9, 0));
    allocation.put('a', demand([time(1e10)], over(0)));
    allocation.solve();
    const before = allocation.rate('a');
    allocation.put('b', demand([time(1e10)], over(0, 1), 6e8));
    const solution = allocation.solve();
    expect(solution).toMatchObject({
      status: 'infeasible',
      overfull: [{ link: 1, least: 6e8, capacity: 0 }],
    });
    expect(allocation.rate('a')).toBe(before);
    expect(() => allocation.rate('b')).toThrow(RangeError);
    allocation.remove('b');
    expect(allocation.solve().status).toBe('optimal');
  });

  it('gives the least rates where they fill a link exactly', () => {
    const solved = solveJoint({
      capacities: rates(1e9),
      demands: [demand([time(1e10)], over(0), 4e8), demand([time(3e10)], over(0), 6e8)],
    });
    expect(solved.rates).toEqual([4e8, 6e8]);
    expect(solved.status).toBe('optimal');
  });

  it('gives the lowest rate to whom it does not matter, or whom speed costs', () => {
    const dear: PowerSeries = { scale: 1, exponent: 1, dirtyRate: bitsPerSec(0), terms: 1 };
    const solved = solveJoint({
      capacities: rates(1e9),
      demands: [
        demand([], over(0)),
        demand([time(0)], over(0)),
        demand([dear], over(0)),
        demand([time(1e10)], over(0)),
      ],
    });
    expect(solved.rates.slice(0, 3)).toEqual([1e6, 1e6, 1e6]);
    expect(solved.rates[3]).toBeCloseTo(9.97e8, -1);
  });

  it('gives the same to the same', () => {
    const one = demand([time(1e10)], [...over(0), { link: 1, share: 0.03 }]);
    const solved = solveJoint({ capacities: rates(1e9, 2e7), demands: [one, one, one] });
    expect(solved.rates[0]).toBe(solved.rates[1]);
    expect(solved.rates[1]).toBe(solved.rates[2]);
    expect(solved.rates[0]).toBeCloseTo(2e7 / 0.09, 0);
  });

  it('prices two links that always fill together without trouble', () => {
    const solved = solveJoint({
      capacities: rates(1e9, 1e9, 1e9),
      demands: [demand([time(1e10)], over(0, 1, 2)), demand([time(4e10)], over(0, 1, 2))],
    });
    expect(solved.status).toBe('optimal');
    expect(solved.rates[1]).toBeCloseTo(2e9 / 3, -2);
  });

  it('solves costs of very different size on one link', () => {
    const problem = {
      capacities: rates(1e9),
      demands: [1e-3, 1, 1e6, 1e16].map((volume) => demand([time(volume)], over(0), 1e3)),
    };
    const solved = solveJoint(problem, { gapMax: 1e-9 });
    expect(solved.status).toBe('optimal');
    expect(solved.rates.reduce((sum, rate) => sum + rate, 0)).toBeLessThanOrEqual(1e9);
  });

  it('returns rates that fit, and the gap they have, when the budget is small', () => {
    const solutions = [1, 2, 3, 4, 5].map((seed) => {
      const problem = randomProblem(seed);
      const solved = solveJoint(problem, { workMax: 10 });
      for (const [link, capacity] of problem.capacities.entries())
        expect(rateOf(problem, solved.rates, link)).toBeLessThanOrEqual(capacity);
      expect(solved.dual).toBeLessThanOrEqual(solved.primal);
      return solved;
    });
    const cut = solutions.filter(({ status }) => status === 'feasible');
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.every(({ gap }) => gap > JOINT_GAP)).toBe(true);
  });

  it('counts a link named twice by both shares', () => {
    const solved = solveJoint({
      capacities: rates(1e9),
      demands: [demand([time(1e10)], [...over(0), ...over(0)])],
    });
    expect(solved.rates[0]).toBeCloseTo(5e8, -1);
  });

  it.each([
    ['rateMin is 0', { rateMin: bitsPerSec(0) }],
    ['rateMax', { rateMax: bitsPerSec(1) }],
    ['link 7', { uses: over(7) }],
    ['share 0', { uses: [{ link: 0, share: 0 }] }],
    ['terms is 0', { cost: [{ ...time(1), terms: 0 }] }],
    ['scale is -1', { cost: [time(-1)] }],
    ['too large', { cost: [{ scale: 1e300, exponent: 9, dirtyRate: bitsPerSec(0), terms: 1 }] }],
  ])('refuses a demand by name: %s', (sentence, wrong) => {
    const allocation = new JointAllocation<string>(rates(1e9));
    allocation.put('a', demand([time(1e10)], over(0)));
    expect(() => allocation.put('a', { ...demand([time(1e10)], over(0)), ...wrong })).toThrow(sentence);
    expect(allocation.solve().status).toBe('optimal');
    expect(allocation.size).toBe(1);
  });
});
