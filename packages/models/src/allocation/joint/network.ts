/**
 * Demands and links together: answers of demands to the links' prices, and the loads that follow. Every evaluation of
 * a cost and every so many entries of a matrix count as one unit of work; a budget is in these units, never in time.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { DemandTable } from './demand-table.ts';
import { LinkTable } from './link-table.ts';
import { respond, respondAnew } from './response.ts';

/** An entry of a matrix takes about so much less time than an evaluation of a cost. */
export const ENTRIES_OF_WORK = 16;

/** Above this growth all loads are added up anew; `CLOSE` leaves room for twice of it and for what a repair moves. */
const GROWTH_MAX = 0.01;
/** Few demands grow more than this in a step near the optimum, and they are looked after one by one. */
const GROWTH_AT_ONCE = 5e-4;
/** A change of −dR/dπ above this share is told to the couplings. */
const BENT = 0.05;

export class Network {
  readonly demands = new DemandTable();
  readonly links: LinkTable;
  work = 0;
  /** Demands that give way otherwise than the couplings know. Who tells them clears the list. */
  readonly bent: number[] = [];
  /** By what share rates may have grown since loads of links that are not contended were added up. */
  restGrowth = 0;
  /** `restGrowth` when links were last looked at. */
  private settledGrowth = 0;
  /** Links that answers have made too full. */
  private readonly crowded: number[] = [];

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
   * only of the contended ones, which is a third of the way; then it is noted by how much any rate has grown. Free slots
   * answer 0 to every price.
   */
  respondAll(ofAllLinks: boolean): void {
    const { demands, links } = this;
    const { useStart, contendedUses, useLink, useShare, rate, price, value } = demands;
    const { nearLow, nearHigh, basePrice, baseRate, baseValue, give, bow } = demands;
    const { load, price: priceOf } = links;
    const loaded = ofAllLinks ? demands.useCount : contendedUses;
    if (ofAllLinks) load.fill(0);
    else for (const link of links.contended) load[link] = 0;
    let growth = 0;
    for (let slot = 0; slot < demands.slots; slot += 1) {
      const start = useStart[slot] as number;
      let end = start + (contendedUses[slot] as number);
      let asked = 0;
      for (let use = start; use < end; use += 1)
        asked += (useShare[use] as number) * (priceOf[useLink[use] as number] as number);
      const before = rate[slot] as number;
      // What `respond` does first, without a call: nearly all answers near the optimum.
      if (asked >= (nearLow[slot] as number) && asked <= (nearHigh[slot] as number)) {
        const rise = asked - (basePrice[slot] as number);
        const base = baseRate[slot] as number;
        const loss = rise * (give[slot] as number);
        const more = 0.5 * rise * rise * (bow[slot] as number);
        price[slot] = asked;
        rate[slot] = base - loss - more;
        value[slot] = (baseValue[slot] as number) + rise * (base - 0.5 * loss - more / 3);
      } else this.answerAnew(slot, asked);
      const carried = rate[slot] as number;
      end = start + (loaded[slot] as number);
      if (carried - before > growth * before) {
        if (ofAllLinks || carried - before <= GROWTH_AT_ONCE * before) growth = carried / before - 1;
        else this.loadRest(slot, end, carried - before);
      }
      for (let use = start; use < end; use += 1) {
        const link = useLink[use] as number;
        load[link] = (load[link] as number) + (useShare[use] as number) * carried;
      }
    }
    if (ofAllLinks) {
      this.noGrowth();
      links.enterCrowded(demands);
    } else this.restGrowth = (1 + growth) * (1 + this.restGrowth) - 1;
  }

  private answerAnew(slot: number, asked: number): void {
    this.work += respondAnew(this.demands, slot, asked);
    this.noteBent(slot);
  }

  private noteBent(slot: number): void {
    const { give, coupled } = this.demands;
    const known = coupled[slot] as number;
    if (Math.abs((give[slot] as number) - known) > BENT * known) this.bent.push(slot);
  }

