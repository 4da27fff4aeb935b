// The joint allocation against two slow solvers that share no code with it, and against the certificate's own check.
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { checkOptimality, isOptimal } from './certificate.ts';
import { overloads } from './feasibility.ts';
import { JointAllocation } from './joint/joint-allocation.ts';
import { solveJoint } from './joint/solve-joint.ts';
import type { AllocationProblem, CostedDemand } from './problem.ts';
import { relax } from './relaxation.ts';
import { byBarrier, byTangents } from './testing/oracles.ts';
import { oddProblem, randomProblem, sequence, withCosts } from './testing/random-problems.ts';

function randomCosted(seed: number, tightness: number, demandsMax = 8): AllocationProblem<CostedDemand> {
  const next = sequence(seed);
  const size = { links: 1 + Math.floor(next() * 5), demands: 1 + Math.floor(next() * demandsMax) };
  return withCosts(next, randomProblem(next, size, tightness * next()));
}

/** With exponents −1, 0, 1 and 2 only: then a cost is convex in the rate itself. */
const withWholeExponents = (problem: AllocationProblem<CostedDemand>): AllocationProblem<CostedDemand> => ({
  ...problem,
  demands: problem.demands.map((demand) => ({
    ...demand,
    cost: demand.cost.map((series) => {
      const exponent = series.exponent < 0 ? -1 : Math.round(series.exponent * 0.8);
      return { ...series, exponent, scale: series.scale * demand.rateMin ** (series.exponent - exponent) };
    }),
  })),
});

function mustBeProven(problem: AllocationProblem<CostedDemand>, seed: number) {
  const solved = solveJoint(problem);
  expect({ seed, status: solved.status }).toEqual({ seed, status: 'optimal' });
  const check = checkOptimality(problem, solved);
  if (!isOptimal(check)) throw new Error(`seed ${seed}: ${JSON.stringify(check)}`);
  expect(Math.abs(solved.primal - check.primalValue)).toBeLessThanOrEqual(1e-9 * check.primalValue);
  return solved;
}

function mustAgree(cost: number, oracle: number, seed: number): void {
  if (!(Math.abs(cost - oracle) <= 1e-6 * oracle)) throw new Error(`seed ${seed}: ${cost}, oracle ${oracle}`);
}

