import { it } from 'vitest';
import { bitsPerSec } from '@sluice/units';
import { overloads } from './feasibility.ts';
import { relax } from './relaxation.ts';
import { solveJoint } from './joint/solve-joint.ts';
import { JointAllocation } from './joint/joint-allocation.ts';
import { checkOptimality, costOf } from './certificate.ts';
import { randomProblem, sequence, withCosts } from './testing/random-problems.ts';
it('x', () => {
  for (let seed = 4001; seed <= 4200; seed += 1) {
      const next = sequence(seed);
      const size = { links: 1 + Math.floor(next() * 5), demands: 1 + Math.floor(next() * 10) };
      const problem = withCosts(next, randomProblem(next, size, 0.4 + next()));
      if (overloads(problem).length === 0) continue;
      const ranked = problem.demands.map((demand) => ({ ...demand, priority: Math.floor(next() * 3) }));
      const { rateMins } = relax({ ...problem, demands: ranked });
      const demands = problem.demands.flatMap((demand, k): any[] => {
        const rateMin = rateMins[k] as any;
        return rateMin > 0 ? [{ ...demand, rateMin }] : [];
      });
      const p = { ...problem, demands };
      const s = solveJoint(p); const c = checkOptimality(p, s);
      const rel = Math.abs(s.primal - c.primalValue) / c.primalValue;
      if (rel > 3e-11) {
        const a: any = new JointAllocation<number>(p.capacities); demands.forEach((d, i) => a.put(i, d)); a.solve();
        const t = a.network.demands;
        console.log(seed, rel, s.primal, c.primalValue);
        demands.forEach((d, i) => { const sl = a.slots.get(i); const v = t.value[sl] - t.price[sl] * t.rate[sl];
          console.log(i, t.place[sl], t.fitting[sl], t.rate[sl], 'rel', t.rate[sl]/t.baseRate[sl]-1, 'fit',t.fitting[sl]/t.rate[sl]-1,'cost', v, costOf(d.cost, t.fitting[sl]) , costOf(d.cost, t.rate[sl]), v-costOf(d.cost, t.rate[sl]), 'dx', Math.log(t.baseRate[sl])-t.x[sl], t.bend[sl],t.twist[sl],t.cost[sl],t.slope[sl], 'price', t.price[sl], t.priceOfMin[sl], t.priceOfMax[sl], d.rateMin, d.rateMax); });
      }
  }
});
