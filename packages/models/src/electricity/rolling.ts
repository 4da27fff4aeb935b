/**
 * A schedule hour by hour, looking only so many hours ahead, for thousands of VMs; beside it the lower bound over the
 * whole time, so that the gap to the best possible schedule is known. Moves of an hour are taken by what they gain until
 * places or links are full.
 */
import { cheapestWays, type DualPrices, type DualTables, dualTables, noPrices, raiseBound } from './dual.ts';
import {
  type ElectricityMove,
  type ElectricityProblem,
  type ElectricitySchedule,
  refuseBroken,
  scheduleCost,
} from './problem.ts';

export interface RollingOptions {
  readonly windowHours: number;
  /** Subgradient steps for the bound over the whole time. */
  readonly boundSteps?: number;
  /** And for the prices of places and links in the window of each hour. */
  readonly windowSteps?: number;
}

export interface RollingResult {
  readonly schedule: ElectricitySchedule;
  readonly cost: number;
  /** No schedule costs less. */
  readonly lowerBound: number;
  /** (cost − bound)/cost */
  readonly gap: number;
  /** Nobody moves. */
  readonly stayCost: number;
  /** Looking one hour ahead. */
  readonly myopicCost: number;
}

/** @throws RangeError with everything that `problemsOf` finds */
export function planElectricity(
  problem: ElectricityProblem,
  { windowHours, boundSteps = 200, windowSteps = 20 }: RollingOptions,
): RollingResult {
  refuseBroken(problem);
  const tables = dualTables(problem);
  const candidates = [
    rolled(tables, 0, 0),
    rolled(tables, 1, 0),
    rolled(tables, windowHours, 0),
    rolled(tables, windowHours, windowSteps),
  ].map((schedule) => ({ schedule, cost: scheduleCost(problem, schedule) }));
  const best = candidates.reduce((one, other) => (other.cost < one.cost ? other : one));
  const { bound } = raiseBound(tables, {
    vms: problem.sites.map((site) => site.vmsAtStart),
    from: 0,
    to: tables.hours,
    steps: boundSteps,
    target: best.cost,
    start: noPrices(tables),
  });
  return {
    ...best,
    lowerBound: bound,
    gap: best.cost === 0 ? 0 : Math.max(0, best.cost - bound) / best.cost,
    stayCost: candidates[0]?.cost ?? best.cost,
    myopicCost: candidates[1]?.cost ?? best.cost,
  };
}

/** A window of 0 hours moves nobody. */
function rolled(tables: DualTables, windowHours: number, steps: number): ElectricitySchedule {
  const { problem, hours } = tables;
  const vms = problem.sites.map((site) => site.vmsAtStart);
  const prices = noPrices(tables);
  const byHour: (readonly number[])[] = [];
  const moves: ElectricityMove[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    if (windowHours > 0) {
      const to = Math.min(hours, hour + windowHours);
      const aimed = { vms, from: hour, to, steps, target: null, start: prices };
      const priced = steps === 0 ? prices : raiseBound(tables, aimed).prices;
      moves.push(...movesOf(tables, { prices: priced, vms, hour, to }));
    }
    byHour.push([...vms]);
  }
  return { vms: byHour, moves };
}

/** The moves of an hour; `vms` is brought up to date. */
function movesOf(
  tables: DualTables,
  of: { readonly prices: DualPrices; readonly vms: number[]; readonly hour: number; readonly to: number },
): readonly ElectricityMove[] {
  const { problem, sites, move, hold } = tables;
  const { prices, vms, hour, to } = of;
  const later = cheapestWays(tables, prices, hour + 1, to).value[0];
  const there = problem.sites.map(
    (_, site) => (hold[hour]?.[site] ?? 0) + (prices.place[hour]?.[site] ?? 0) + (later?.[site] ?? 0),
  );
  const wishes = problem.sites.flatMap((_, from) =>
    problem.sites.flatMap((_site, dest) => {
      const gain = (there[from] ?? 0) - (there[dest] ?? 0) - (move[hour]?.[from * sites + dest] ?? 0);
      return from !== dest && gain > 0 ? [{ from, dest, gain }] : [];
    }),
  );
  wishes.sort((a, b) => b.gain - a.gain);
  const rooms = [...tables.linkRooms];
  const movable = [...vms];
  const found: ElectricityMove[] = [];
  // Who leaves makes room for others, so a second pass may find some.
  for (let pass = 0; pass < PASSES; pass += 1)
    for (const { from, dest } of wishes) {
      const links = tables.routes[from]?.[dest]?.links ?? [];
      const count = Math.floor(
        Math.min(
          movable[from] ?? 0,
          (problem.sites[dest]?.vmsMax ?? 0) - (vms[dest] ?? 0),
          ...links.map((link) => (rooms[link] ?? 0) + 1e-9),
        ),
      );
      if (count <= 0) continue;
      movable[from] = (movable[from] ?? 0) - count;
      vms[from] = (vms[from] ?? 0) - count;
      vms[dest] = (vms[dest] ?? 0) + count;
      for (const link of links) rooms[link] = (rooms[link] ?? 0) - count;
      found.push({ hour, from, to: dest, vms: count });
    }
  return found;
}

const PASSES = 3;
