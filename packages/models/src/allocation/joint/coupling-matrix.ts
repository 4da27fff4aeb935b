/**
 * How links answer to each other's prices: A diag(h) Aᵀ, h = −dR/dπ, kept as its lower triangle row by row, in the order
 * in which links were taken in. A link whose users have changed is taken in again at the end, where its row knows all
 * the others; its old row is dead. So one change costs a few rows, not a matrix.
 * Indices stay within the arrays they were made for, hence the casts.
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
  private pairRow = new Int32Array(0);
  private pairColumn = new Int32Array(0);
  private pairValue = new Float64Array(0);
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

  /**
   * The rows of these links and no others. It goes over the demands in their order in memory, which is several times as
   * fast as taking in link by link; a coupling that several demands bring about has several entries.
   */
  build(network: Network, links: readonly number[]): void {
    this.clear();
    while (this.link.length < links.length) this.moreRows();
    for (let row = 0; row < links.length; row += 1) {
      this.link[row] = links[row] as number;
      this.rowOf[links[row] as number] = row;
    }
    this.size = links.length;
    this.live = links.length;
    this.sumDiagonal(network);
    const count = this.collectPairs(network);
    const { rowEnd, pairRow, pairColumn, pairValue } = this;
    rowEnd.fill(0, 0, this.size);
    for (let pair = 0; pair < count; pair += 1) {
      const row = pairRow[pair] as number;
      if (row + 1 < this.size) rowEnd[row + 1] = (rowEnd[row + 1] as number) + 1;
    }
    // Where each row begins; filling it moves that to where it ends.
    for (let row = 1; row < this.size; row += 1)
      rowEnd[row] = (rowEnd[row] as number) + (rowEnd[row - 1] as number);
    if (count > this.column.length) this.moreEntries(count);
    const { column, value } = this;
    for (let pair = 0; pair < count; pair += 1) {
      const row = pairRow[pair] as number;
      const entry = rowEnd[row] as number;
      column[entry] = pairColumn[pair] as number;
      value[entry] = pairValue[pair] as number;
      rowEnd[row] = entry + 1;
    }
  }

  private sumDiagonal({ demands }: Network): void {
    const { useLink, useShare, useStart, contendedUses, give, slots } = demands;
    const { diagonal, rowOf } = this;
    diagonal.fill(0, 0, this.size);
    for (let slot = 0; slot < slots; slot += 1) {
      const gives = give[slot] as number;
      if (gives === 0) continue;
      const start = useStart[slot] as number;
      const end = start + (contendedUses[slot] as number);
      for (let use = start; use < end; use += 1) {
        const row = rowOf[useLink[use] as number] as number;
        if (row < 0) continue;
        const share = useShare[use] as number;
        diagonal[row] = (diagonal[row] as number) + share * share * gives;
      }
    }
  }

  /** Couplings of each demand that are strong enough, one after another; returns how many. */
  private collectPairs({ demands }: Network): number {
    const { useLink, useShare, useStart, contendedUses, give, slots } = demands;
    const { diagonal, rowOf } = this;
    const weakest = this.weakest * this.weakest;
    let count = 0;
    for (let slot = 0; slot < slots; slot += 1) {
      const gives = give[slot] as number;
      if (gives === 0) continue;
      const start = useStart[slot] as number;
      const end = start + (contendedUses[slot] as number);
      for (let use = start + 1; use < end; use += 1) {
        const row = rowOf[useLink[use] as number] as number;
        if (row < 0) continue;
        const weight = gives * (useShare[use] as number);
        const least = weakest * (diagonal[row] as number);
        for (let other = start; other < use; other += 1) {
          const column = rowOf[useLink[other] as number] as number;
          if (column < 0) continue;
          const coupling = weight * (useShare[other] as number);
          if (coupling * coupling < least * (diagonal[column] as number)) continue;
          if (count === this.pairRow.length) this.morePairs();
          this.pairRow[count] = Math.max(row, column);
          this.pairColumn[count] = Math.min(row, column);
          this.pairValue[count] = coupling;
          count += 1;
        }
      }
    }
    return count;
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

  private morePairs(): void {
    const room = Math.max(1024, 2 * this.pairRow.length);
    this.pairRow = grownInts(this.pairRow, room);
    this.pairColumn = grownInts(this.pairColumn, room);
    this.pairValue = grown(this.pairValue, room);
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
