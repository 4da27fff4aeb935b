/**
 * The links: what each may give away, its price, and who uses it. A link is contended while it has a price or is
 * asked for more than it has; only those enter the systems that are solved. The uses of a demand are kept with the
 * contended links first, so that a pass over them skips the rest.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { DemandTable } from './demand-table.ts';

/** What is kept back of each capacity, so that no order of adding up the rates exceeds it. */
export const CAPACITY_MARGIN = 1e-12;

/** From this share of its target on a link that is not contended is close to it. */
const CLOSE = 0.97;

export class LinkTable {
  readonly count: number;
  readonly capacity: Float64Array;
  /** What loads are brought to: the capacity less its margin, but never less than what the least rates need. */
  readonly target: Float64Array;
  readonly price: Float64Array;
  /** Σ share · rate, of the answers and of the least rates. */
  readonly load: Float64Array;
  readonly least: Float64Array;
  readonly users: number[][];
  /** Contended links, and the place of each link among them or −1. */
  readonly contended: number[] = [];
  private readonly contendedAt: Int32Array;
  /** Links that are not contended, or were not, and may soon be too full; each once. */
  readonly close: number[] = [];
  /** A close link may carry more than when this was last set to false. */
  hasNews = false;
  private readonly closeness: Uint8Array;
  /** By how much rates had grown when the link was last added up. */
  readonly grownAt: Float64Array;

  constructor(capacities: readonly number[]) {
    this.count = capacities.length;
    this.capacity = Float64Array.from(capacities);
    this.target = Float64Array.from(capacities, (capacity) => capacity * (1 - CAPACITY_MARGIN));
    this.price = new Float64Array(this.count);
    this.load = new Float64Array(this.count);
    this.least = new Float64Array(this.count);
    this.users = Array.from({ length: this.count }, () => []);
    this.contendedAt = new Int32Array(this.count).fill(-1);
    this.closeness = new Uint8Array(this.count);
    this.grownAt = new Float64Array(this.count);
  }

  isContended(link: number): boolean {
    return this.contendedAt[link] !== -1;
  }

  isClose(link: number): boolean {
    return this.closeness[link] === 1;
  }

  /** The link carries more, or less; true when it is too full without being contended. */
  carry(link: number, more: number): boolean {
    const load = (this.load[link] as number) + more;
    this.load[link] = load;
    const target = this.target[link] as number;
    if (load <= CLOSE * target || this.isContended(link)) return false;
    this.watch(link);
    return load > target;
  }

  private watch(link: number): void {
    this.hasNews = true;
    if (this.closeness[link] === 1) return;
    this.closeness[link] = 1;
    this.close.push(link);
  }

  /** Every link that is too full becomes contended, and others are found to be close to it; true when one became so. */
  enterCrowded(demands: DemandTable): boolean {
    const { load, target } = this;
    this.close.length = 0;
    this.closeness.fill(0);
    this.grownAt.fill(0);
    let any = false;
    for (let link = 0; link < this.count; link += 1) {
      if ((load[link] as number) <= CLOSE * (target[link] as number) || this.isContended(link)) continue;
      if ((load[link] as number) > (target[link] as number)) {
        this.enter(demands, link);
        any = true;
      } else this.watch(link);
    }
    return any;
  }

  /** Makes it known as a user of its links. */
  attach(demands: DemandTable, slot: number): void {
    const start = demands.useStart[slot] as number;
    const end = start + (demands.useCount[slot] as number);
    let contended = 0;
    for (let use = start; use < end; use += 1) {
      const link = demands.useLink[use] as number;
      this.users[link]?.push(slot);
      if (!this.isContended(link)) continue;
      swapUses(demands, use, start + contended);
      contended += 1;
    }
    demands.contendedUses[slot] = contended;
  }

  detach(demands: DemandTable, slot: number): void {
    const start = demands.useStart[slot] as number;
    const end = start + (demands.useCount[slot] as number);
    for (let use = start; use < end; use += 1) {
      const users = this.users[demands.useLink[use] as number] as number[];
      const last = users.pop() as number;
      if (last !== slot) users[users.indexOf(slot)] = last;
    }
  }

  /** The link joins the contended ones. */
  enter(demands: DemandTable, link: number): void {
    if (this.isContended(link)) return;
    this.contendedAt[link] = this.contended.length;
    this.contended.push(link);
    for (const slot of this.users[link] as number[]) {
      const first = (demands.useStart[slot] as number) + (demands.contendedUses[slot] as number);
      swapUses(demands, useOf(demands, slot, link), first);
      demands.contendedUses[slot] = (demands.contendedUses[slot] as number) + 1;
    }
  }

  /** The link, without a price, is one of the others again. */
  leave(demands: DemandTable, link: number): void {
    const at = this.contendedAt[link] as number;
    if (at === -1) return;
    const last = this.contended.pop() as number;
    if (last !== link) {
      this.contended[at] = last;
      this.contendedAt[last] = at;
    }
    this.contendedAt[link] = -1;
    this.watch(link);
    for (const slot of this.users[link] as number[]) {
      const left = (demands.contendedUses[slot] as number) - 1;
      swapUses(demands, useOf(demands, slot, link), (demands.useStart[slot] as number) + left);
      demands.contendedUses[slot] = left;
    }
  }

  /** Adds up anew what the link carries, so that no error of many small changes stays. */
  sumUp(demands: DemandTable, link: number): void {
    let load = 0;
    let least = 0;
    for (const slot of this.users[link] as number[]) {
      const share = demands.useShare[useOf(demands, slot, link)] as number;
      load += share * (demands.rate[slot] as number);
      least += share * (demands.rateMin[slot] as number);
    }
    this.load[link] = load;
    this.least[link] = least;
    const capacity = this.capacity[link] as number;
    this.target[link] = Math.max(capacity * (1 - CAPACITY_MARGIN), Math.min(least, capacity));
    if (load > CLOSE * (this.target[link] as number)) this.watch(link);
  }
}

function useOf(demands: DemandTable, slot: number, link: number): number {
  let use = demands.useStart[slot] as number;
  while (demands.useLink[use] !== link) use += 1;
  return use;
}

function swapUses({ useLink, useShare }: DemandTable, one: number, other: number): void {
  if (one === other) return;
  const link = useLink[one] as number;
  const share = useShare[one] as number;
  useLink[one] = useLink[other] as number;
  useShare[one] = useShare[other] as number;
  useLink[other] = link;
  useShare[other] = share;
}
