/** Group plans and electricity schedules: how long, and how far from the best possible they are at most. */
import { bitsPerSec, bytes, bytesPerSec } from '@sluice/units';
import { syntheticProblem } from '../src/electricity/prices.ts';
import { planElectricity } from '../src/electricity/rolling.ts';
import type { GroupProblem } from '../src/groups/first-group.ts';
import { planGroups, planOfSize } from '../src/groups/plan.ts';

const MIB = 1024 ** 2;
const TURNS = 10;

export function groupLines(): string[] {
  return [...[2e5, 1e6, 5e6].map((dirty) => planLine(groupProblem(64, dirty))), electricityLine()];
}

function planLine(problem: GroupProblem): string {
  const plan = planGroups(problem);
  const spent = bestOf(TURNS, () => planGroups(problem));
  const serial = planOfSize(problem, 1).objective;
  const parallel = planOfSize(problem, problem.vms.length).objective;
  const gap = 100 * (1 - plan.lowerBound / plan.objective);
  return [
    `best groups of 64 unequal VMs, ${plan.first.length} first: ${spent.toFixed(1)} ms (limit 50 ms: ${spent <= 50 ? 'met' : 'NOT met'})`,
    `    ${plan.objective.toFixed(1)} s, no plan below ${plan.lowerBound.toFixed(1)} s (gap ${gap.toFixed(2)} %); serial ${serial.toFixed(1)} s, parallel ${parallel.toFixed(1)} s`,
  ].join('\n');
}

function electricityLine(): string {
  const problem = syntheticProblem({
    sites: 20,
    vms: 10_000,
    hours: 168,
    seed: 1,
    linkRateBitsPerSec: 1e10,
    migrationBits: 1.2 * 1024 ** 3 * 8,
    spare: 1.5,
  });
  const began = performance.now();
  const plan = planElectricity(problem, { windowHours: 24 });
  const spent = performance.now() - began;
  return `electricity, 10,000 VMs, 20 sites, 168 h, synthetic prices: ${(spent / 1000).toFixed(2)} s, cost ${plan.cost.toFixed(1)}, staying ${plan.stayCost.toFixed(1)}, no schedule below ${plan.lowerBound.toFixed(1)} (gap ${(100 * plan.gap).toFixed(2)} %)`;
}

function groupProblem(count: number, dirtyBytesPerSec: number): GroupProblem {
  let state = 7;
  const next = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  return {
    vms: Array.from({ length: count }, () => {
      const memory = bytes((256 + 3840 * next()) * MIB);
      return {
        memory,
        dirtyRate: bytesPerSec(dirtyBytesPerSec * (0.1 + 1.8 * next())),
        workingSet: memory,
        threshold: bytes(100 * MIB),
        isCritical: true,
      };
    }),
    rate: bitsPerSec(1e9),
    roundsMax: 8,
    rest: 'precopy',
    resumeSec: 0.1,
    weightTotal: 1,
    weightDowntime: 1,
  };
}

function bestOf(turns: number, once: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn += 1) {
    const began = performance.now();
    once();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}
