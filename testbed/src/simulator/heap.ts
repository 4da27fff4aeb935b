/** A binary heap: what comes first by `before` is taken first. The order of equals is up to `before`. */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }
  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items, before } = this;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !before(item, above)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  take(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    this.sink(last);
    return first;
  }

  /** Puts an item in the place of the first and lets it sink to where it belongs. */
  private sink(item: T): void {
    const { items, before } = this;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      let least = items[left];
      if (least === undefined) break;
      let at = left;
      const right = items[left + 1];
      if (right !== undefined && before(right, least)) {
        least = right;
        at = left + 1;
      }
      if (!before(least, item)) break;
      items[index] = least;
      index = at;
    }
    items[index] = item;
  }
}