  /**
   * Makes sure that no link is too full without being contended; true when one became so. Only links that were nearly
   * full when their loads were summed up are looked at: the others have more room than rates have grown since.
   */
  settleRest(): boolean {
    if (this.restGrowth > GROWTH_MAX) return this.sumUp();
    const { demands, links } = this;
    if (this.restGrowth === this.settledGrowth && !links.hasNews) return false;
    const { load, target, close, grownAt } = links;
    let any = false;
    for (let at = 0; at < close.length; at += 1) {
      const link = close[at] as number;
      if (this.loadAtMost(link) <= (target[link] as number) || links.isContended(link)) continue;
      links.sumUp(demands, link);
      grownAt[link] = this.restGrowth;
      if ((load[link] as number) <= (target[link] as number)) continue;
      links.enter(demands, link);
      any = true;
    }
    this.settledGrowth = this.restGrowth;
    links.hasNews = false;
    return any;
  }

  /** What the link, which is not contended, may carry by now. */
  loadAtMost(link: number): number {
    const { load, target, grownAt } = this.links;
    const growth = this.restGrowth - (grownAt[link] as number);
    // Rates that have been taken off meanwhile are still in the growth: twice is enough for both.
    return (load[link] as number) + 2 * growth * (target[link] as number);
  }

  private noGrowth(): void {
    this.restGrowth = 0;
    this.settledGrowth = 0;
  }

  /** A rate that grew much is put on the links that are not contended, from this use on, at once. */
  private loadRest(slot: number, from: number, growth: number): void {
    const { useLink, useShare, useStart, useCount } = this.demands;
    const end = (useStart[slot] as number) + (useCount[slot] as number);
    for (let use = from; use < end; use += 1)
      this.links.carry(useLink[use] as number, (useShare[use] as number) * growth);
  }

  /** All loads from the rates as they are; true when a link became contended. */
  sumUp(): boolean {
    const { demands, links } = this;
    const { useStart, useCount, rate, useLink, useShare } = demands;
    const { load } = links;
    load.fill(0);
    for (let slot = 0; slot < demands.slots; slot += 1) {
      const carried = rate[slot] as number;
      const start = useStart[slot] as number;
      const end = start + (useCount[slot] as number);
      for (let use = start; use < end; use += 1) {
        const link = useLink[use] as number;
        load[link] = (load[link] as number) + (useShare[use] as number) * carried;
      }
    }
    this.noGrowth();
    return links.enterCrowded(demands);
  }

  /** The same for some demands; the loads change by what they change. */
  respondSome(slots: readonly number[]): void {
    const { crowded } = this;
    for (let at = 0; at < slots.length; at += 1) this.answer(slots[at] as number);
    for (let at = 0; at < crowded.length; at += 1) {
      const link = crowded[at] as number;
      // Every answer since then has found it too full.
      if (this.links.isContended(link)) continue;
      // Its load was not kept to the last bit while it had room.
      this.links.sumUp(this.demands, link);
      this.links.enter(this.demands, link);
    }
    crowded.length = 0;
  }

  private answer(slot: number): void {
    const { demands, links, crowded } = this;
    const before = demands.rate[slot] as number;
    this.work += respond(demands, slot, this.asked(slot));
    this.noteBent(slot);
    const change = (demands.rate[slot] as number) - before;
    if (change === 0) return;
    const { useLink, useShare } = demands;
    const start = demands.useStart[slot] as number;
    const contended = start + (demands.contendedUses[slot] as number);
    const end = start + (demands.useCount[slot] as number);
    for (let use = start; use < contended; use += 1) {
      const link = useLink[use] as number;
      links.load[link] = (links.load[link] as number) + (useShare[use] as number) * change;
    }
    for (let use = contended; use < end; use += 1) {
      const link = useLink[use] as number;
      if (links.carry(link, (useShare[use] as number) * change)) crowded.push(link);
    }
  }
}