// Hundreds of problems each: slow only where the machine has much else to do.
describe('the joint allocation', { timeout: 180_000 }, () => {
  it('costs what a barrier method finds, within one in a million', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const problem = randomCosted(seed, 0.95);
      const solved = mustBeProven(problem, seed);
      const oracle = byBarrier(problem);
      mustAgree(solved.primal, oracle.value, seed);
      expect(solved.primal).toBeGreaterThanOrEqual(oracle.lowerBound * (1 - 1e-9));
      expect(solved.dual).toBeLessThanOrEqual(oracle.value * (1 + 1e-9));
    }
  });

  it('costs what HiGHS finds by tangents, within one in a million', () => {
    for (let seed = 1001; seed <= 1060; seed += 1) {
      const problem = withWholeExponents(randomCosted(seed, 0.95, 6));
      const solved = mustBeProven(problem, seed);
      const oracle = byTangents(problem);
      mustAgree(solved.primal, oracle.value, seed);
    }
  });

  it('is proven where the lower bounds leave little or nothing', () => {
    for (let seed = 2001; seed <= 2200; seed += 1) {
      const next = sequence(seed);
      const size = { links: 1 + Math.floor(next() * 6), demands: 1 + Math.floor(next() * 12) };
      const problem = withCosts(next, randomProblem(next, size, 1 - 10 ** -(1 + 12 * next())));
      if (overloads(problem).length > 0) continue;
      mustBeProven(problem, seed);
    }
  });

  it('is proven for costs of any shape: constant, rising, none, steep, with dirty rates above the rate', () => {
    for (let seed = 3001; seed <= 3300; seed += 1) {
      const next = sequence(seed);
      const size = { links: 1 + Math.floor(next() * 4), demands: 1 + Math.floor(next() * 8) };
      const plain = randomProblem(next, size, 0.9);
      const problem = {
        ...plain,
        demands: plain.demands.map((demand): CostedDemand => {
          const series = () => {
            const exponent = [0, -3, 5, -0.5, 1e-6][Math.floor(next() * 5)] as number;
            const terms = 1 + Math.floor(next() * 20);
            const scale = (10 ** (-6 + 12 * next()) * (next() < 0.1 ? 0 : 1)) / demand.rateMin ** exponent;
            return { scale, exponent, dirtyRate: bitsPerSec(demand.rateMin * 1.5 * next()), terms };
          };
          return { ...demand, cost: Array.from({ length: Math.floor(next() * 4) }, series) };
        }),
      };
      mustBeProven(problem, seed);
    }
  });

  it('is proven on networks of many sizes and odd shapes', () => {
    const hard = [864, 922, 1921, 2329, 2851, 3651, 6075, 6558, 8014, 8589, 8923, 9867, 10936];
    const plain = Array.from({ length: 500 }, (_, i) => 20_000 + i);
    for (const seed of [...hard, ...plain]) {
      const problem = oddProblem(seed);
      if (overloads(problem).length === 0) mustBeProven(problem, seed);
    }
  });

  it('never costs more when a link gets more', () => {
    for (let seed = 7001; seed <= 7150; seed += 1) {
      const problem = randomCosted(seed, 0.95);
      const link = seed % problem.capacities.length;
      const grown = problem.capacities.map((c, l) => (l === link ? bitsPerSec(c * 1.2) : c));
      const before = solveJoint(problem).primal;
      const after = solveJoint({ ...problem, capacities: grown }).primal;
      expect({ seed, isLess: after <= before * (1 + 1e-6) }).toEqual({ seed, isLess: true });
    }
  });

  it('is refused exactly where lower bounds do not fit, and solved after relaxation', () => {
    let refused = 0;
    for (let seed = 4001; seed <= 4200; seed += 1) {
      const next = sequence(seed);
      const size = { links: 1 + Math.floor(next() * 5), demands: 1 + Math.floor(next() * 10) };
      const problem = withCosts(next, randomProblem(next, size, 0.4 + next()));
      const over = overloads(problem);
      const solved = solveJoint(problem);
      expect(solved.overfull.map(({ link }) => link)).toEqual(over.map(({ link }) => link));
      if (over.length === 0) continue;
      refused += 1;
      expect(solved.status).toBe('infeasible');
      const ranked = problem.demands.map((demand) => ({ ...demand, priority: Math.floor(next() * 3) }));
      const { rateMins } = relax({ ...problem, demands: ranked });
      const demands = problem.demands.flatMap((demand, k): CostedDemand[] => {
        const rateMin = rateMins[k] as CostedDemand['rateMin'];
        return rateMin > 0 ? [{ ...demand, rateMin }] : [];
      });
      mustBeProven({ ...problem, demands }, seed);
    }
    expect(refused).toBeGreaterThan(50);
  });

  it('is the same from the last round as from nothing, to the gap', () => {
    for (let seed = 5001; seed <= 5060; seed += 1) {
      const next = sequence(seed);
      const problem = withCosts(next, randomProblem(next, { links: 5, demands: 12 }, 0.7));
      const kept = new JointAllocation<number>(problem.capacities);
      const demands = [...problem.demands];
      const capacities = [...problem.capacities];
      for (const [k, demand] of demands.entries()) kept.put(k, demand);
      for (let round = 0; round < 12; round += 1) {
        const k = Math.floor(next() * demands.length);
        const { rateMin, rateMax, ...old } = demands[k] as CostedDemand;
        const fresh = {
          ...old,
          rateMin: bitsPerSec(rateMin * (0.7 + 0.3 * next())),
          rateMax: bitsPerSec(rateMax * (1 + next())),
        };
        demands[k] = fresh;
        kept.put(k, fresh);
        const link = Math.floor(next() * capacities.length);
        capacities[link] = bitsPerSec((capacities[link] as number) * (0.98 + 0.1 * next()));
        kept.setCapacity(link, capacities[link] as CostedDemand['rateMin']);
        const now = { capacities, demands };
        const warm = kept.solve();
        if (overloads(now).length > 0) {
          expect(warm.status).toBe('infeasible');
          continue;
        }
        const check = checkOptimality(now, {
          rates: demands.map((_, index) => kept.rate(index)),
          prices: capacities.map((_, index) => kept.price(index)),
        });
        if (!isOptimal(check)) throw new Error(`seed ${seed} round ${round}: ${JSON.stringify(check)}`);
        const cold = solveJoint(now);
        expect({ seed, round, error: warm.primal / cold.primal - 1 }).toEqual({
          seed,
          round,
          error: expect.closeTo(0, 5),
        });
      }
    }
  });
});
