/**
 * Rates for many migrations over shared links at the least total cost: min Σ f_k(R_k), A R ≤ c, L ≤ R ≤ U. Each f_k is
 * convex in ln R, so the prices of full links decide everything: at them every demand's own best rate is its share.
 * The object is kept between rounds: after a change it starts from the last prices, so that one demand that has news
 * costs little. Pure: no clock and no chance, the budget counts work; the same calls give the same numbers.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { CostedDemand } from '../problem.ts';
import { Ascent } from './ascent.ts';
import { checkCapacity } from './checks.ts';
import { PLACE } from './demand-table.ts';
import { Network } from './network.ts';

/** Relative gap at which a solution is called optimal. */
export const JOINT_GAP = 1e-6;
/** Evaluations of a cost: a hundred for each of 100,000 demands. */
export const JOINT_WORK_MAX = 10_000_000;
/** A sum of least rates may pass a capacity by so much of it: that is rounding of the sum. */
const LEAST_ROUNDING = 1e-12;
/** From this share of new demands on, old prices are no guide. */
const COLD_SHARE = 0.125;

export interface JointOptions {
  readonly gapMax?: number;
  /** Units of work: evaluations of a cost, 16 matrix entries being one. */
  readonly workMax?: number;
}

/** A link on which the least rates alone are too much. */
export interface OverfullLink {
  readonly link: number;
  /** Σ share · rateMin. */
  readonly least: BitsPerSec;
  readonly capacity: BitsPerSec;
}

export interface JointSolution {
  /** `feasible`: the rates fit, the gap is what it is. `infeasible`: even the least rates do not; no rate has changed. */
  readonly status: 'optimal' | 'feasible' | 'infeasible';
  /** Cost of the rates, and a bound below the least possible cost. */
  readonly primal: number;
  readonly dual: number;
  /** (primal − dual) / |primal|, Infinity when infeasible. */
  readonly gap: number;
  readonly work: number;
  readonly steps: number;
  readonly contendedLinks: number;
  /** Not empty when infeasible, in order of the links. */
  readonly overfull: readonly OverfullLink[];
}

export interface PricedLink {
  readonly link: number;
  readonly share: number;
  /** Cost per bit/s of capacity. */
  readonly price: number;
}

/** What holds a rate where it is, with the links on its way that have a price, the dearest first. */
export interface RateBinding {
  readonly kind: 'own_optimum' | 'rate_min' | 'rate_max' | 'links';
  readonly links: readonly PricedLink[];
}

export class JointAllocation<Id extends string | number = string> {
  private readonly network: Network;
  private readonly ascent: Ascent;
  private readonly slots = new Map<Id, number>();
  private readonly ids: (Id | undefined)[] = [];
  private before = new Float64Array(0);
  private readonly freshSlots = new Set<number>();
  private readonly freshLinks = new Set<number>();
  private readonly overfull = new Set<number>();

  /** @throws RangeError when a capacity is negative or not finite */
  constructor(capacities: readonly BitsPerSec[]) {
    for (const [link, capacity] of capacities.entries()) checkCapacity(capacity, link);
    this.network = new Network(capacities);
    this.ascent = new Ascent(this.network);
  }

  get size(): number {
    return this.slots.size;
  }

  /** A new demand, or a known one with news. @throws RangeError naming the wrong number; then the old one stays */
  put(id: Id, demand: CostedDemand): void {
    const { demands, links } = this.network;
    const slot = demands.add(demand, links.count);
    const old = this.slots.get(id);
    const fitting = old === undefined ? Number.NaN : (demands.fitting[old] as number);
    if (old !== undefined) this.release(old);
    links.attach(demands, slot);
    demands.fitting[slot] = fitting;
    this.slots.set(id, slot);
    this.ids[slot] = id;
    this.freshSlots.add(slot);
    this.touchLinksOf(slot);
  }

  /** False when it was not there. */
  remove(id: Id): boolean {
    const slot = this.slots.get(id);
    if (slot === undefined) return false;
    this.release(slot);
    this.slots.delete(id);
    return true;
  }

  /** @throws RangeError when the link is not there or the rate is negative */
  setCapacity(link: number, rate: BitsPerSec): void {
    if (!(link in this.network.links.capacity)) throw new RangeError(`there is no link ${link}`);
    checkCapacity(rate, link);
    this.network.links.capacity[link] = rate;
    this.freshLinks.add(link);
  }

