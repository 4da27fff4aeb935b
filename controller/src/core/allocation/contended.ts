/**
 * Only those who cross a link that cannot give everybody its largest rate have to be divided; all others have it. Every
 * demand is made so that its own best rate is its largest, so this loses nothing, and news about a migration on links
 * with room costs no more than its own links. Indices stay within the arrays they were made for, hence the casts.
 */
import type { BitsPerSec } from '@sluice/units';
import type { MigrationId } from '../ids.ts';
import type { Demand } from './allocation.ts';
import type { Allocator, Solved } from './allocator.ts';

export class ContendedAllocator implements Allocator {
  readonly #inner: Allocator;
  readonly #capacities: Float64Array;
  /** What each link would carry if everybody had its largest rate. */
  readonly #wanted: Float64Array;
  readonly #users: (Set<MigrationId> | undefined)[];
  readonly #demands = new Map<MigrationId, Demand>();
  readonly #contended = new Set<number>();
  /** In the inner problem, as its last solve had it. */
  readonly #inside = new Set<MigrationId>();
  /** What has happened since the last solve. */
  readonly #freshIds = new Set<MigrationId>();
  readonly #freshLinks = new Set<number>();
  #isInnerFresh = false;
  /** Changed in a solve that was infeasible. */
  #untold: MigrationId[] = [];
  #changed: MigrationId[] = [];

  constructor(capacities: readonly BitsPerSec[], inner: Allocator) {
    this.#inner = inner;
    this.#capacities = Float64Array.from(capacities);
    this.#wanted = new Float64Array(capacities.length);
    this.#users = new Array(capacities.length);
  }

  put(id: MigrationId, demand: Demand): void {
    const old = this.#demands.get(id);
    this.#demands.set(id, demand);
    this.#freshIds.add(id);
    // As a rule there is news about a migration where it was.
    if (old !== undefined && old.uses === demand.uses) {
      if (old.rateMax !== demand.rateMax) this.#want(demand.uses, demand.rateMax - old.rateMax);
      return;
    }
    if (old !== undefined) this.#detach(id, old);
    this.#want(demand.uses, demand.rateMax);
    for (const { link } of demand.uses) {
      let users = this.#users[link];
      if (users === undefined) this.#users[link] = users = new Set();
      users.add(id);
    }
  }

  remove(id: MigrationId): void {
    const old = this.#demands.get(id);
    if (old === undefined) return;
    this.#detach(id, old);
    this.#demands.delete(id);
    this.#freshIds.delete(id);
    if (this.#inside.delete(id)) {
      this.#inner.remove(id);
      this.#isInnerFresh = true;
    }
  }

  setCapacity(link: number, rate: BitsPerSec): void {
    if (this.#capacities[link] === rate) return;
    this.#capacities[link] = rate;
    this.#inner.setCapacity(link, rate);
    this.#freshLinks.add(link);
    if (this.#contended.has(link)) this.#isInnerFresh = true;
  }

  solve(options: { readonly workMax: number }): Solved {
    for (const link of this.#freshLinks) this.#judge(link);
    this.#freshLinks.clear();
    const changed = this.#untold;
    this.#untold = [];
    for (const id of this.#freshIds) this.#place(id, changed);
    this.#freshIds.clear();
    this.#changed = changed;
    if (!this.#isInnerFresh) return { status: 'optimal', gap: 0, work: changed.length };
    const solved = this.#inner.solve(options);
    if (solved.status === 'infeasible') {
      this.#untold = changed;
      return solved;
    }
    this.#isInnerFresh = false;
    for (const id of this.#inner.changed()) if (this.#inside.has(id)) changed.push(id);
    return solved;
  }

  rate(id: MigrationId): BitsPerSec {
    if (this.#inside.has(id)) return this.#inner.rate(id);
    const demand = this.#demands.get(id);
    if (demand === undefined) throw new RangeError(`migration ${id} asks for nothing`);
    return demand.rateMax;
  }
  changed(): readonly MigrationId[] {
    return this.#changed;
  }
  price(link: number): number {
    return this.#contended.has(link) ? this.#inner.price(link) : 0;
  }

  #detach(id: MigrationId, demand: Demand): void {
    this.#want(demand.uses, -demand.rateMax);
    for (const { link } of demand.uses) this.#users[link]?.delete(id);
  }

  #want(uses: Demand['uses'], more: number): void {
    for (const { link, share } of uses) {
      this.#wanted[link] = (this.#wanted[link] as number) + share * more;
      this.#freshLinks.add(link);
    }
  }

  /** Summed anew where it is close, so that rounding never decides. */
  #judge(link: number): void {
    const capacity = this.#capacities[link] as number;
    let wanted = this.#wanted[link] as number;
    if (Math.abs(wanted - capacity) <= CLOSE * capacity || wanted < 0) {
      wanted = 0;
      for (const id of this.#users[link] ?? [])
        for (const use of this.#demands.get(id)?.uses ?? [])
          if (use.link === link) wanted += use.share * (this.#demands.get(id) as Demand).rateMax;
      this.#wanted[link] = wanted;
    }
    const isContended = wanted > capacity;
    if (isContended === this.#contended.has(link)) return;
    if (isContended) this.#contended.add(link);
    else this.#contended.delete(link);
    for (const id of this.#users[link] ?? []) this.#freshIds.add(id);
  }

  #place(id: MigrationId, changed: MigrationId[]): void {
    const demand = this.#demands.get(id);
    if (demand === undefined) return;
    if (demand.uses.some(({ link }) => this.#contended.has(link))) {
      this.#inner.put(id, demand);
      this.#inside.add(id);
      this.#isInnerFresh = true;
      return;
    }
    if (this.#inside.delete(id)) {
      this.#inner.remove(id);
      this.#isInnerFresh = true;
    }
    changed.push(id);
  }
}

/** Of the capacity: far more than what sums of a hundred thousand numbers lose. */
const CLOSE = 1e-6;
