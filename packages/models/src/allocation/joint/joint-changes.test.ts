/** After every one of many random changes the answer is proven from the outside, by a checker that shares no code. */
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { checkOptimality, isOptimal } from '../certificate.ts';
import { overloads } from '../feasibility.ts';
import { JOINT_GAP, type JointSolution } from './joint-allocation.ts';
import { solveJoint } from './solve-joint.ts';
import { ChangingProblem } from './testing/changing-problem.ts';
import { type Problem, randomProblem } from './testing/problems.ts';

const LONG_CHANGES = 3000;
const COMPARED_EVERY = 100;

/** Fails unless the answer fits, is optimal, and says of itself what the checker finds. */
function mustBeProven(changing: ChangingProblem, solution: JointSolution, where: string): void {
  const { problem, rates, prices } = changing;
  const check = checkOptimality(problem, { rates, prices });
  if (!isOptimal(check)) throw new Error(`${where}: ${JSON.stringify(check)}`);
  expect(Math.abs(solution.primal - check.primalValue)).toBeLessThanOrEqual(1e-9 * check.primalValue);
  expect(Math.abs(solution.dual - check.dualValue)).toBeLessThanOrEqual(1e-8 * check.primalValue);
}

/** Makes the changes one by one and returns how many answers were proven and how many sets did not fit. */
function follow(
  problem: Problem,
  seed: number,
  { count, usesEach }: { readonly count: number; readonly usesEach?: number },
): { proven: number; refused: number; contended: number } {
  const changing = new ChangingProblem(problem, seed, usesEach);
  const done = { proven: 0, refused: 0, contended: 0 };
  for (let change = 0; change < count; change += 1) {
    changing.change();
    const solution = changing.allocation.solve();
    if (overloads(changing.problem).length > 0) {
      expect({ seed, change, status: solution.status }).toEqual({ seed, change, status: 'infeasible' });
      changing.makeRoom(solution);
      done.refused += 1;
      continue;
    }
    mustBeProven(changing, solution, `seed ${seed} change ${change}`);
    done.proven += 1;
    done.contended = Math.max(done.contended, solution.contendedLinks);
  }
  return done;
}

describe('joint allocation after changes', () => {
  it.each(Array.from({ length: 40 }, (_, index) => 8001 + index))(
    'is proven after every change of a small network, seed %i',
    (seed) => {
      const { proven } = follow(randomProblem(seed), seed, { count: 50 });
      expect(proven).toBeGreaterThan(0);
    },
  );

  it.each([9001, 9002, 9003, 9004])(
    'is proven after every change of a network of many full links, seed %i',
    (seed) => {
      const { proven, contended } = follow(randomProblem(seed, 500, { demands: 900, usesEach: 4 }), seed, {
        count: 120,
        usesEach: 4,
      });
      expect(proven).toBeGreaterThan(60);
      // More than one region: the couplings of all of them are kept and changed in place.
      expect(contended).toBeGreaterThan(64);
    },
    120_000,
  );

  it.each([9301, 9302])(
    'is proven after every change where links are filled up and not polished, seed %i',
    (seed) => {
      const { proven, contended } = follow(randomProblem(seed, 600, { demands: 1600, usesEach: 4 }), seed, {
        count: 80,
        usesEach: 4,
      });
      expect(proven).toBeGreaterThan(40);
      expect(contended).toBeGreaterThan(64);
    },
    120_000,
  );

  it.each([9101, 9102])(
    'answers after thousands of changes as from nothing, and nothing has drifted, seed %i',
    (seed) => {
      const usesEach = 4;
      const changing = new ChangingProblem(
        randomProblem(seed, 200, { demands: 400, usesEach }),
        seed,
        usesEach,
      );
      let compared = 0;
      for (let change = 1; change <= LONG_CHANGES; change += 1) {
        changing.change();
        const solution = changing.allocation.solve();
        if (solution.status === 'infeasible') {
          changing.makeRoom(solution);
          continue;
        }
        expect({ change, status: solution.status }).toEqual({ change, status: 'optimal' });
        if (change % COMPARED_EVERY > 0) continue;
        mustBeProven(changing, solution, `seed ${seed} change ${change}`);
        const fresh = solveJoint(changing.problem);
        // Neither is further from the optimum than its gap, and both are above it.
        expect(Math.abs(solution.primal - fresh.primal)).toBeLessThanOrEqual(JOINT_GAP * fresh.primal);
        compared += 1;
      }
      expect(compared).toBeGreaterThan((0.5 * LONG_CHANGES) / COMPARED_EVERY);
    },
    120_000,
  );

  it('keeps its rates while a demand does not fit, and is proven again without it', () => {
    const usesEach = 4;
    const changing = new ChangingProblem(
      randomProblem(9201, 200, { demands: 400, usesEach }),
      9201,
      usesEach,
    );
    for (let turn = 0; turn < 20; turn += 1) {
      changing.change();
      const before = changing.allocation.solve();
      if (before.status === 'infeasible') {
        changing.makeRoom(before);
        continue;
      }
      const { rates } = changing;
      const rate = bitsPerSec(2 * Math.max(...changing.capacities));
      const uses = [{ link: turn, share: 1 }];
      changing.allocation.put(-1, { uses, rateMin: rate, rateMax: rate, cost: [] });
      const refused = changing.allocation.solve();
      expect(refused.status).toBe('infeasible');
      expect(refused.overfull.map(({ link }) => link)).toEqual([turn]);
      expect(changing.rates).toEqual(rates);
      changing.allocation.remove(-1);
      mustBeProven(changing, changing.allocation.solve(), `turn ${turn}`);
    }
  });
});
