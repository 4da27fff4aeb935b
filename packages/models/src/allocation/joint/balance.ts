/**
 * How far each link is from balance, in cost: a full link that carries more than its target, a priced one that carries
 * less. The sum is near the gap, and where it sits says how far a step must reach: while few links are out of balance
 * only those move, and what that disturbs around them joins in.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { Network } from './network.ts';

/** A network of so few contended links is a region itself. */
const SMALL_LINKS = 64;
/** More links than this, or this share of the contended ones, are nearly as dear as all of them. */
const REGION_LINKS = 32;
const REGION_SHARE = 1 / 48;
/** A link below this share of the mean imbalance is left where it is. */
const CALM_SHARE = 0.1;
/** Above this share of the imbalance left outside, a region is too small. */
const LEFT_SHARE = 0.5;

export interface Region {
  readonly links: readonly number[];
  /** Who uses them; null when it is most of the network. */
  readonly slots: readonly number[] | null;
}

export class Balance {
  /** Size of all costs, and the mean cost of a bit/s: scales, not results. */
  private scale = 0;
  private worth = 0;
  private readonly costOfLink: Float64Array;
  private readonly joined: Uint8Array;
  private stampOfSlot = new Int32Array(0);
  private stamp = 0;

  constructor(private readonly network: Network) {
    this.costOfLink = new Float64Array(network.links.count);
    this.joined = new Uint8Array(network.links.count);
  }

  /** To be called when answers have moved far. */
  weigh(): void {
    const { demands } = this.network;
    let cost = 0;
    let carried = 0;
    for (let slot = 0; slot < demands.slots; slot += 1) {
      const rate = demands.rate[slot] as number;
      cost += (demands.value[slot] as number) - (demands.price[slot] as number) * rate;
      carried += rate;
    }
    this.scale = cost;
    this.worth = carried > 0 ? cost / carried : 0;
  }

  /** Forgets which links have moved. One demand more or less hardly changes the scale. */
  begin(isCold: boolean): void {
    this.joined.fill(0);
    if (isCold || this.scale === 0) this.weigh();
  }

  /** The cost as it has turned out. */
  know(cost: number): void {
    if (this.scale > 0) this.worth *= cost / this.scale;
    this.scale = cost;
  }

  /** Σ over the links of what their imbalance costs, as a share of the whole cost. */
  measure(): number {
    const total = this.weighLinks();
    return this.scale > 0 ? total / this.scale : total;
  }

  private weighLinks(): number {
    const { costOfLink, worth } = this;
    const { contended, load, target, price } = this.network.links;
    let total = 0;
    for (let at = 0; at < contended.length; at += 1) {
      const link = contended[at] as number;
      const over = (load[link] as number) - (target[link] as number);
      const own = price[link] as number;
      const cost = over > 0 ? Math.max(own, worth) * over : -own * over;
      costOfLink[link] = cost;
      total += cost;
    }
    return total;
  }

  /** The links to move next. `share` is what `measure` returned, `calm` what all that is left still may add up to. */
  region(share: number, calm: number): Region {
    const { links } = this.network;
    const { contended, price, load, target } = links;
    const most =
      contended.length <= SMALL_LINKS ? SMALL_LINKS : Math.max(REGION_LINKS, REGION_SHARE * contended.length);
    const chosen: number[] = [];
    let left = 0;
    for (const cut of this.cuts(share, calm)) {
      chosen.length = 0;
      left = 0;
      for (const link of contended) {
        const cost = this.costOfLink[link] as number;
        if (cost <= cut && this.joined[link] === 0) left += cost;
        else if (chosen.push(link) > most) break;
      }
      if (chosen.length > most) continue;
      if (left > LEFT_SHARE * share * this.scale) break;
      for (const link of chosen) this.joined[link] = 1;
      return { links: chosen, slots: this.usersOf(chosen) };
    }
    this.joined.fill(0);
    const all = contended.filter(
      (link) => (price[link] as number) > 0 || (load[link] as number) > (target[link] as number),
    );
    return { links: all, slots: null };
  }

  private cuts(share: number, calm: number): readonly number[] {
    const mean = this.scale / this.network.links.contended.length;
    const cut = Math.max(CALM_SHARE * share, calm) * mean;
    return [cut, 4 * cut, 16 * cut, 64 * cut];
  }

  private usersOf(chosen: readonly number[]): number[] {
    const { demands, links } = this.network;
    if (this.stampOfSlot.length < demands.slots) this.stampOfSlot = new Int32Array(demands.rate.length);
    this.stamp += 1;
    const slots: number[] = [];
    for (const link of chosen)
      for (const slot of links.users[link] as number[]) {
        if (this.stampOfSlot[slot] === this.stamp) continue;
        this.stampOfSlot[slot] = this.stamp;
        slots.push(slot);
      }
    return slots;
  }
}
