/** What happens when, in virtual milliseconds. Things due at the same instant happen in the order they were planned. */
import { Heap } from './heap.ts';

export interface Schedule {
  /** @throws RangeError for an instant in the past, or when too much is waiting. */
  at(atMs: number, action: () => void): Planned;
  /** When the next thing is due; Infinity when nothing is. */
  readonly nextMs: number;
  /** Takes the next thing off and returns it. */
  take(): { readonly atMs: number; readonly action: () => void } | undefined;
  nowMs: number;
}
export interface Planned {
  cancel(): void;
}

/**
 * Every migration of the story is planned at the start, and each that runs has less than ten things under way: enough
 * for a hundred thousand migrations. More means that something plans without end.
 */
const PLANNED_MAX = 1_000_000;

/** What is due later than this waits apart, so that what comes next is found among few. */
const NEAR_MS = 2_000;

class Entry implements Planned {
  cancelled = false;
  constructor(
    readonly atMs: number,
    readonly action: () => void,
  ) {}
  cancel(): void {
    this.cancelled = true;
  }
}

export function createSchedule(): Schedule {
  const near = new Heap<Entry>();
  const far = new Heap<Entry>();
  let order = 0;
  const dropCancelled = (heap: Heap<Entry>): void => {
    while (heap.first?.cancelled) heap.take();
  };
  const nextHeap = (): Heap<Entry> => {
    dropCancelled(near);
    dropCancelled(far);
    const isFarFirst =
      far.firstKey < near.firstKey || (far.firstKey === near.firstKey && far.firstRank < near.firstRank);
    return isFarFirst ? far : near;
  };
  return {
    nowMs: 0,
    at(atMs, action) {
      if (!(atMs >= this.nowMs)) throw new RangeError(`${atMs} ms lies before the present ${this.nowMs} ms`);
      if (near.size + far.size >= PLANNED_MAX)
        throw new RangeError(`more than ${PLANNED_MAX} things are planned`);
      const entry = new Entry(atMs, action);
      (atMs > this.nowMs + NEAR_MS ? far : near).push(entry, atMs, order++);
      return entry;
    },
    get nextMs() {
      return nextHeap().firstKey;
    },
    take() {
      return nextHeap().take();
    },
  };
}
