/**
 * How links answer to each other's prices: A diag(h) Aᵀ, h = −dR/dπ, kept as its lower triangle row by row, in the order
 * in which links were taken in. A demand that comes, goes or gives way otherwise than it did changes the few entries
 * of its own links in place. A link that is taken in later has the last row, which knows all the others; one that is
 * no longer asked for leaves a dead row. Indices stay within the arrays they were made for, hence the casts.
 */
import type { DemandTable } from './demand-table.ts';
import type { Network } from './network.ts';
import { grown, grownInts } from './pool.ts';

/** Room for so many more entries in a row when it is built, and a share of those it has. */
const ROOM_ENTRIES = 1;
const ROOM_SHARE = 0.05;
/** What is left of a diagonal after so much was taken away may be rounding: it is summed up anew. */
const LEFT_EXACT = 1e-3;

export class CouplingMatrix {
  /** Rows, dead ones among them. */
  size = 0;
  live = 0;
  /** Changes of single demands since it was built. */
  updates = 0;
  /** Link of each row; row of each link or −1. */
  link = new Int32Array(0);
  readonly rowOf: Int32Array;
  diagonal = new Float64Array(0);
  /** Entries of each row, from one to before the other; it has room up to a third. */
  rowStart = new Int32Array(0);
  rowEnd = new Int32Array(0);
  private rowRoom = new Int32Array(0);
  column = new Int32Array(0);
  value = new Float64Array(0);
  /** Entries that are taken; those of rows that have moved are lost until it is built again. */
  taken = 0;
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
    this.taken = 0;
    this.updates = 0;
  }

  /** The row is dead until the link is taken in again. */
  drop(link: number): void {
    const row = this.rowOf[link] as number;
    if (row === -1) return;
    this.rowOf[link] = -1;
    this.rowEnd[row] = this.rowStart[row] as number;
    this.live -= 1;
  }

  /**
   * The rows of these links and no others. It goes over the demands in their order in memory, which is several times as
   * fast as taking in link by link.
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
    this.placeRows(count);
    const { rowEnd, pairRow, pairColumn, pairValue, column, value } = this;
    for (let pair = 0; pair < count; pair += 1) {
      const row = pairRow[pair] as number;
      const entry = rowEnd[row] as number;
      column[entry] = pairColumn[pair] as number;
      value[entry] = pairValue[pair] as number;
      rowEnd[row] = entry + 1;
    }
    this.mergeEntries();
    network.demands.coupled.set(network.demands.give);
  }

  /** Entries of several demands for one coupling become one: a fifth less to go over. */
  private mergeEntries(): void {
    const { size, rowStart, rowEnd, column, value, met } = this;
    for (let row = 0; row < size; row += 1) met[row] = -1;
    for (let row = 0; row < size; row += 1) {
      const start = rowStart[row] as number;
      const end = rowEnd[row] as number;
      let last = start;
      for (let entry = start; entry < end; entry += 1) {
        const at = column[entry] as number;
        const same = met[at] as number;
        if (same >= start) value[same] = (value[same] as number) + (value[entry] as number);
        else {
          met[at] = last;
          column[last] = at;
          value[last] = value[entry] as number;
          last += 1;
        }
      }
      rowEnd[row] = last;
    }
  }

  /** Each row has room for its pairs and some more; all are empty yet. */
  private placeRows(pairs: number): void {
    const { size, rowStart, rowEnd, rowRoom, pairRow } = this;
    rowEnd.fill(0, 0, size);
    for (let pair = 0; pair < pairs; pair += 1) {
      const row = pairRow[pair] as number;
      rowEnd[row] = (rowEnd[row] as number) + 1;
    }
    let taken = 0;
    for (let row = 0; row < size; row += 1) {
      rowStart[row] = taken;
      taken += roomFor(rowEnd[row] as number);
      rowRoom[row] = taken;
      rowEnd[row] = rowStart[row] as number;
    }
    if (taken > this.column.length) this.moreEntries(taken);
    this.taken = taken;
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

  /** A demand gives way otherwise than the matrix has it, by the column `coupled`; 0 takes it out. */
  update(network: Network, slot: number, gives: number): void {
    const { useLink, useShare, useStart, contendedUses, coupled } = network.demands;
    const gave = coupled[slot] as number;
    const change = gives - gave;
    if (change === 0) return;
    coupled[slot] = gives;
    this.updates += 1;
    const { rowOf, diagonal } = this;
    const most = Math.max(gave, gives) / this.weakest;
    const start = useStart[slot] as number;
    const end = start + (contendedUses[slot] as number);
    for (let use = start; use < end; use += 1) {
      const row = rowOf[useLink[use] as number] as number;
      if (row < 0) continue;
      const share = useShare[use] as number;
      const before = diagonal[row] as number;
      const after = before + share * share * change;
      diagonal[row] = after > LEFT_EXACT * before ? after : this.diagonalOf(network, useLink[use] as number);
      for (let other = start; other < use; other += 1) {
        const column = rowOf[useLink[other] as number] as number;
        if (column < 0) continue;
        const both = share * (useShare[other] as number);
        if ((both * most) ** 2 < before * (diagonal[column] as number)) continue;
        this.addTo(Math.max(row, column), Math.min(row, column), both * change, both * gives);
      }
    }
  }

  /** An entry that was too weak so far begins with the whole. */
  private addTo(row: number, at: number, change: number, whole: number): void {
    const { column, value, rowEnd } = this;
    const end = rowEnd[row] as number;
    for (let entry = this.rowStart[row] as number; entry < end; entry += 1)
      if (column[entry] === at) {
        value[entry] = (value[entry] as number) + change;
        return;
      }
    if (change <= 0) return;
    if (end === this.rowRoom[row]) this.moveRow(row);
    const last = rowEnd[row] as number;
    this.column[last] = at;
    this.value[last] = whole;
    rowEnd[row] = last + 1;
  }

  /** A row that is full goes on behind all the others. */
  private moveRow(row: number): void {
    const start = this.rowStart[row] as number;
    const count = (this.rowEnd[row] as number) - start;
    const room = roomFor(2 * count);
    if (this.taken + room > this.column.length) this.moreEntries(this.taken + room);
    this.column.copyWithin(this.taken, start, start + count);
    this.value.copyWithin(this.taken, start, start + count);
    this.rowStart[row] = this.taken;
    this.rowEnd[row] = this.taken + count;
    this.taken += room;
    this.rowRoom[row] = this.taken;
  }

  private diagonalOf({ demands, links }: Network, link: number): number {
    const { useLink, useShare, useStart, coupled } = demands;
    let own = 0;
    for (const slot of links.users[link] as number[]) {
      let use = useStart[slot] as number;
      while (useLink[use] !== link) use += 1;
      own += (useShare[use] as number) ** 2 * (coupled[slot] as number);
    }
    return own;
  }

  /** A link more, whose users give way by that column. */
  takeIn(network: Network, link: number, gives: DemandTable['give']): void {
    if (this.rowOf[link] !== -1) return;
    const row = this.size;
    if (row === this.link.length) this.moreRows();
    const { sum, met, rowOf, diagonal } = this;
    const { useLink, useShare, useStart, contendedUses } = network.demands;
    const users = network.links.users[link] as number[];
    let own = 0;
    let count = 0;
    for (let at = 0; at < users.length; at += 1) {
      const slot = users[at] as number;
      const gift = gives[slot] as number;
      if (gift === 0) continue;
      const start = useStart[slot] as number;
      const end = start + (contendedUses[slot] as number);
      let use = start;
      while (useLink[use] !== link) use += 1;
      const weight = (useShare[use] as number) * gift;
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
    let entry = this.taken;
    const room = roomFor(count);
    if (entry + room > this.column.length) this.moreEntries(entry + room);
    this.rowStart[row] = entry;
    this.taken += room;
    this.rowRoom[row] = this.taken;
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
    this.rowStart = grownInts(this.rowStart, room);
    this.rowEnd = grownInts(this.rowEnd, room);
    this.rowRoom = grownInts(this.rowRoom, room);
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

const roomFor = (entries: number): number => entries + ROOM_ENTRIES + Math.floor(ROOM_SHARE * entries);
