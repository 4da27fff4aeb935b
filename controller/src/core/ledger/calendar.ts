/**
 * A whole number over time: what is promised at every instant. Kept as its changes, so that adding an amount over a
 * window touches two of them. The changes lie in chunks that know their sum and their highest point, so that a write
 * copies one chunk and a search for a peak passes over the others. Never changed in place.
 */
export interface Calendar {
  /** Before the first change. */
  readonly base: number;
  /** In order of time, none empty. */
  readonly chunks: readonly Chunk[];
}

interface Chunk {
  /** Ascending, each once. */
  readonly times: readonly number[];
  /** By how much the number changes at that time; never 0. */
  readonly deltas: readonly number[];
  readonly sum: number;
  /** The highest that any prefix of the deltas reaches; below 0 when the number only falls. */
  readonly peak: number;
}

export const FLAT: Calendar = { base: 0, chunks: [] };

/** A write copies one chunk and the list of chunks: this keeps both short up to some hundred thousand changes. */
const CHUNK_MAX = 128;

/** A stretch of time in milliseconds: from `from` until just before `until`, which may be Infinity. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** With `amount` added over a stretch. What was before `now` is forgotten: the value of any later instant is right. */
export function added(calendar: Calendar, { from, until }: Stretch, amount: number, now: number): Calendar {
  const future = trimmed(calendar, now);
  if (amount === 0 || until <= now || until <= from) return future;
  const begun = from <= now ? { ...future, base: future.base + amount } : changed(future, from, amount);
  return until === Number.POSITIVE_INFINITY ? begun : changed(begun, until, -amount);
}

export function valueAt(calendar: Calendar, at: number): number {
  let value = calendar.base;
  for (const chunk of calendar.chunks) {
    if (firstTime(chunk) > at) break;
    if (lastTime(chunk) <= at) value += chunk.sum;
    else for (let index = 0; timeAt(chunk, index) <= at; index += 1) value += deltaAt(chunk, index);
  }
  return value;
}

/** The highest value of a stretch; of its begin when it is empty. */
export function peak(calendar: Calendar, { from, until }: Stretch): number {
  let value = calendar.base;
  // Minus infinity until the stretch has begun.
  let most = Number.NEGATIVE_INFINITY;
  for (const chunk of calendar.chunks) {
    const last = lastTime(chunk);
    if (last <= from) {
      value += chunk.sum;
      continue;
    }
    const first = firstTime(chunk);
    if (first > from) {
      most = Math.max(most, value);
      if (first >= until) return most;
      if (last < until) {
        most = Math.max(most, value + chunk.peak);
        value += chunk.sum;
        continue;
      }
    }
    for (let index = 0; index < chunk.times.length; index += 1) {
      const time = timeAt(chunk, index);
      if (time > from) {
        most = Math.max(most, value);
        if (time >= until) return most;
      }
      value += deltaAt(chunk, index);
    }
  }
  return Math.max(most, value);
}

/**
 * The first instant, `after` or later, from which the value stays at or below `most` for a whole duration, which may
 * be Infinity; null when there is none.
 */
export function firstRoom(
  calendar: Calendar,
  wanted: { readonly after: number; readonly duration: number; readonly most: number },
): number | null {
  const { after, duration, most } = wanted;
  let value = valueAt(calendar, after);
  let candidate = value <= most ? after : null;
  for (const chunk of calendar.chunks) {
    const last = lastTime(chunk);
    if (last <= after) continue;
    if (candidate !== null && firstTime(chunk) > after && value + chunk.peak <= most) {
      if (candidate + duration <= last) return candidate;
      value += chunk.sum;
      continue;
    }
    for (let index = 0; index < chunk.times.length; index += 1) {
      const time = timeAt(chunk, index);
      if (time <= after) continue;
      if (candidate !== null && candidate + duration <= time) return candidate;
      value += deltaAt(chunk, index);
      candidate = value <= most ? (candidate ?? time) : null;
    }
  }
  return candidate;
}

