/**
 * A whole number over time: what is promised at every instant. Two sorted lists, of the times at which the number
 * changes and of its values from there on; equal neighbours are one, so the same promises always look the same.
 * Changed in place, for speed: only `Sums` has one, and hands none out.
 */

/** A stretch of time in milliseconds: from `from` until just before `until`, which may be Infinity. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export class Timeline {
  /** The first is minus infinity. */
  readonly #times: number[] = [Number.NEGATIVE_INFINITY];
  readonly #values: number[] = [0];

  /** Adds an amount over a stretch. What was before `now` is forgotten: values of later instants stay right. */
  add({ from, until }: Stretch, amount: number, now: number): void {
    this.#forget(now);
    if (amount === 0 || until <= now || until <= from) return;
    const first = from <= now ? 0 : this.#cut(from);
    const end = until === Number.POSITIVE_INFINITY ? this.#times.length : this.#cut(until);
    for (let index = first; index < end; index += 1)
      this.#values[index] = (this.#values[index] as number) + amount;
    this.#join(end);
    this.#join(first);
  }

  valueAt(at: number): number {
    return this.#values[this.#segmentAt(at)] as number;
  }

  /** The highest value of a stretch; of its begin when it is empty. */
  peak({ from, until }: Stretch): number {
    let index = this.#segmentAt(from);
    let most = this.#values[index] as number;
    for (index += 1; index < this.#times.length && (this.#times[index] as number) < until; index += 1) {
      const value = this.#values[index] as number;
      if (value > most) most = value;
    }
    return most;
  }

  /**
   * The first instant, `after` or later, from which the value stays at or below `most` for a whole duration, which
   * may be Infinity; null when there is none.
   */
  firstRoom(wanted: {
    readonly after: number;
    readonly duration: number;
    readonly most: number;
  }): number | null {
    const { after, duration, most } = wanted;
    let index = this.#segmentAt(after);
    let candidate = (this.#values[index] as number) <= most ? after : null;
    for (index += 1; index < this.#times.length; index += 1) {
      const time = this.#times[index] as number;
      if (candidate !== null && candidate + duration <= time) return candidate;
      candidate = (this.#values[index] as number) <= most ? (candidate ?? time) : null;
    }
    return candidate;
  }

  /** The stretches of constant value within a stretch, in order. */
  segments({ from, until }: Stretch): readonly (Stretch & { readonly value: number })[] {
    const found: (Stretch & { readonly value: number })[] = [];
    let begin = from;
    for (let index = this.#segmentAt(from); ; index += 1) {
      const end = Math.min(this.#times[index + 1] ?? Number.POSITIVE_INFINITY, until);
      found.push({ from: begin, until: end, value: this.#values[index] as number });
      if (end === until) return found;
      begin = end;
    }
  }

  /** Times at which the value changes. */
  get length(): number {
    return this.#times.length - 1;
  }

  get isFlat(): boolean {
    return this.length === 0 && this.#values[0] === 0;
  }

  copy(): Timeline {
    const copy = new Timeline();
    copy.#times.push(...this.#times.slice(1));
    copy.#values.splice(0, 1, ...this.#values);
    return copy;
  }

  #forget(now: number): void {
    const past = this.#segmentAt(now);
    if (past === 0) return;
    this.#times.splice(1, past);
    this.#values.splice(0, past);
  }

  /** Where the segment that begins at that time stands; it is made when there is none. */
  #cut(at: number): number {
    const index = this.#segmentAt(at);
    if (this.#times[index] === at) return index;
    this.#times.splice(index + 1, 0, at);
    this.#values.splice(index + 1, 0, this.#values[index] as number);
    return index + 1;
  }

  /** Takes a segment into the one before it, if nothing changes between them any more. */
  #join(index: number): void {
    if (index === 0 || index >= this.#times.length || this.#values[index] !== this.#values[index - 1]) return;
    this.#times.splice(index, 1);
    this.#values.splice(index, 1);
  }

  /** The last segment that begins at that time or before it. */
  #segmentAt(at: number): number {
    let low = 1;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
