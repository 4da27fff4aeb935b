/**
 * Where to run identical VMs hour by hour, when electricity has another price at every site (Gupta, Mandal, Chowdhury,
 * Tornatore, Mukherjee 2015, as the statement on its slides gives it): P_DC = y·P_R + x·P_S with x ≤ β·y, and a
 * migration costs its bits times a core router's energy per bit times the price there. Costs are in the currency of the
 * prices. The formulation is ours; no constant here is the paper's.
 */

export interface ElectricitySite {
  readonly name: string;
  /** N^max, VMs. */
  readonly vmsMax: number;
  readonly vmsAtStart: number;
  /** c_{d,t} >= 0, per kWh, one for each hour; every site has as many. */
  readonly pricesPerKwh: readonly number[];
}

export interface OpticalLink {
  /** Sites by index; one direction. */
  readonly from: number;
  readonly to: number;
  readonly rateBitsPerSec: number;
}

export interface ElectricityPower {
  /** P_R */
  readonly rackWatt: number;
  /** P_S */
  readonly serverWatt: number;
  /** p_v */
  readonly vmWatt: number;
  /** κ */
  readonly vmsPerServer: number;
  /** β */
  readonly serversPerRack: number;
  /** ε of a core router. */
  readonly routerJoulePerBit: number;
}

export interface ElectricityProblem {
  readonly sites: readonly ElectricitySite[];
  readonly links: readonly OpticalLink[];
  readonly power: ElectricityPower;
  /** V: of one migration, with what pre-copy sends again. */
  readonly migrationBits: number;
  /** T_mig: both ends draw a VM's power for so long. */
  readonly migrationSec: number;
  /** τ: of every hour, the part in which links may carry migrations. */
  readonly windowSec: number;
}

/** n_{d,t} and the moves that lead to it; moves happen at the start of their hour. */
export interface ElectricitySchedule {
  /** By hour, then by site. */
  readonly vms: readonly (readonly number[])[];
  readonly moves: readonly ElectricityMove[];
}

export interface ElectricityMove {
  readonly hour: number;
  readonly from: number;
  readonly to: number;
  readonly vms: number;
}

/** A route as links and the sites whose routers forward, both ends among them; null where there is no way. */
export interface Route {
  readonly links: readonly number[];
  readonly sites: readonly number[];
}

export const hoursOf = (problem: ElectricityProblem): number => problem.sites[0]?.pricesPerKwh.length ?? 0;

/** What is wrong with a problem, in words; empty when it can be solved. */
export function problemsOf({ sites, links }: ElectricityProblem): readonly string[] {
  const hours = sites[0]?.pricesPerKwh.length ?? 0;
  const found: string[] = [];
  if (sites.length === 0 || hours === 0) found.push('there is no site or no hour');
  for (const site of sites) {
    if (site.pricesPerKwh.length !== hours)
      found.push(`${site.name} has ${site.pricesPerKwh.length} prices, the first site ${hours}`);
    if (site.pricesPerKwh.some((price) => !(price >= 0)))
      found.push(`${site.name} has a price below 0: raise it to 0`);
    if (site.pricesPerKwh.includes(Number.POSITIVE_INFINITY))
      found.push(`${site.name} has a price without end: give a number`);
    if (site.vmsAtStart > site.vmsMax)
      found.push(`${site.name} starts with ${site.vmsAtStart} VMs but holds ${site.vmsMax}`);
  }
  if (links.some(({ from, to }) => sites[from] === undefined || sites[to] === undefined))
    found.push('a link ends at a site that is not there');
  return found;
}

/** @throws RangeError with everything that `problemsOf` finds */
export function refuseBroken(problem: ElectricityProblem): void {
  const found = problemsOf(problem);
  if (found.length > 0) throw new RangeError(found.join('; '));
}

/** Fewest hops; among equals the one over links of lower index. By source, then destination. */
export function routesOf({ sites, links }: ElectricityProblem): readonly (readonly (Route | null)[])[] {
  return sites.map((_, source) => {
    const routes: (Route | null)[] = sites.map(() => null);
    routes[source] = { links: [], sites: [source] };
    const queue = [source];
    for (let head = 0; head < queue.length; head += 1) {
      const at = queue[head] as number;
      const before = routes[at] as Route;
      for (const [index, link] of links.entries())
        if (link.from === at && routes[link.to] === null) {
          routes[link.to] = { links: [...before.links, index], sites: [...before.sites, link.to] };
          queue.push(link.to);
        }
    }
    return routes;
  });
}

