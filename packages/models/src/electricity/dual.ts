/**
 * What VMs should do when every place and every link has its price: then each VM is on its own and a table over hours
 * and sites gives its cheapest way. Every set of prices gives a lower bound on the cost of all schedules (weak duality);
 * subgradient steps raise it. Power counts by the VM's share of full servers and racks, which is never too much.
 */
import {
  type ElectricityProblem,
  hoursOf,
  kilowattPerVm,
  linkRoom,
  moveCost,
  type Route,
  routesOf,
} from './problem.ts';

/** A problem prepared for many tables: costs of moves and of an hour's stay. */
export interface DualTables {
  readonly problem: ElectricityProblem;
  readonly sites: number;
  readonly hours: number;
  readonly routes: readonly (readonly (Route | null)[])[];
  /** [hour][from · sites + to]; Infinity without a way, 0 for staying. */
  readonly move: readonly Float64Array[];
  readonly hold: readonly Float64Array[];
  readonly linkRooms: readonly number[];
}

/** Prices of places and links, by hour; never negative. */
export interface DualPrices {
  readonly place: readonly Float64Array[];
  readonly link: readonly Float64Array[];
}

export function dualTables(problem: ElectricityProblem): DualTables {
  const routes = routesOf(problem);
  const hours = hoursOf(problem);
  const sites = problem.sites.length;
  const each = kilowattPerVm(problem.power);
  const move = Array.from({ length: hours }, (_, hour) => {
    const costs = new Float64Array(sites * sites).fill(Number.POSITIVE_INFINITY);
    for (const [from, row] of routes.entries())
      for (const [to, route] of row.entries())
        if (route !== null) costs[from * sites + to] = from === to ? 0 : moveCost(problem, route, hour);
    return costs;
  });
  const hold = Array.from({ length: hours }, (_, hour) =>
    Float64Array.from(problem.sites, (site) => (site.pricesPerKwh[hour] ?? 0) * each),
  );
  const linkRooms = problem.links.map((link) => linkRoom(problem, link));
  return { problem, sites, hours, routes, move, hold, linkRooms };
}

export const noPrices = ({ sites, hours, linkRooms }: DualTables): DualPrices => ({
  place: Array.from({ length: hours }, () => new Float64Array(sites)),
  link: Array.from({ length: hours }, () => new Float64Array(linkRooms.length)),
});

export interface Ways {
  /** By hour from `from` on, then by site: cost of a VM from there to the end, before it moves. */
  readonly value: readonly Float64Array[];
  /** Where a VM goes then. */
  readonly next: readonly Int32Array[];
}

/** The cheapest way of a VM from every site and hour in [from, to). */
export function cheapestWays(tables: DualTables, prices: DualPrices, from: number, to: number): Ways {
  const { sites } = tables;
  const value: Float64Array[] = [];
  const next: Int32Array[] = [];
  let later = new Float64Array(sites);
  for (let hour = to - 1; hour >= from; hour -= 1) {
    const there = new Float64Array(sites);
    for (let site = 0; site < sites; site += 1)
      there[site] =
        (tables.hold[hour]?.[site] ?? 0) + (prices.place[hour]?.[site] ?? 0) + (later[site] as number);
    const now = new Float64Array(sites);
    const goes = new Int32Array(sites);
    const tolls = prices.link[hour] as Float64Array;
    const isTolled = tolls.some((toll) => toll > 0);
    for (let site = 0; site < sites; site += 1) {
      let best = there[site] as number;
      let to = site;
      for (let other = 0; other < sites; other += 1) {
        let cost = (tables.move[hour]?.[site * sites + other] as number) + (there[other] as number);
        if (isTolled && cost < best)
          for (const link of tables.routes[site]?.[other]?.links ?? []) cost += tolls[link] as number;
        if (cost < best) {
          best = cost;
          to = other;
        }
      }
      now[site] = best;
      goes[site] = to;
    }
    value.unshift(now);
    next.unshift(goes);
    later = now;
  }
  return { value, next };
}

