import highs from 'highs';
import { describe, expect, it } from 'vitest';
import { type LinearSolver, solveMilp } from './milp.ts';
import { flowCost, minCostFlow } from './min-cost-flow.ts';
import { PRICE_PROBLEMS_MAX, readPrices, SYNTHETIC_POWER, syntheticProblem } from './prices.ts';
import {
  brokenBy,
  type ElectricityProblem,
  hoursOf,
  linkRoom,
  problemsOf,
  routesOf,
  scheduleCost,
} from './problem.ts';
import { planElectricity } from './rolling.ts';

// The package's types describe its CommonJS form; what Node imports is the function itself.
const solver = await (highs as unknown as () => Promise<LinearSolver>)();

const tiny = (
  seed: number,
  change: Partial<Parameters<typeof syntheticProblem>[0]> = {},
): ElectricityProblem => {
  const problem = syntheticProblem({
    sites: 3,
    vms: 4,
    hours: 4,
    seed,
    linkRateBitsPerSec: 1e9,
    migrationBits: 4e11,
    spare: 2,
    ...change,
  });
  // Servers of two and racks of one, so that rounding matters with four VMs.
  return { ...problem, power: { ...SYNTHETIC_POWER, vmsPerServer: 2, serversPerRack: 1 } };
};

/** Every allocation and every way to move to it, hour by hour. */
function bruteForce(problem: ElectricityProblem): number {
  const routes = routesOf(problem);
  let states = new Map([[problem.sites.map((site) => site.vmsAtStart).join(), 0]]);
  for (let hour = 0; hour < hoursOf(problem); hour += 1) {
    const after = new Map<string, number>();
    for (const [key, cost] of states) {
      const before = key.split(',').map(Number);
      const ways = routes.flatMap((row, from) =>
        row.flatMap((route, to) => (route === null || from === to ? [] : [{ from, to, route }])),
      );
      const visit = (index: number, moves: readonly number[]): void => {
        const way = ways[index];
        if (way !== undefined) {
          const gone = moves.reduce((sum, count, at) => sum + (ways[at]?.from === way.from ? count : 0), 0);
          for (let count = 0; count <= (before[way.from] ?? 0) - gone; count += 1)
            visit(index + 1, [...moves, count]);
          return;
        }
        const vms = [...before];
        const carried = problem.links.map(() => 0);
        for (const [at, count] of moves.entries()) {
          const { from, to, route } = ways[at] as (typeof ways)[number];
          vms[from] = (vms[from] ?? 0) - count;
          vms[to] = (vms[to] ?? 0) + count;
          for (const link of route.links) carried[link] = (carried[link] ?? 0) + count;
        }
        if (vms.some((count, site) => count > (problem.sites[site]?.vmsMax ?? 0))) return;
        if (problem.links.some((link, at) => (carried[at] ?? 0) > linkRoom(problem, link))) return;
        const schedule = {
          vms: [vms],
          moves: moves.flatMap((count, at) => {
            const { from, to } = ways[at] as (typeof ways)[number];
            return count === 0 ? [] : [{ hour: 0, from, to, vms: count }];
          }),
        };
        const now = {
          ...problem,
          sites: problem.sites.map((site) => ({ ...site, pricesPerKwh: [site.pricesPerKwh[hour] ?? 0] })),
        };
        const total = cost + scheduleCost(now, schedule);
        after.set(vms.join(), Math.min(after.get(vms.join()) ?? Number.POSITIVE_INFINITY, total));
      };
      visit(0, []);
    }
    states = after;
  }
  return Math.min(...states.values());
}

