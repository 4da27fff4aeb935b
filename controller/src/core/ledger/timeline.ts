/**
 * A whole number over time: what is promised at every instant. Kept as the times at which it changes and its value from
 * there on; equal neighbours are one, so the same promises always look the same to whoever asks. The times lie in
 * blocks that know their highest value, so that neither a link's few hundred changes nor a tenant's hundred thousand
 * are moved for one more. Changed in place, for speed: only `Sums` has one, and hands none out.
 * Indices stay within the arrays they were made for, hence the casts.
 */

/** A stretch of time in milliseconds: from `from` until just before `until`, which may be Infinity. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export interface Segment extends Stretch {
  readonly value: number;
}

interface Block {
  /** Ascending; the very first of all is minus infinity. */
  times: number[];
  /** Less `offset`, which an amount over the whole block is added to. */
  values: number[];
  offset: number;
  /** The largest of `values`. */
  top: number;
}

/** A change moves at most one block's times and the list of blocks. */
const BLOCK_MAX = 128;

export class Timeline {
  #blocks: Block[] = [{ times: [Number.NEGATIVE_INFINITY], values: [0], offset: 0, top: 0 }];
  /** The first time of every block. */
  #firsts: number[] = [Number.NEGATIVE_INFINITY];

  /** Adds an amount over a stretch. What was before `now` is forgotten: values of later instants stay right. */
  add({ from, until }: Stretch, amount: number, now: number): void {
    this.#forget(now);
    if (amount === 0 || until <= now || until <= from) return;
    const begin = from <= now ? Number.NEGATIVE_INFINITY : from;
    this.#cut(begin);
    if (until < Number.POSITIVE_INFINITY) this.#cut(until);
    this.#raise(begin, until, amount);
    if (until < Number.POSITIVE_INFINITY) this.#join(until);
    this.#join(begin);
  }

  valueAt(at: number): number {
    const block = this.#blocks[countUpTo(this.#firsts, at) - 1] as Block;
    return block.offset + (block.values[countUpTo(block.times, at) - 1] as number);
  }

  /** The highest value of a stretch; of its begin when it is empty. */
  peak({ from, until }: Stretch): number {
    let position = countUpTo(this.#firsts, from) - 1;
    let block = this.#blocks[position] as Block;
    let index = countUpTo(block.times, from) - 1;
    let most = block.offset + (block.values[index] as number);
    for (index += 1; ; index = 0) {
      const next = this.#firsts[position + 1] ?? Number.POSITIVE_INFINITY;
      if (index === 0 && next < until) most = Math.max(most, block.offset + block.top);
      else
        for (; index < block.times.length && (block.times[index] as number) < until; index += 1)
          most = Math.max(most, block.offset + (block.values[index] as number));
      if (next >= until || next === Number.POSITIVE_INFINITY) return most;
      position += 1;
      block = this.#blocks[position] as Block;
    }
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
    let candidate = this.valueAt(after) <= most ? after : null;
    for (let position = countUpTo(this.#firsts, after) - 1; position < this.#blocks.length; position += 1) {
      const { times, values, offset, top } = this.#blocks[position] as Block;
      const first = times[0] as number;
      if (candidate !== null && candidate + duration <= first) return candidate;
      if (candidate !== null && first > after && offset + top <= most) continue;
      for (let index = countUpTo(times, after); index < times.length; index += 1) {
        const time = times[index] as number;
        if (candidate !== null && candidate + duration <= time) return candidate;
        candidate = offset + (values[index] as number) <= most ? (candidate ?? time) : null;
      }
    }
    return candidate;
  }

  /** The stretches of constant value within a stretch, in order. */
  segments({ from, until }: Stretch): readonly Segment[] {
    const found: Segment[] = [];
    let begin = from;
    let value = this.valueAt(from);
    for (let position = countUpTo(this.#firsts, from) - 1; position < this.#blocks.length; position += 1) {
      const { times, values, offset } = this.#blocks[position] as Block;
      for (let index = countUpTo(times, from); index < times.length; index += 1) {
        const time = times[index] as number;
        if (time >= until) return [...found, { from: begin, until, value }];
        found.push({ from: begin, until: time, value });
        begin = time;
        value = offset + (values[index] as number);
      }
    }
    return [...found, { from: begin, until, value }];
  }

  /** Times at which the value changes. */
  get length(): number {
    return this.#blocks.reduce((sum, { times }) => sum + times.length, -1);
  }

  get isFlat(): boolean {
    return this.#blocks.length === 1 && this.length === 0 && this.valueAt(0) === 0;
  }

  copy(): Timeline {
    const copy = new Timeline();
    copy.#firsts = this.#firsts.slice();
    copy.#blocks = this.#blocks.map((block) => ({
      ...block,
      times: block.times.slice(),
      values: block.values.slice(),
    }));
    return copy;
  }

