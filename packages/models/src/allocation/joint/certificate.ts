/**
 * The proof that comes with every answer. From below: the dual value Σ min (f + π R) − μ·c of the prices, by weak
 * duality never above the optimum. From above: rates that fit. What a link carries too much is taken off the user that
 * pays least for it on its other links; where that is more than one can spare, all its users get L + θ (R − L). Links
 * are gone through one after the other, so what one takes off is off the next as well.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { PLACE } from './demand-table.ts';
import type { Network } from './network.ts';
import { curveAt } from './response.ts';

export interface Certificate {
  readonly primal: number;
  readonly dual: number;
  /** (primal − dual) / |primal|; 0 when both are 0. */
  readonly gap: number;
}

/** Of what it has above its least rate, one user gives up at most so much for all. */
const SPARED_MAX = 5e-4;
/** Among so few contended links all users of a link give up their share: equal demands get equal rates. */
const SMALL_LINKS = 64;

export class Certifier {
  /** Σ share · rate of the rates that fit, on links looked at. */
  private readonly load: Float64Array;
  /** The user of a link that gave something up last. */
  private readonly giver: Int32Array;
  private trimmed: number[] = [];
  private isTrimmed = new Uint8Array(0);

  constructor(private readonly network: Network) {
    this.load = new Float64Array(network.links.count);
    this.giver = new Int32Array(network.links.count).fill(-1);
  }

  /** Makes the rates fit and weighs them against the prices. */
  certify(): Certificate {
    const { demands } = this.network;
    demands.fitting.set(demands.rate.subarray(0, demands.slots));
    this.trim();
    const dual = this.sumValues() - this.paid();
    const primal = this.sumCosts() + this.costOfTrims();
    const size = Math.abs(primal);
    return { primal, dual, gap: size === 0 ? 0 : Math.max(0, primal - dual) / size };
  }

  private sumValues(): number {
    const { value, slots } = this.network.demands;
    let sum = 0;
    for (let slot = 0; slot < slots; slot += 1) sum += value[slot] as number;
    return sum;
  }

  /** What the answers cost, without what they pay. */
  private sumCosts(): number {
    const { value, price, rate, slots } = this.network.demands;
    let sum = 0;
    for (let slot = 0; slot < slots; slot += 1)
      sum += (value[slot] as number) - (price[slot] as number) * (rate[slot] as number);
    return sum;
  }

  private paid(): number {
    const { contended, price, capacity } = this.network.links;
    let sum = 0;
    for (let at = 0; at < contended.length; at += 1) {
      const link = contended[at] as number;
      sum += (price[link] as number) * (capacity[link] as number);
    }
    return sum;
  }

  private trim(): void {
    const { links, demands } = this.network;
    if (this.isTrimmed.length < demands.slots) this.isTrimmed = new Uint8Array(demands.rate.length);
    const { contended, load, target } = links;
    for (let at = 0; at < contended.length; at += 1) {
      const link = contended[at] as number;
      this.load[link] = load[link] as number;
    }
    for (let at = 0; at < contended.length; at += 1) {
      const link = contended[at] as number;
      const over = (this.load[link] as number) - (target[link] as number);
      if (over > 0) this.relieve(link, over);
    }
  }

  private relieve(link: number, over: number): void {
    const isSmall = this.network.links.contended.length <= SMALL_LINKS;
    if (isSmall || !this.spareOne(link, over)) this.shrinkUsers(link);
  }

  private spareOne(link: number, over: number): boolean {
    const last = this.giver[link] as number;
    if (last !== -1 && this.spare(link, last, over)) return true;
    const giver = this.giverOf(link, over);
    this.giver[link] = giver;
    return giver !== -1 && this.spare(link, giver, over);
  }

  /** One user gives up all of it; false when it is no user any more or has too little. */
  private spare(link: number, slot: number, over: number): boolean {
    const use = this.useOf(slot, link);
    if (use === -1) return false;
    const { demands } = this.network;
    const less = over / (demands.useShare[use] as number);
    const rate = demands.fitting[slot] as number;
    if (!(less <= SPARED_MAX * (rate - (demands.rateMin[slot] as number)))) return false;
    this.take(slot, less);
    return true;
  }

  /** Who can spare it and pays least for it beside this link; −1 when nobody can. */
  private giverOf(link: number, over: number): number {
    const { demands, links } = this.network;
    const { useShare, fitting, rateMin, price } = demands;
    const users = links.users[link] as number[];
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < users.length; at += 1) {
      const slot = users[at] as number;
      const less = over / (useShare[this.useOf(slot, link)] as number);
      const room = (fitting[slot] as number) - (rateMin[slot] as number);
      // Half of what it may, for it is asked again next time.
      if (!(less <= 0.5 * SPARED_MAX * room)) continue;
      const cost = (price[slot] as number) * less;
      if (cost >= least) continue;
      least = cost;
      best = slot;
    }
    return best;
  }

  private shrinkUsers(link: number): void {
    const { demands, links } = this.network;
    const { rateMin, fitting } = demands;
    const load = this.load[link] as number;
    const least = links.least[link] as number;
    const target = links.target[link] as number;
    const factor = load > least ? Math.max(0, (target - least) / (load - least)) : 0;
    for (const slot of links.users[link] as number[])
      this.take(slot, (1 - factor) * ((fitting[slot] as number) - (rateMin[slot] as number)));
  }

  private take(slot: number, less: number): void {
    const { demands } = this.network;
    const { useLink, useShare, useStart, contendedUses, fitting, rateMin } = demands;
    const before = fitting[slot] as number;
    const after = Math.max(rateMin[slot] as number, before - less);
    if (after === before) return;
    fitting[slot] = after;
    if (this.isTrimmed[slot] === 0) {
      this.isTrimmed[slot] = 1;
      this.trimmed.push(slot);
    }
    const start = useStart[slot] as number;
    const end = start + (contendedUses[slot] as number);
    for (let use = start; use < end; use += 1) {
      const link = useLink[use] as number;
      this.load[link] = (this.load[link] as number) - (useShare[use] as number) * (before - after);
    }
  }

  /** Where a demand names the link among the contended ones, or −1. */
  private useOf(slot: number, link: number): number {
    const { useLink, useStart, contendedUses, place } = this.network.demands;
    if (place[slot] === PLACE.free) return -1;
    const start = useStart[slot] as number;
    const end = start + (contendedUses[slot] as number);
    for (let use = start; use < end; use += 1) if (useLink[use] === link) return use;
    return -1;
  }

  /** What the rates that were taken down cost more than before. */
  private costOfTrims(): number {
    const { network, trimmed, isTrimmed } = this;
    const { rate, price, value, give, reach, fitting } = network.demands;
    let more = 0;
    for (let at = 0; at < trimmed.length; at += 1) {
      const slot = trimmed[at] as number;
      isTrimmed[slot] = 0;
      const fits = fitting[slot] as number;
      const less = (rate[slot] as number) - fits;
      const paid = (price[slot] as number) * (rate[slot] as number);
      // Near the answer its own curvature says what less costs.
      more +=
        less < (reach[slot] as number)
          ? (price[slot] as number) * less + (0.5 * less * less) / (give[slot] as number)
          : (curveAt(network.demands, slot, fits)[0] as number) - ((value[slot] as number) - paid);
    }
    trimmed.length = 0;
    return more;
  }
}