describe('the mixed-integer program', () => {
  it('finds what trying every allocation finds', () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const problem = tiny(seed, { migrationBits: seed % 2 ? 4e11 : 4e10, vms: 3 + (seed % 2) });
      const solved = solveMilp(problem, solver);
      if (solved.status !== 'optimal') throw new Error(solved.solverStatus);
      expect(solved.cost).toBeCloseTo(bruteForce(problem), 8);
      expect(scheduleCost(problem, solved.schedule)).toBeCloseTo(solved.cost, 8);
      expect(brokenBy(problem, solved.schedule)).toEqual([]);
    }
  });

  it('is a min-cost flow where power goes by the VM and links have room', () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const problem = {
        ...syntheticProblem({
          sites: 4,
          vms: 40,
          hours: 12,
          seed,
          linkRateBitsPerSec: 1e13,
          migrationBits: 1e11,
          spare: 1.4,
        }),
        power: { ...SYNTHETIC_POWER, rackWatt: 0, vmsPerServer: 1, serversPerRack: 1 },
      };
      const solved = solveMilp(problem, solver);
      if (solved.status !== 'optimal') throw new Error(solved.solverStatus);
      expect(solved.cost).toBeCloseTo(flowCost(problem) ?? 0, 8);
    }
  });

  it('moves nobody when prices are equal, or differ by less than a move costs', () => {
    const problem = tiny(1, { vms: 3 });
    const priced = (gap: number, bits: number): ElectricityProblem => ({
      ...problem,
      migrationBits: bits,
      windowSec: 1e6,
      power: { ...problem.power, vmsPerServer: 1 },
      sites: problem.sites.map((site, index) => ({
        ...site,
        pricesPerKwh: site.pricesPerKwh.map(() => 0.1 + gap * index),
      })),
    });
    for (const [gap, bits, moves] of [
      [0, 1e10, 0],
      [1e-4, 1e14, 0],
      // The cheapest site has room for one more, and the dearest one sends it.
      [0.05, 1e10, 1],
    ] as const) {
      const solved = solveMilp(priced(gap, bits), solver);
      if (solved.status !== 'optimal') throw new Error(solved.solverStatus);
      expect(solved.schedule.moves.reduce((sum, move) => sum + move.vms, 0)).toBe(moves);
    }
  });

  it('never costs more when links carry more', () => {
    let before = Number.POSITIVE_INFINITY;
    for (const linkRateBitsPerSec of [1e7, 5e8, 1e9, 1e10]) {
      const solved = solveMilp(tiny(5, { linkRateBitsPerSec }), solver);
      if (solved.status !== 'optimal') throw new Error(solved.solverStatus);
      expect(solved.cost).toBeLessThanOrEqual(before + 1e-9);
      before = solved.cost;
    }
  });
});

describe('a solver that runs out of time', () => {
  const outOfTime = (columns: Readonly<Record<string, object>>): LinearSolver => ({
    solve: () => ({ Status: 'Time limit reached', ObjectiveValue: 0, Columns: columns }),
  });

  it('gives its best schedule at its true cost, and none when its columns are no schedule', () => {
    const problem = tiny(1, { hours: 1 });
    const stay = problem.sites.map((site, index) => [`n_${index}_0`, { Primal: site.vmsAtStart }] as const);
    const stopped = solveMilp(problem, outOfTime(Object.fromEntries(stay)));
    if (stopped.status !== 'stopped') throw new Error(stopped.status);
    expect(stopped.cost).toBeCloseTo(scheduleCost(problem, stopped.schedule), 12);
    expect(solveMilp(problem, outOfTime({}))).toMatchObject({ status: 'none' });
  });
});

