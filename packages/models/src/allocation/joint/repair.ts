/**
 * Rates that fit, near the answers. What a link carries too much is taken off the users that pay least for it on their
 * other links, and what a priced link has left is given to such users. A full link that stays full costs nothing, so
 * what is lost beside the little that is left over is of the second order in what was moved. Links are gone through one
 * after the other: what one takes off is off the next as well. Where its users may not move so far, a link that
 * carries too much gives all of them L + θ (R − L). Indices stay within the arrays they were made for, hence the casts.
 */
import { PLACE } from './demand-table.ts';
import type { Network } from './network.ts';

/**
 * So far a rate moves for its links, as a share of itself and of what is between it and its bound. Links that are
 * neither contended nor close to it have room for that of everybody.
 */
const MOVE_MAX = 0.01;
/** Users that a link moves one after the other before it gives up. */
const MOVERS_MAX = 8;
/** Who could not even move so much of it need not be asked. */
const MOVE_LEAST = 0.1;
/** What one link passes on to others the second round takes back; a third hardly finds anything. */
const ROUNDS = 2;
/** Among so few contended links all users of a link give up their share: equal demands get equal rates. */
const SMALL_LINKS = 64;

export class Repair {
  /** Σ share · rate of the rates that fit, on contended links; on close ones it is never more. */
  private readonly load: Float64Array;
  /** Which user of a link has moved last, to less and to more. */
  private readonly giver: Int32Array;
  private readonly taker: Int32Array;
  private readonly moved: number[] = [];
  private isMoved = new Uint8Array(0);

  constructor(private readonly network: Network) {
    this.load = new Float64Array(network.links.count);
    this.giver = new Int32Array(network.links.count).fill(-1);
    this.taker = new Int32Array(network.links.count).fill(-1);
  }

  /**
   * Sets the column `fitting`, and returns whose rates in it are not their answers. What a link has left may cost
   * `spare`; Infinity when nothing is to be given.
   */
  fit(spare: number): readonly number[] {
    const { contended, price } = this.network.links;
    this.begin();
    const isSmall = contended.length <= SMALL_LINKS;
    const rounds = isSmall || spare === Number.POSITIVE_INFINITY ? 0 : ROUNDS;
    for (let round = 0; round < rounds; round += 1)
      for (let at = 0; at < contended.length; at += 1) {
        const link = contended[at] as number;
        if (Math.abs(this.over(link)) * (price[link] as number) > spare) this.balance(link);
      }
    for (let at = 0; at < contended.length; at += 1) {
      const link = contended[at] as number;
      if (this.over(link) > 0 && (isSmall || !this.balance(link))) this.shrinkUsers(link);
    }
    return this.moved;
  }

  private begin(): void {
    const { demands, links } = this.network;
    demands.fitting.set(demands.rate.subarray(0, demands.slots));
    for (let at = 0; at < links.close.length; at += 1) {
      const link = links.close[at] as number;
      this.load[link] = this.network.loadAtMost(link);
    }
    for (let at = 0; at < links.contended.length; at += 1) {
      const link = links.contended[at] as number;
      this.load[link] = links.load[link] as number;
    }
    if (this.isMoved.length < demands.slots) this.isMoved = new Uint8Array(demands.rate.length);
    else for (let at = 0; at < this.moved.length; at += 1) this.isMoved[this.moved[at] as number] = 0;
    this.moved.length = 0;
  }

  private over(link: number): number {
    return (this.load[link] as number) - (this.network.links.target[link] as number);
  }

  /** Brings the link to its target; false when its users may not move so far. */
  private balance(link: number): boolean {
    const last = this.over(link) > 0 ? this.giver : this.taker;
    if (this.move(link, last[link] as number)) return true;
    for (let mover = 0; mover < MOVERS_MAX; mover += 1) {
      const slot = this.moverOf(link);
      last[link] = slot;
      if (slot === -1) return false;
      if (this.move(link, slot)) return true;
    }
    return false;
  }

  /** One user moves as far as it may; true when the link is at its target then. */
  private move(link: number, slot: number): boolean {
    const use = slot === -1 ? -1 : this.useOf(slot, link);
    if (use === -1) return false;
    const less = this.over(link) / (this.network.demands.useShare[use] as number);
    const most = this.room(slot, less > 0);
    this.take(slot, less > 0 ? Math.min(less, most) : Math.max(less, -most));
    return Math.abs(less) <= most;
  }

  /** How far the user may still move down, or up. */
  private room(slot: number, isDown: boolean): number {
    const { fitting, rate, rateMin, rateMax, place } = this.network.demands;
    const answer = rate[slot] as number;
    const up = (fitting[slot] as number) - answer;
    if (isDown) return Math.max(0, MOVE_MAX * (answer - (rateMin[slot] as number)) + up);
    // At a bound it is not for the price that it has this rate.
    if (place[slot] !== PLACE.inside) return 0;
    const most = MOVE_MAX * Math.min(answer, (rateMax[slot] as number) - answer) - up;
    return Math.max(0, Math.min(most, this.roomOnClose(slot)));
  }

  /** What the links that are not contended but close to it leave the user. */
  private roomOnClose(slot: number): number {
    const { links, demands } = this.network;
    const start = demands.useStart[slot] as number;
    const end = start + (demands.useCount[slot] as number);
    let room = Number.POSITIVE_INFINITY;
    for (let use = start + (demands.contendedUses[slot] as number); use < end; use += 1) {
      const link = demands.useLink[use] as number;
      if (links.isClose(link)) room = Math.min(room, -this.over(link) / (demands.useShare[use] as number));
    }
    return room;
  }

  /** Who may move and pays least for it beside this link; −1 when nobody may. */
  private moverOf(link: number): number {
    const { demands, links } = this.network;
    const over = this.over(link);
    const users = links.users[link] as number[];
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < users.length; at += 1) {
      const slot = users[at] as number;
      const share = demands.useShare[this.useOf(slot, link)] as number;
      const cost = (demands.price[slot] as number) / share;
      if (cost >= least || this.room(slot, over > 0) * share <= MOVE_LEAST * Math.abs(over)) continue;
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
    const { useLink, useShare, useStart, useCount, contendedUses, fitting, rateMin } = demands;
    const before = fitting[slot] as number;
    const after = Math.max(rateMin[slot] as number, before - less);
    if (after === before) return;
    fitting[slot] = after;
    if (this.isMoved[slot] === 0) {
      this.isMoved[slot] = 1;
      this.moved.push(slot);
    }
    const start = useStart[slot] as number;
    // On the way down links that are not contended need not know.
    const end = start + ((after > before ? useCount : contendedUses)[slot] as number);
    for (let use = start; use < end; use += 1) {
      const link = useLink[use] as number;
      this.load[link] = (this.load[link] as number) - (useShare[use] as number) * (before - after);
    }
  }

  /** Where a demand names the link among the contended ones, or −1. */
  private useOf(slot: number, link: number): number {
    // A free slot has none.
    const { useLink, useStart, contendedUses } = this.network.demands;
    const start = useStart[slot] as number;
    const end = start + (contendedUses[slot] as number);
    for (let use = start; use < end; use += 1) if (useLink[use] === link) return use;
    return -1;
  }
}
