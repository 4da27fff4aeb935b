import { describe, expect, it } from 'vitest';
import { bestChoice, migrationRate } from '../rate-policies/traffic-sensitive.ts';
import { contention, maxMinShares } from './contention.ts';

function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

describe('max-min sharing', () => {
  it('shares one link evenly among those that want more', () => {
    const at = (demand: number) => ({ demand, crosses: [0] });
    expect(maxMinShares([10], [at(2), at(Infinity), at(100)])).toEqual([2, 4, 4]);
    expect(maxMinShares([10], [at(2), at(3)])).toEqual([2, 3]);
  });

  it('never fills a link beyond its capacity, and leaves no flow that could still rise', () => {
    const next = sequence(9);
    for (let turn = 0; turn < 300; turn += 1) {
      const capacities = [next() * 100, next() * 100, next() * 100];
      const flows = Array.from({ length: 1 + (turn % 7) }, () => ({
        demand: next() < 0.3 ? Number.POSITIVE_INFINITY : next() * 80,
        crosses: [0, 1, 2].filter((at) => next() < 0.5 || at === turn % 3),
      }));
      const shares = maxMinShares(capacities, flows);
      const load = capacities.map((_, at) =>
        flows.reduce((sum, flow, index) => sum + (flow.crosses.includes(at) ? (shares[index] ?? 0) : 0), 0),
      );
      for (const [at, used] of load.entries())
        expect(used).toBeLessThanOrEqual((capacities[at] ?? 0) * (1 + 1e-9));
      for (const [index, flow] of flows.entries()) {
        const share = shares[index] ?? 0;
        const isHeld = flow.crosses.some(
          (at) =>
            (load[at] ?? 0) >= (capacities[at] ?? 0) * (1 - 1e-9) &&
            flows.every((other, k) => !other.crosses.includes(at) || (shares[k] ?? 0) <= share * (1 + 1e-9)),
        );
        expect(share >= flow.demand * (1 - 1e-9) || isHeld).toBe(true);
      }
    }
  });
});

describe('contention of a migration with applications', () => {
  const hosts = { sourceOut: 1000, destinationIn: 1000 };

  it('gives the migration what reservations would, or more at the cost of applications', () => {
    const vms = [
      { out: 600, in: 50 },
      { out: 50, in: 600 },
    ];
    const best = bestChoice(vms, hosts).mechanisms;
    expect(contention(vms, hosts, best)).toEqual({ migration: 950, kept: [1, 1] });
    const all = contention(vms, hosts, ['precopy', 'precopy']);
    expect(all.migration).toBe(475);
    expect(all.migration).toBeGreaterThan(migrationRate(vms, hosts, ['precopy', 'precopy']));
    expect(all.kept[0]).toBeCloseTo(475 / 600, 12);
  });

  it('takes more from applications the more migrations share', () => {
    const vms = [{ out: 600, in: 0 }];
    const one = contention(vms, hosts, ['precopy']);
    const four = contention(vms, hosts, ['precopy'], 4);
    expect(four.migration).toBeGreaterThan(one.migration);
    expect(four.kept[0]).toBeLessThan(one.kept[0] ?? 0);
  });
});
