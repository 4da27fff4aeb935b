import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { checkOptimality, isOptimal } from '../certificate.ts';
import { overloads } from '../feasibility.ts';
import type { AllocationProblem, CostedDemand } from '../problem.ts';
import { interiorJoint } from './interior-joint.ts';
import { oddProblem } from './random-problems.ts';

const time = (scale: number, rateMin: number, rateMax: number): CostedDemand => ({
  uses: [{ link: 0, share: 1 }],
  rateMin: bitsPerSec(rateMin),
  rateMax: bitsPerSec(rateMax),
  cost: [{ scale, exponent: -1, dirtyRate: bitsPerSec(0), terms: 1 }],
});

function proof(problem: AllocationProblem<CostedDemand>) {
  const { rates, prices } = interiorJoint(problem, 1e-8);
  return { rates, prices, check: checkOptimality(problem, { rates: [...rates], prices: [...prices] }) };
}

describe('the interior method', () => {
  it('shares a link by the square roots of the volumes', () => {
    const { rates, prices, check } = proof({
      capacities: [bitsPerSec(9)],
      demands: [time(1, 0.5, 100), time(4, 0.5, 100)],
    });
    expect(isOptimal(check)).toBe(true);
    expect(rates[0]).toBeCloseTo(3, 2);
    expect(rates[1]).toBeCloseTo(6, 2);
    expect(prices[0]).toBeCloseTo(1 / 9, 3);
  });

  it('holds all that crosses a link without room at the lower bound, and prices the link for it', () => {
    const { rates, check } = proof({
      capacities: [bitsPerSec(9)],
      demands: [time(1, 4, 100), time(4, 5, 100)],
    });
    expect([...rates]).toEqual([4, 5]);
    expect(isOptimal(check)).toBe(true);
  });

  it('is proven on networks of many sizes and odd shapes', () => {
    const hard = [864, 922, 1921, 2329, 2851, 3651, 6075, 6558, 8014, 8589, 8923, 9867, 10936];
    const plain = Array.from({ length: 80 }, (_, i) => 30_000 + i);
    for (const seed of [...hard, ...plain]) {
      const problem = oddProblem(seed);
      if (overloads(problem).length > 0) continue;
      const { check } = proof(problem);
      if (!isOptimal(check)) throw new Error(`seed ${seed}: ${JSON.stringify(check)}`);
    }
  });
});
