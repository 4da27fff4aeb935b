/**
 * Min-cost flow by successive shortest paths, and the special case of the electricity problem that is one: identical
 * VMs, power by the VM alone and no links shared. It is the oracle of the mixed-integer program there.
 */
import { type ElectricityProblem, hoursOf, kilowattPerVm, moveCost, routesOf } from './problem.ts';

export interface FlowArc {
  readonly from: number;
  readonly to: number;
  readonly capacity: number;
  readonly cost: number;
}

/** Least cost of sending `amount` from one node to another; null when so much does not fit. */
export function minCostFlow(
  nodes: number,
  arcs: readonly FlowArc[],
  demand: { readonly source: number; readonly sink: number; readonly amount: number },
): number | null {
  const ends = arcs.flatMap(({ from, to }) => [from, to]);
  const room = arcs.flatMap(({ capacity }) => [capacity, 0]);
  const price = arcs.flatMap(({ cost }) => [cost, -cost]);
  const leaving: number[][] = Array.from({ length: nodes }, () => []);
  for (const [index, node] of ends.entries()) leaving[node]?.push(index);
  // Arc 2k goes from ends[2k] to ends[2k+1]; 2k+1 is its return.
  let left = demand.amount;
  let total = 0;
  while (left > 0) {
    const distance: number[] = Array.from({ length: nodes }, () => Number.POSITIVE_INFINITY);
    const via: number[] = Array.from({ length: nodes }, () => -1);
    distance[demand.source] = 0;
    const queue = [demand.source];
    const isQueued = new Set(queue);
    for (let head = 0; head < queue.length; head += 1) {
      const at = queue[head] as number;
      isQueued.delete(at);
      for (const arc of leaving[at] ?? []) {
        const to = ends[arc ^ 1] as number;
        const reach = (distance[at] as number) + (price[arc] as number);
        if ((room[arc] as number) <= 0 || reach >= (distance[to] as number) - 1e-12) continue;
        distance[to] = reach;
        via[to] = arc;
        if (!isQueued.has(to)) {
          isQueued.add(to);
          queue.push(to);
        }
      }
    }
    if (distance[demand.sink] === Number.POSITIVE_INFINITY) return null;
    let push = left;
    const path: number[] = [];
    for (let at = demand.sink; at !== demand.source; at = ends[path.at(-1) as number] as number) {
      path.push(via[at] as number);
      push = Math.min(push, room[via[at] as number] as number);
    }
    for (const arc of path) {
      room[arc] = (room[arc] as number) - push;
      room[arc ^ 1] = (room[arc ^ 1] as number) + push;
    }
    total += push * (distance[demand.sink] as number);
    left -= push;
  }
  return total;
}

/**
 * The electricity problem on the time-expanded graph, VMs taking their share of full servers and racks and links without
 * limit: never above the true optimum, and equal to it where power goes by the VM and links have room.
 */
export function flowCost(problem: ElectricityProblem): number | null {
  const { sites } = problem;
  const hours = hoursOf(problem);
  const routes = routesOf(problem);
  const [source, sink] = [0, 1];
  const enter = (hour: number, site: number) => 2 + 2 * (hour * sites.length + site);
  const amount = sites.reduce((sum, site) => sum + site.vmsAtStart, 0);
  const arcs: FlowArc[] = [];
  for (let hour = 0; hour < hours; hour += 1)
    for (const [site, { pricesPerKwh, vmsMax, vmsAtStart }] of sites.entries()) {
      const cost = (pricesPerKwh[hour] ?? 0) * kilowattPerVm(problem.power);
      arcs.push({ from: enter(hour, site), to: enter(hour, site) + 1, capacity: vmsMax, cost });
      if (hour === hours - 1) arcs.push({ from: enter(hour, site) + 1, to: sink, capacity: amount, cost: 0 });
      for (const [to, route] of (routes[site] ?? []).entries()) {
        if (route === null) continue;
        const move = to === site ? 0 : moveCost(problem, route, hour);
        if (hour > 0)
          arcs.push({ from: enter(hour - 1, site) + 1, to: enter(hour, to), capacity: amount, cost: move });
        else arcs.push({ from: enter(hours, site), to: enter(0, to), capacity: vmsAtStart, cost: move });
      }
      if (hour === 0) arcs.push({ from: source, to: enter(hours, site), capacity: vmsAtStart, cost: 0 });
    }
  return minCostFlow(2 + 2 * (hours + 1) * sites.length, arcs, { source, sink, amount });
}
