/** After every one of many random changes the answer is proven from the outside, by a checker that shares no code. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { checkOptimality, isOptimal } from '../certificate.ts';
import { overloads } from '../feasibility.ts';
import type { CostedDemand } from '../problem.ts';
import { JointAllocation } from './joint-allocation.ts';
import { draws, type Problem, randomDemand, randomProblem } from './testing/problems.ts';

/** A demand comes or has news, goes, gets other limits; a link gets more or less. */
type Change = 'put' | 'remove' | 'limits' | 'capacity';
const KINDS: readonly Change[] = ['put', 'put', 'remove', 'limits', 'capacity'];

/** Makes the changes one by one and returns how many answers were proven and how many sets did not fit. */
function follow(
  problem: Problem,
  seed: number,
  { count, usesEach }: { readonly count: number; readonly usesEach?: number },
): { proven: number; refused: number; contended: number } {
  const random = draws(seed);
  const allocation = new JointAllocation<number>(problem.capacities);
  const capacities = [...problem.capacities];
  const demands = new Map<number, CostedDemand>();
  const put = (id: number, demand: CostedDemand) => {
    demands.set(id, demand);
    allocation.put(id, demand);
  };
  for (const [id, demand] of problem.demands.entries()) put(id, demand);
  allocation.solve();
  const done = { proven: 0, refused: 0, contended: 0 };
  let nextId = problem.demands.length;
  for (let change = 0; change < count; change += 1) {
    const kind = KINDS[Math.floor(random() * KINDS.length)];
    const ids = [...demands.keys()];
    const id = ids[Math.floor(random() * ids.length)] ?? nextId;
    const known = demands.get(id);
    if (kind === 'remove' && ids.length > 1) {
      demands.delete(id);
      allocation.remove(id);
    } else if (kind === 'limits' && known !== undefined) put(id, withOtherLimits(known, random));
    else if (kind === 'capacity') {
      const link = Math.floor(random() * capacities.length);
      capacities[link] = bitsPerSec((capacities[link] as BitsPerSec) * (0.8 + 0.45 * random()));
      allocation.setCapacity(link, capacities[link]);
    } else {
      const isNew = random() < 0.5;
      put(isNew ? nextId : id, randomDemand(random, capacities.length, usesEach));
      if (isNew) nextId += 1;
    }
    const solution = allocation.solve();
    const now = { capacities, demands: [...demands.values()] };
    const over = overloads(now);
    if (over.length > 0) {
      expect({ seed, change, status: solution.status }).toEqual({ seed, change, status: 'infeasible' });
      // What does not fit gets room again, else nothing would be proven any more.
      for (const { link } of over) {
        capacities[link] = bitsPerSec((solution.overfull.find((one) => one.link === link)?.least ?? 0) * 1.2);
        allocation.setCapacity(link, capacities[link]);
      }
      done.refused += 1;
      continue;
    }
    const check = checkOptimality(now, {
      rates: [...demands.keys()].map((one) => allocation.rate(one)),
      prices: capacities.map((_, link) => allocation.price(link)),
    });
    if (!isOptimal(check)) throw new Error(`seed ${seed} change ${change}: ${JSON.stringify(check)}`);
    // What it says of itself is what the checker finds.
    expect(Math.abs(solution.primal - check.primalValue)).toBeLessThanOrEqual(1e-9 * check.primalValue);
    expect(Math.abs(solution.dual - check.dualValue)).toBeLessThanOrEqual(1e-8 * check.primalValue);
    done.proven += 1;
    done.contended = Math.max(done.contended, solution.contendedLinks);
  }
  return done;
}

function withOtherLimits(demand: CostedDemand, random: () => number): CostedDemand {
  const rateMin = demand.rateMin * (0.5 + 0.7 * random());
  return {
    ...demand,
    rateMin: bitsPerSec(rateMin),
    rateMax: bitsPerSec(Math.max(rateMin, demand.rateMax * (0.5 + random()))),
  };
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
});