/** The stretches of constant value within a stretch, in order. */
export function segments(
  calendar: Calendar,
  { from, until }: Stretch,
): readonly (Stretch & { value: number })[] {
  const found: (Stretch & { value: number })[] = [];
  let value = calendar.base;
  let begin = from;
  for (const { times, deltas } of calendar.chunks)
    for (const [index, time] of times.entries()) {
      if (time > from) {
        if (time >= until) return [...found, { from: begin, until, value }];
        found.push({ from: begin, until: time, value });
        begin = time;
      }
      value += deltas[index] ?? 0;
    }
  return [...found, { from: begin, until, value }];
}

/** From the values of stretches that follow each other without a gap. */
export function calendarOf(values: readonly { readonly from: number; readonly value: number }[]): Calendar {
  let result = FLAT;
  let before = 0;
  for (const { from, value } of values) {
    if (value !== before)
      result =
        from === Number.NEGATIVE_INFINITY
          ? { ...result, base: value }
          : changed(result, from, value - before);
    before = value;
  }
  return result;
}

export const isFlat = (calendar: Calendar): boolean => calendar.base === 0 && calendar.chunks.length === 0;

function trimmed(calendar: Calendar, now: number): Calendar {
  const [earliest] = calendar.chunks;
  if (earliest === undefined || firstTime(earliest) > now) return calendar;
  let { base } = calendar;
  const open = calendar.chunks.findIndex((chunk) => lastTime(chunk) > now);
  const chunks = open < 0 ? [] : calendar.chunks.slice(open);
  for (const chunk of calendar.chunks.slice(0, calendar.chunks.length - chunks.length)) base += chunk.sum;
  const [first] = chunks;
  if (first !== undefined && firstTime(first) <= now) {
    const kept = firstAbove(first.times, now);
    for (let index = 0; index < kept; index += 1) base += deltaAt(first, index);
    chunks[0] = chunkOf(first.times.slice(kept), first.deltas.slice(kept));
  }
  return { base, chunks };
}

/** With one change more, less, or of another size. */
function changed({ base, chunks }: Calendar, at: number, delta: number): Calendar {
  const position = chunkFor(chunks, at);
  const chunk = chunks[position];
  if (chunk === undefined) return { base, chunks: [chunkOf([at], [delta])] };
  const times = chunk.times.slice();
  const deltas = chunk.deltas.slice();
  const next = firstAbove(times, at);
  if (next > 0 && times[next - 1] === at) {
    const both = deltaAt(chunk, next - 1) + delta;
    if (both !== 0) deltas[next - 1] = both;
    else {
      times.splice(next - 1, 1);
      deltas.splice(next - 1, 1);
    }
  } else {
    times.splice(next, 0, at);
    deltas.splice(next, 0, delta);
  }
  return { base, chunks: withChunk(chunks, position, times, deltas) };
}

/** Long chunks are halved, short ones join the one after them. */
function withChunk(
  chunks: readonly Chunk[],
  position: number,
  times: readonly number[],
  deltas: readonly number[],
): readonly Chunk[] {
  const copy = chunks.slice();
  const follower = chunks[position + 1];
  if (times.length === 0) copy.splice(position, 1);
  else if (times.length > CHUNK_MAX) {
    const half = times.length >> 1;
    copy.splice(
      position,
      1,
      chunkOf(times.slice(0, half), deltas.slice(0, half)),
      chunkOf(times.slice(half), deltas.slice(half)),
    );
  } else if (follower && times.length + follower.times.length <= CHUNK_MAX / 2)
    copy.splice(position, 2, chunkOf([...times, ...follower.times], [...deltas, ...follower.deltas]));
  else copy[position] = chunkOf(times, deltas);
  return copy;
}

function chunkOf(times: readonly number[], deltas: readonly number[]): Chunk {
  let sum = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < deltas.length; index += 1) {
    sum += deltas[index] as number;
    if (sum > most) most = sum;
  }
  return { times, deltas, sum, peak: most };
}

/** The last chunk that begins at that time or before it, else the first. */
function chunkFor(chunks: readonly Chunk[], at: number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firstTime(chunks[middle] as Chunk) <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** How many are at or below. */
function firstAbove(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const timeAt = (chunk: Chunk, index: number): number => chunk.times[index] as number;
const deltaAt = (chunk: Chunk, index: number): number => chunk.deltas[index] as number;
const firstTime = (chunk: Chunk): number => timeAt(chunk, 0);
const lastTime = (chunk: Chunk): number => timeAt(chunk, chunk.times.length - 1);
