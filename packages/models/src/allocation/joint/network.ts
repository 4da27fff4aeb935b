/**
 * Demands and links together: answers of demands to the links' prices, and the loads that follow. Every evaluation of
 * a cost and every so many entries of a matrix count as one unit of work; a budget is in these units, never in time.
 */
import { DemandTable, PLACE } from './demand-table.ts';
import { LinkTable } from './link-table.ts';
import { respond } from './response.ts';

/** An entry of a matrix takes about so much less time than an evaluation of a cost. */
export const ENTRIES_OF_WORK = 16;

export class Network {
  readonly demands = new DemandTable();
  readonly links: LinkTable;
  work = 0;

  constructor(capacities: readonly number[]) {
    this.links = new LinkTable(capacities);
  }

  /** Price along the path of a demand. */
  asked(slot: number): number {
    const { useLink, useShare, useStart, contendedUses } = this.demands;
    const { price } = this.links;
    const start = useStart[slot] as number;
    const end = start + (contendedUses[slot] as number);
    let asked = 0;
    for (let use = start; use < end; use += 1)
      asked += (useShare[use] as number) * (price[useLink[use] as number] as number);
    return asked;
  }

  /**
   * Everybody answers, and loads are added up anew: of all links, with those that have become too full contended, or
   * only of the contended ones, which is a third of the way.
   */
  respondAll(ofAllLinks: boolean): void {
    const { demands, links } = this;
    const { place, useStart, rate, useLink, useShare } = demands;
    const { load } = links;
    const useCount = ofAllLinks ? demands.useCount : demands.contendedUses;
    if (ofAllLinks) load.fill(0);
    else for (const link of links.contended) load[link] = 0;
    let work = 0;
    for (let slot = 0; slot < demands.slots; slot += 1) {
      if (place[slot] === PLACE.free) continue;
      work += respond(demands, slot, this.asked(slot));
      const carried = rate[slot] as number;
      const start = useStart[slot] as number;
      const end = start + (useCount[slot] as number);
      for (let use = start; use < end; use += 1) {
        const link = useLink[use] as number;
        load[link] = (load[link] as number) + (useShare[use] as number) * carried;
      }
    }
    this.work += work;
    if (ofAllLinks) this.enterCrowded();
  }

  /** All loads from the rates as they are; true when a link became contended. */
  sumUp(): boolean {
    const { demands, links } = this;
    const { place, useStart, useCount, rate, useLink, useShare } = demands;
    const { load } = links;
    load.fill(0);
    for (let slot = 0; slot < demands.slots; slot += 1) {
      if (place[slot] === PLACE.free) continue;
      const carried = rate[slot] as number;
      const start = useStart[slot] as number;
      const end = start + (useCount[slot] as number);
      for (let use = start; use < end; use += 1) {
        const link = useLink[use] as number;
        load[link] = (load[link] as number) + (useShare[use] as number) * carried;
      }
    }
    return this.enterCrowded();
  }

  private enterCrowded(): boolean {
    const { demands, links } = this;
    let any = false;
    for (let link = 0; link < links.count; link += 1)
      if ((links.load[link] as number) > (links.target[link] as number) && !links.isContended(link)) {
        links.enter(demands, link);
        any = true;
      }
    return any;
  }

  /** The same for some demands; the loads change by what they change. */
  respondSome(slots: readonly number[]): void {
    const crowded: number[] = [];
    for (const slot of slots) this.answer(slot, this.asked(slot), crowded);
    for (const link of crowded) this.links.enter(this.demands, link);
  }

  /** One demand answers a price; links that its load fills too much are added to `crowded`. */
  answer(slot: number, price: number, crowded: number[]): void {
    const { demands, links } = this;
    const before = demands.rate[slot] as number;
    this.work += respond(demands, slot, price);
    const change = (demands.rate[slot] as number) - before;
    if (change === 0) return;
    const { useLink, useShare } = demands;
    const start = demands.useStart[slot] as number;
    const end = start + (demands.useCount[slot] as number);
    for (let use = start; use < end; use += 1) {
      const link = useLink[use] as number;
      const load = (links.load[link] as number) + (useShare[use] as number) * change;
      links.load[link] = load;
      if (load > (links.target[link] as number) && !links.isContended(link)) crowded.push(link);
    }
  }
}