describe('the schedule hour by hour', () => {
  it('keeps every rule, and lies with the optimum between its bound and staying', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const problem = tiny(seed, { hours: 8, vms: 12, migrationBits: seed % 2 ? 4e11 : 2e10 });
      const planned = planElectricity(problem, { windowHours: 6 });
      const solved = solveMilp(problem, solver);
      if (solved.status !== 'optimal') throw new Error(solved.solverStatus);
      expect(brokenBy(problem, planned.schedule)).toEqual([]);
      expect(planned.cost).toBeGreaterThanOrEqual(solved.cost - 1e-9);
      expect(planned.lowerBound).toBeLessThanOrEqual(solved.cost + 1e-9);
      expect(planned.cost).toBeLessThanOrEqual(planned.stayCost);
    }
  });

  it('has a bound near the linear relaxation', () => {
    const problem = syntheticProblem({
      sites: 5,
      vms: 500,
      hours: 24,
      seed: 3,
      linkRateBitsPerSec: 1e10,
      migrationBits: 1e11,
      spare: 1.5,
    });
    const relaxed = solveMilp(problem, solver, { integer: false });
    if (relaxed.status !== 'optimal') throw new Error(relaxed.solverStatus);
    const planned = planElectricity(problem, { windowHours: 24, boundSteps: 400 });
    expect(planned.lowerBound).toBeLessThanOrEqual(relaxed.cost * (1 + 1e-9));
    expect(planned.lowerBound).toBeGreaterThan(relaxed.cost * 0.99);
    expect(planned.cost).toBeLessThan(relaxed.cost * 1.1);
  });
});

describe('min-cost flow', () => {
  it('takes the cheap way first and says when it does not fit', () => {
    const arcs = [
      { from: 0, to: 1, capacity: 2, cost: 1 },
      { from: 0, to: 2, capacity: 3, cost: 2 },
      { from: 1, to: 2, capacity: 2, cost: 0 },
    ];
    expect(minCostFlow(3, arcs, { source: 0, sink: 2, amount: 4 })).toBe(6);
    expect(minCostFlow(3, arcs, { source: 0, sink: 2, amount: 6 })).toBeNull();
  });
});

describe('prices from a file', () => {
  it('are read by column, in either unit, and negative ones raised to 0', () => {
    expect(readPrices('hour,east,west\n0,40,30\n1,-5,31.5\n', { perMegawattHour: true })).toEqual({
      ok: true,
      names: ['east', 'west'],
      pricesPerKwh: [
        [0.04, 0],
        [0.03, 0.0315],
      ],
      raised: 1,
    });
  });

  it('name line and column of everything that is wrong, and what to write', () => {
    const where = (csv: string, options = {}) => {
      const table = readPrices(csv, options);
      return table.ok ? [] : table.problems.map(({ line, column }) => [line, column]);
    };
    expect(where('hour,a,b\n0,1')).toEqual([[2, 3]]);
    expect(where('hour,a\n0,1,2')).toEqual([[2, 3]]);
    expect(where('hour,a,b\n0,1,\n\n1,x,2')).toEqual([
      [2, 3],
      [4, 2],
    ]);
    expect(where('')).toContainEqual([1, 1]);
    expect(where('hour,a\n')).toEqual([[2, 1]]);
    expect(where('hour,a,,a\n0,1,2,3')).toEqual([
      [1, 3],
      [1, 4],
    ]);
    expect(where('hour,a\n0,1\n1,-2', { negative: 'refuse' })).toEqual([[3, 2]]);
    expect(where(`hour,a\n${'0,x\n'.repeat(1000)}`)).toHaveLength(PRICE_PROBLEMS_MAX);
    expect(readPrices('hour,a\n0,"1"')).toMatchObject({
      problems: [{ message: expect.stringContaining('without quotes') }],
    });
  });
});

describe('a problem', () => {
  it('says what is wrong with it', () => {
    const problem = tiny(1);
    expect(problemsOf(problem)).toEqual([]);
    const [first, ...others] = problem.sites;
    if (first === undefined) throw new Error('no site');
    expect(
      problemsOf({ ...problem, sites: [{ ...first, vmsMax: 0, pricesPerKwh: [-1] }, ...others] }),
    ).toHaveLength(4);
  });

  it('that is wrong is refused by both ways of solving it', () => {
    const problem = tiny(1);
    const broken = { ...problem, sites: problem.sites.map((site) => ({ ...site, vmsMax: 0 })) };
    expect(() => solveMilp(broken, solver)).toThrow(/site-1 .*; site-2 /);
    expect(() => planElectricity(broken, { windowHours: 4 })).toThrow(/site-1 .*; site-2 /);
  });
});