const JOULE_PER_KWH = 3.6e6;

/** Cost of moving one VM at the start of an hour. */
export function moveCost(problem: ElectricityProblem, route: Route, hour: number): number {
  const price = (site: number) => problem.sites[site]?.pricesPerKwh[hour] ?? 0;
  const routers = route.sites.reduce((sum, site) => sum + price(site), 0);
  const ends = price(route.sites[0] ?? 0) + price(route.sites.at(-1) ?? 0);
  const { routerJoulePerBit, vmWatt } = problem.power;
  return (
    (problem.migrationBits * routerJoulePerBit * routers + problem.migrationSec * vmWatt * ends) /
    JOULE_PER_KWH
  );
}

/** Kilowatts that one VM takes at the least: its share of a full server in a full rack. */
export const kilowattPerVm = ({
  rackWatt,
  serverWatt,
  vmWatt,
  vmsPerServer,
  serversPerRack,
}: ElectricityPower) =>
  (rackWatt / (vmsPerServer * serversPerRack) + serverWatt / vmsPerServer + vmWatt) / 1000;

/** Kilowatts of a site with so many VMs: whole servers and whole racks. */
export function kilowattOf(power: ElectricityPower, vms: number): number {
  const servers = Math.ceil(vms / power.vmsPerServer - 1e-9);
  const racks = Math.ceil(servers / power.serversPerRack - 1e-9);
  return (racks * power.rackWatt + servers * power.serverWatt + vms * power.vmWatt) / 1000;
}

/** VMs that a link can carry in an hour. */
export const linkRoom = (problem: ElectricityProblem, link: OpticalLink): number =>
  problem.migrationBits === 0
    ? Number.POSITIVE_INFINITY
    : (link.rateBitsPerSec * problem.windowSec) / problem.migrationBits;

/** The true cost of a schedule. */
export function scheduleCost(problem: ElectricityProblem, schedule: ElectricitySchedule): number {
  const routes = routesOf(problem);
  let cost = 0;
  for (const [hour, vms] of schedule.vms.entries())
    for (const [site, count] of vms.entries())
      cost += (problem.sites[site]?.pricesPerKwh[hour] ?? 0) * kilowattOf(problem.power, count);
  for (const move of schedule.moves) {
    const route = routes[move.from]?.[move.to];
    if (route === null || route === undefined) throw new RangeError(`no way from ${move.from} to ${move.to}`);
    cost += move.vms * moveCost(problem, route, move.hour);
  }
  return cost;
}

/** Rules that a schedule breaks, in words: conservation, places, links. */
export function brokenBy(problem: ElectricityProblem, schedule: ElectricitySchedule): readonly string[] {
  const routes = routesOf(problem);
  const found: string[] = [];
  let before: readonly number[] = problem.sites.map((site) => site.vmsAtStart);
  for (const [hour, vms] of schedule.vms.entries()) {
    const expected = [...before];
    const left = [...before];
    const carried = problem.links.map(() => 0);
    for (const move of schedule.moves.filter((one) => one.hour === hour)) {
      expected[move.from] = (expected[move.from] ?? 0) - move.vms;
      left[move.from] = (left[move.from] ?? 0) - move.vms;
      expected[move.to] = (expected[move.to] ?? 0) + move.vms;
      for (const link of routes[move.from]?.[move.to]?.links ?? [])
        carried[link] = (carried[link] ?? 0) + move.vms;
    }
    for (const [site, count] of vms.entries()) {
      if (Math.abs(count - (expected[site] ?? 0)) > 1e-6)
        found.push(`hour ${hour}: VMs of site ${site} do not add up`);
      if ((left[site] ?? 0) < -1e-6) found.push(`hour ${hour}: site ${site} sends more VMs than it had`);
      if (count > (problem.sites[site]?.vmsMax ?? 0) + 1e-6)
        found.push(`hour ${hour}: site ${site} is too full`);
    }
    for (const [index, link] of problem.links.entries())
      if ((carried[index] ?? 0) > linkRoom(problem, link) * (1 + 1e-9) + 1e-6)
        found.push(`hour ${hour}: link ${index} is too full`);
    before = vms;
  }
  return found;
}
