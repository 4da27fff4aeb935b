import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { checkOptimality, costOf, isOptimal } from './certificate.ts';
import type { AllocationProblem, CostedDemand } from './problem.ts';

/** Time of 1 and 4 units of volume over one link: min 1/a + 4/b with a + b = 9 is at a = 3, b = 6, for a price of 1/9. */
const twoTimes: AllocationProblem<CostedDemand> = {
  capacities: [bitsPerSec(9)],
  demands: [1, 4].map((scale) => ({
    uses: [{ link: 0, share: 1 }],
    rateMin: bitsPerSec(0.5),
    rateMax: bitsPerSec(100),
    cost: [{ scale, exponent: -1, dirtyRate: bitsPerSec(0), terms: 1 }],
  })),
};

describe('the check of optimality', () => {
  it('proves an optimum that was found by hand', () => {
    const check = checkOptimality(twoTimes, { rates: [3, 6], prices: [1 / 9] });
    expect(check).toEqual({
      primalValue: 1,
      dualValue: expect.closeTo(1, 12),
      relativeGap: expect.closeTo(0, 12),
      worstLink: null,
      worstBound: null,
      pricesValid: true,
      isFeasible: true,
    });
    expect(isOptimal(check)).toBe(true);
  });

  it('shows how far other rates or other prices are from a proof', () => {
    const otherRates = checkOptimality(twoTimes, { rates: [4.5, 4.5], prices: [1 / 9] });
    expect(otherRates.primalValue).toBeCloseTo(5 / 4.5, 12);
    expect(otherRates.relativeGap).toBeCloseTo((5 / 4.5 - 1) / (5 / 4.5), 9);
    expect(isOptimal(otherRates)).toBe(false);
    const otherPrices = checkOptimality(twoTimes, { rates: [3, 6], prices: [0.2] });
    expect(otherPrices.dualValue).toBeLessThan(1);
    expect(isOptimal(otherPrices)).toBe(false);
  });

  it('never finds a dual value above the cost of feasible rates', () => {
    for (let price = 0; price < 1; price += 0.05)
      for (let a = 0.5; a < 8.5; a += 0.5) {
        const { primalValue, dualValue } = checkOptimality(twoTimes, { rates: [a, 9 - a], prices: [price] });
        expect(dualValue).toBeLessThanOrEqual(primalValue * (1 + 1e-12));
      }
  });

  it('names the link and the demand that are worst', () => {
    expect(checkOptimality(twoTimes, { rates: [3, 15], prices: [1 / 9] })).toMatchObject({
      isFeasible: false,
      worstLink: { link: 0, overload: 1 },
      worstBound: null,
    });
    expect(checkOptimality(twoTimes, { rates: [0.25, 6], prices: [1 / 9] })).toMatchObject({
      isFeasible: false,
      worstLink: null,
      worstBound: { demand: 0, excess: 0.5 },
    });
  });

  it('refuses prices below zero, and whatever is no number or missing', () => {
    expect(isOptimal(checkOptimality(twoTimes, { rates: [3, 6], prices: [-1] }))).toBe(false);
    expect(isOptimal(checkOptimality(twoTimes, { rates: [3, 6], prices: [] }))).toBe(false);
    expect(isOptimal(checkOptimality(twoTimes, { rates: [3, Number.NaN], prices: [1 / 9] }))).toBe(false);
    expect(isOptimal(checkOptimality(twoTimes, { rates: [3], prices: [1 / 9] }))).toBe(false);
  });

  it('sums the rounds of a cost', () => {
    const series = { scale: 2, exponent: 1, dirtyRate: bitsPerSec(5), terms: 3 };
    expect(costOf([series], 10)).toBe(2 * 10 * (1 + 0.5 + 0.25));
  });
});