  /** From one cut to another. */
  #raise(from: number, until: number, amount: number): void {
    let position = countUpTo(this.#firsts, from) - 1;
    for (; position < this.#blocks.length && (this.#firsts[position] as number) < until; position += 1) {
      const block = this.#blocks[position] as Block;
      const { times, values } = block;
      const begin = countUpTo(times, from) - 1;
      const next = this.#firsts[position + 1] ?? Number.POSITIVE_INFINITY;
      if (begin <= 0 && next <= until && (times[0] as number) >= from) {
        block.offset += amount;
        continue;
      }
      for (
        let index = Math.max(0, begin);
        index < times.length && (times[index] as number) < until;
        index += 1
      )
        values[index] = (values[index] as number) + amount;
      block.top = topOf(values);
    }
  }

  /** Makes a segment begin at that time. */
  #cut(at: number): void {
    const position = countUpTo(this.#firsts, at) - 1;
    const { times, values } = this.#blocks[position] as Block;
    const index = countUpTo(times, at);
    if (times[index - 1] === at) return;
    times.splice(index, 0, at);
    values.splice(index, 0, values[index - 1] as number);
    if (times.length > BLOCK_MAX) this.#halve(position);
  }

  #halve(position: number): void {
    const block = this.#blocks[position] as Block;
    const half = block.times.length >> 1;
    const times = block.times.splice(half);
    const values = block.values.splice(half);
    block.top = topOf(block.values);
    this.#blocks.splice(position + 1, 0, { times, values, offset: block.offset, top: topOf(values) });
    this.#firsts.splice(position + 1, 0, times[0] as number);
  }

  /** Takes the segment that begins at that time into the one before it, if nothing changes between them any more. */
  #join(at: number): void {
    const position = countUpTo(this.#firsts, at) - 1;
    const block = this.#blocks[position] as Block;
    const index = countUpTo(block.times, at) - 1;
    if (block.times[index] !== at || at === Number.NEGATIVE_INFINITY) return;
    const value = block.offset + (block.values[index] as number);
    if (this.#valueBefore(position, index) !== value) return;
    block.times.splice(index, 1);
    const gone = block.values.splice(index, 1)[0];
    if (gone === block.top) block.top = topOf(block.values);
    if (block.times.length === 0) this.#drop(position);
    else {
      if (index === 0) this.#firsts[position] = block.times[0] as number;
      this.#merge(position);
    }
  }

  #valueBefore(position: number, index: number): number {
    const block = this.#blocks[index > 0 ? position : position - 1] as Block;
    return block.offset + (block.values[index > 0 ? index - 1 : block.values.length - 1] as number);
  }

  /** Short neighbours become one block. */
  #merge(position: number): void {
    const block = this.#blocks[position] as Block;
    const next = this.#blocks[position + 1];
    if (next === undefined || block.times.length + next.times.length > BLOCK_MAX / 2) return;
    for (const time of next.times) block.times.push(time);
    for (const value of next.values) block.values.push(value + next.offset - block.offset);
    block.top = topOf(block.values);
    this.#drop(position + 1);
  }

  #drop(position: number): void {
    this.#blocks.splice(position, 1);
    this.#firsts.splice(position, 1);
  }

  #forget(now: number): void {
    const soonest = this.#blocks[0]?.times[1] ?? this.#firsts[1] ?? Number.POSITIVE_INFINITY;
    if (now < soonest) return;
    const past = countUpTo(this.#firsts, now) - 1;
    if (past > 0) {
      this.#blocks.splice(0, past);
      this.#firsts.splice(0, past);
    }
    const block = this.#blocks[0] as Block;
    const index = countUpTo(block.times, now) - 1;
    if (index > 0) {
      block.times.splice(0, index);
      block.values.splice(0, index);
      block.top = topOf(block.values);
    }
    block.times[0] = Number.NEGATIVE_INFINITY;
    this.#firsts[0] = Number.NEGATIVE_INFINITY;
  }
}

function topOf(values: readonly number[]): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1)
    if ((values[index] as number) > top) top = values[index] as number;
  return top;
}

/** How many are at that time or before it. */
function countUpTo(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
