/**
 * What the other ways of dividing the links take on the same network, where every change is solved anew; and what
 * joint allocation takes where there is little to divide, as at most round boundaries.
 */
import { JointAllocation, maxMinRates, maxNetRate, relax } from '@sluice/models';
import { fatTreeBench } from './joint-network.ts';

const SEED = 1;
const WARM_UP = 300;
const SMALL_CHANGES = 2000;
/** Least rates are raised by so much that they fit no longer. */
const TOO_MUCH = 6;

/** In microseconds, each of the sizes. */
export function smallLines(): string[] {
  return [1, 10, 50].map((migrations) => {
    const bench = fatTreeBench({ k: 4, migrations, seed: SEED });
    const allocation = new JointAllocation<number>(bench.problem.capacities);
    for (const [id, demand] of bench.problem.demands.entries()) allocation.put(id, demand);
    allocation.solve();
    const micros: number[] = [];
    for (let change = 0; change < WARM_UP + SMALL_CHANGES; change += 1) {
      const demand = bench.draw();
      const began = performance.now();
      allocation.put(change % migrations, demand);
      allocation.solve();
      if (change >= WARM_UP) micros.push(1000 * (performance.now() - began));
    }
    micros.sort((a, b) => a - b);
    const quantile = (q: number) => (micros[Math.floor(q * (micros.length - 1))] as number).toFixed(0);
    return `${migrations} migrations, fat-tree k=4, after one changed: median ${quantile(0.5)} us, 99 % ${quantile(0.99)} us`;
  });
}

export function otherLines(shape: { readonly k: number; readonly migrations: number }): string[] {
  const { problem } = fatTreeBench({ ...shape, seed: SEED });
  const { capacities } = problem;
  const demands = problem.demands.map((demand, index) => ({
    ...demand,
    // Only its place counts here; classes are as many as a controller has.
    priority: index % 10,
    dirtyRate: demand.rateMin,
  }));
  const crowded = demands.map((demand) => ({
    ...demand,
    rateMin: Math.min(demand.rateMax, demand.rateMin * TOO_MUCH) as typeof demand.rateMin,
  }));
  const name = `${shape.migrations.toLocaleString('en')} migrations, fat-tree k=${shape.k}, from nothing at every change`;
  return [
    `${name}: max-min fairness ${once(() => maxMinRates({ capacities, demands }))} ms, largest net rate ${once(() => maxNetRate({ capacities, demands }))} ms, relaxing least rates ${once(() => relax({ capacities, demands: crowded }))} ms`,
  ];
}

/** Once: the largest net rate takes seconds. */
function once(work: () => unknown): string {
  const began = performance.now();
  work();
  return (performance.now() - began).toFixed(0);
}
