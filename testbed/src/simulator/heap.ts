/**
 * A binary heap: what has the smallest key is taken first, among equals what has the smallest rank. Both stand beside
 * the items in arrays of their own, so that finding the next one follows no pointers.
 * Indices stay within the arrays, hence the casts.
 */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #keys: number[] = [];
  readonly #ranks: number[] = [];

  get size(): number {
    return this.#items.length;
  }
  get first(): T | undefined {
    return this.#items[0];
  }
  /** Infinity when there is no item. */
  get firstKey(): number {
    return this.#keys.length === 0 ? Number.POSITIVE_INFINITY : (this.#keys[0] as number);
  }
  get firstRank(): number {
    return this.#ranks.length === 0 ? Number.POSITIVE_INFINITY : (this.#ranks[0] as number);
  }

  push(item: T, key: number, rank: number): void {
    let index = this.#items.length;
    this.#put(index, item, key, rank);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(key, rank, parent)) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#put(index, item, key, rank);
  }

  take(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    const key = this.#keys.pop();
    const rank = this.#ranks.pop();
    if (this.#items.length === 0) return first;
    this.#sink(last as T, key as number, rank as number);
    return first;
  }

  /** Puts an item in the place of the first and lets it sink to where it belongs. */
  #sink(item: T, key: number, rank: number): void {
    const size = this.#items.length;
    let index = 0;
    for (;;) {
      let least = 2 * index + 1;
      if (least >= size) break;
      const right = least + 1;
      if (right < size && this.#isBefore(this.#keys[right] as number, this.#ranks[right] as number, least))
        least = right;
      if (this.#isBefore(key, rank, least)) break;
      this.#move(least, index);
      index = least;
    }
    this.#put(index, item, key, rank);
  }

  #isBefore(key: number, rank: number, other: number): boolean {
    const than = this.#keys[other] as number;
    return key < than || (key === than && rank < (this.#ranks[other] as number));
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#items[from] as T, this.#keys[from] as number, this.#ranks[from] as number);
  }

  #put(index: number, item: T, key: number, rank: number): void {
    this.#items[index] = item;
    this.#keys[index] = key;
    this.#ranks[index] = rank;
  }
}
