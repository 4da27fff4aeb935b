/**
 * How links answer to each other's prices: A diag(h) Aᵀ, h = −dR/dπ, kept as its lower triangle row by row, in the order
 * in which links were taken in. A link whose users have changed is taken in again at the end, where its row knows all
 * the others; its old row is dead. So one change costs a few rows, not a matrix.
 */
import type { Network } from './network.ts';
import { grown, grownInts } from './pool.ts';

export class CouplingMatrix {
  /** Rows, dead ones among them. */
  size = 0;
  live = 0;
  /** Link of each row; row of each link or −1. */
  link = new Int32Array(0);
  readonly rowOf: Int32Array;
  diagonal = new Float64Array(0);
  /** Entries of row r end at rowEnd[r] and begin where those of r − 1 end. */
  rowEnd = new Int32Array(0);
  column = new Int32Array(0);
  value = new Float64Array(0);
  private sum = new Float64Array(0);
  private met = new Int32Array(0);

  /** Couplings below `weakest` · √(D_i D_j) are left out: hundreds of them count for less than one step in thirty. */
  constructor(
    linkCount: number,
    private readonly weakest: number,
  ) {
    this.rowOf = new Int32Array(linkCount).fill(-1);
  }

  clear(): void {
    for (let row = 0; row < this.size; row += 1) this.rowOf[this.link[row] as number] = -1;
    this.size = 0;
    this.live = 0;
  }

  /** The row is dead until the link is taken in again. */
  drop(link: number): void {
    if (this.rowOf[link] === -1) return;
    this.rowOf[link] = -1;
    this.live -= 1;
  }

  isLive(row: number): boolean {
    return this.rowOf[this.link[row] as number] === row;
  }

  takeIn(network: Network, link: number): void {
    if (this.rowOf[link] !== -1) return;
    const row = this.size;
    if (row === this.link.length) this.moreRows();
    const { sum, met, rowOf, diagonal } = this;
    const { useLink, useShare, useStart, contendedUses, give } = network.demands;
    const users = network.links.users[link] as number[];
    let own = 0;
    let count = 0;
    for (let at = 0; at < users.length; at += 1) {
      const slot = users[at] as number;
      const gives = give[slot] as number;
      if (gives === 0) continue;
      const start = useStart[slot] as number;
      const end = start + (contendedUses[slot] as number);
      let use = start;
      while (useLink[use] !== link) use += 1;
      const weight = (useShare[use] as number) * gives;
      own += weight * (useShare[use] as number);
      for (use = start; use < end; use += 1) {
        const other = rowOf[useLink[use] as number] as number;
        if (other < 0) continue;
        if (sum[other] === 0) {
          met[count] = other;
          count += 1;
        }
        sum[other] = (sum[other] as number) + weight * (useShare[use] as number);
      }
    }
    let entry = row === 0 ? 0 : (this.rowEnd[row - 1] as number);
    if (entry + count > this.column.length) this.moreEntries(entry + count);
    const { column, value, weakest } = this;
    for (let at = 0; at < count; at += 1) {
      const other = met[at] as number;
      const coupling = sum[other] as number;
      sum[other] = 0;
      if (coupling * coupling < weakest * weakest * own * (diagonal[other] as number)) continue;
      column[entry] = other;
      value[entry] = coupling;
      entry += 1;
    }
    this.link[row] = link;
    this.diagonal[row] = own;
    this.rowEnd[row] = entry;
    rowOf[link] = row;
    this.size += 1;
    this.live += 1;
  }

  private moreRows(): void {
    const room = Math.max(64, 2 * this.link.length);
    this.link = grownInts(this.link, room);
    this.rowEnd = grownInts(this.rowEnd, room);
    this.met = grownInts(this.met, room);
    this.diagonal = grown(this.diagonal, room);
    this.sum = grown(this.sum, room);
  }

  private moreEntries(needed: number): void {
    const room = Math.max(256, 2 * this.column.length, needed);
    this.column = grownInts(this.column, room);
    this.value = grown(this.value, room);
  }
}