export interface DualBound {
  readonly bound: number;
  readonly prices: DualPrices;
}

/**
 * Raises the bound over [from, to) for VMs that start at `vms`, by steps towards `target`, a cost known to be reached.
 * Returns the best bound met and its prices; `start` is changed in place and left at the last step.
 */
export function raiseBound(
  tables: DualTables,
  of: {
    readonly vms: readonly number[];
    readonly from: number;
    readonly to: number;
    readonly steps: number;
    readonly target: number | null;
    readonly start: DualPrices;
  },
): DualBound {
  const { sites, linkRooms, problem } = tables;
  const { from, to, start } = of;
  let best = Number.NEGATIVE_INFINITY;
  let kept = start;
  let pace = 1;
  let idle = 0;
  for (let step = 0; ; step += 1) {
    const ways = cheapestWays(tables, start, from, to);
    let bound = of.vms.reduce((sum, count, site) => sum + count * (ways.value[0]?.[site] ?? 0), 0);
    const overPlace: Float64Array[] = [];
    const overLink: Float64Array[] = [];
    let size = 0;
    let vms: ArrayLike<number> = of.vms;
    for (let hour = from; hour < to; hour += 1) {
      const after = new Float64Array(sites);
      const carried = new Float64Array(linkRooms.length);
      for (let site = 0; site < sites; site += 1) {
        const count = vms[site] as number;
        const goes = ways.next[hour - from]?.[site] as number;
        after[goes] = (after[goes] as number) + count;
        if (goes !== site && count > 0)
          for (const link of tables.routes[site]?.[goes]?.links ?? [])
            carried[link] = (carried[link] as number) + count;
      }
      const places = start.place[hour] as Float64Array;
      const tolls = start.link[hour] as Float64Array;
      const overs = new Float64Array(sites);
      for (let site = 0; site < sites; site += 1) {
        const room = problem.sites[site]?.vmsMax ?? 0;
        bound -= (places[site] as number) * room;
        const over = (after[site] as number) - room;
        overs[site] = over > 0 || (places[site] as number) > 0 ? over : 0;
        size += (overs[site] as number) ** 2;
      }
      for (let link = 0; link < linkRooms.length; link += 1) {
        const room = linkRooms[link] as number;
        if (room === Number.POSITIVE_INFINITY) carried[link] = 0;
        else {
          bound -= (tolls[link] as number) * room;
          const over = (carried[link] as number) - room;
          carried[link] = over > 0 || (tolls[link] as number) > 0 ? over : 0;
          size += (carried[link] as number) ** 2;
        }
      }
      overPlace.push(overs);
      overLink.push(carried);
      vms = after;
    }
    if (bound > best) {
      best = bound;
      kept = copyOf(start);
      idle = 0;
    } else {
      idle += 1;
      if (idle >= IDLE_STEPS) {
        pace /= 2;
        idle = 0;
      }
    }
    if (step >= of.steps || size === 0) return { bound: best, prices: kept };
    const goal = of.target ?? Math.abs(best) * TARGET_ABOVE + Number.MIN_VALUE;
    const length = (pace * Math.max(goal - bound, 1e-6 * Math.abs(goal))) / size;
    for (let hour = from; hour < to; hour += 1) {
      follow(start.place[hour] as Float64Array, overPlace[hour - from] as Float64Array, length);
      follow(start.link[hour] as Float64Array, overLink[hour - from] as Float64Array, length);
    }
  }
}

/** Steps without a better bound before the pace is halved. */
const IDLE_STEPS = 8;
/** Without a cost known to be reached, this much above the bound is aimed at. */
const TARGET_ABOVE = 1.05;

function follow(prices: Float64Array, over: Float64Array, length: number): void {
  for (let index = 0; index < prices.length; index += 1)
    prices[index] = Math.max(0, (prices[index] as number) + length * (over[index] as number));
}

const copyOf = ({ place, link }: DualPrices): DualPrices => ({
  place: place.map((row) => row.slice()),
  link: link.map((row) => row.slice()),
});