  solve({ gapMax = JOINT_GAP, workMax = JOINT_WORK_MAX }: JointOptions = {}): JointSolution {
    const { network } = this;
    const { demands, links } = network;
    network.work = 0;
    if (this.before.length < demands.slots) this.before = new Float64Array(demands.rate.length);
    this.before.set(demands.fitting.subarray(0, demands.slots));
    const cold = this.freshSlots.size > COLD_SHARE * demands.count;
    for (const link of this.freshLinks) this.settle(link);
    if (this.overfull.size > 0) return this.infeasible();
    network.respondSome([...this.freshSlots]);
    // Sums anew: the fresh ones' answers were never part of the loads.
    for (const link of this.freshLinks) {
      links.sumUp(demands, link);
      if ((links.load[link] as number) > (links.target[link] as number)) links.enter(demands, link);
    }
    this.freshSlots.clear();
    this.freshLinks.clear();
    const result = this.ascent.climb({ gapMax, workMax }, { cold });
    return { ...result, work: network.work, contendedLinks: links.contended.length, overfull: [] };
  }

  /** Of the last solve that was not infeasible. @throws RangeError when the demand is unknown or was never solved */
  rate(id: Id): BitsPerSec {
    return bitsPerSec(this.network.demands.fitting[this.slotOf(id)] as number);
  }

  /** What one more bit/s of the link would save; 0 where it is not full. @throws RangeError when there is no such link */
  price(link: number): number {
    const price = this.network.links.price[link];
    if (price === undefined) throw new RangeError(`there is no link ${link}`);
    return price;
  }

  /** @throws RangeError when the demand is unknown */
  binding(id: Id): RateBinding {
    const slot = this.slotOf(id);
    const { demands, links } = this.network;
    const priced: PricedLink[] = [];
    const start = demands.useStart[slot] as number;
    for (let use = start; use < start + (demands.contendedUses[slot] as number); use += 1) {
      const link = demands.useLink[use] as number;
      const price = links.price[link] as number;
      if (price > 0) priced.push({ link, share: demands.useShare[use] as number, price });
    }
    priced.sort((a, b) => b.share * b.price - a.share * a.price || a.link - b.link);
    const place = demands.place[slot];
    if (place === PLACE.rateMin) return { kind: 'rate_min', links: priced };
    if (place === PLACE.rateMax) return { kind: 'rate_max', links: priced };
    return { kind: priced.length > 0 ? 'links' : 'own_optimum', links: priced };
  }

  /** Demands whose rate the last solve changed, new ones among them. */
  changed(): Id[] {
    const { demands } = this.network;
    const changed: Id[] = [];
    for (let slot = 0; slot < demands.slots; slot += 1) {
      const id = this.ids[slot];
      if (id !== undefined && demands.fitting[slot] !== this.before[slot]) changed.push(id);
    }
    return changed;
  }

  private slotOf(id: Id): number {
    const slot = this.slots.get(id);
    if (slot === undefined) throw new RangeError(`there is no demand ${id}`);
    return slot;
  }

  private release(slot: number): void {
    const { demands, links } = this.network;
    this.touchLinksOf(slot);
    this.ascent.forget(slot);
    links.detach(demands, slot);
    demands.free(slot);
    this.freshSlots.delete(slot);
    this.ids[slot] = undefined;
  }

  private touchLinksOf(slot: number): void {
    const { demands } = this.network;
    const start = demands.useStart[slot] as number;
    for (let use = start; use < start + (demands.useCount[slot] as number); use += 1)
      this.freshLinks.add(demands.useLink[use] as number);
  }

  /** Sums of a link that has changed, and whether its least rates fit. */
  private settle(link: number): void {
    const { demands, links } = this.network;
    links.sumUp(demands, link);
    const isOver = (links.least[link] as number) > (links.capacity[link] as number) * (1 + LEAST_ROUNDING);
    if (isOver) this.overfull.add(link);
    else this.overfull.delete(link);
  }

  private infeasible(): JointSolution {
    const { links } = this.network;
    const overfull = [...this.overfull]
      .sort((a, b) => a - b)
      .map((link) => ({
        link,
        least: bitsPerSec(links.least[link] as number),
        capacity: bitsPerSec(links.capacity[link] as number),
      }));
    return {
      status: 'infeasible',
      primal: Number.POSITIVE_INFINITY,
      dual: Number.POSITIVE_INFINITY,
      gap: Number.POSITIVE_INFINITY,
      work: this.network.work,
      steps: 0,
      contendedLinks: links.contended.length,
      overfull,
    };
  }
}
