/** What happens when, in virtual milliseconds. Things due at the same instant happen in the order they were planned. */
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

/** A story plans a few dozen things at a time; more means that something plans without end. */
const PLANNED_MAX = 100_000;

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

export function createSchedule(): Schedule {
  const heap: Entry[] = [];
  let order = 0;
  const before = (a: Entry, b: Entry) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  const drop = () => {
    while (heap[0]?.cancelled) removeFirst();
  };
  function removeFirst(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let index = 0;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        const a = heap[child];
        const b = heap[least];
        if (a && b && before(a, b)) least = child;
      }
      if (least === index) return first;
      swap(index, least);
      index = least;
    }
  }
  function swap(a: number, b: number): void {
    const x = heap[a];
    const y = heap[b];
    if (x && y) [heap[a], heap[b]] = [y, x];
  }
  return {
    nowMs: 0,
    at(atMs, action) {
      if (!(atMs >= this.nowMs)) throw new RangeError(`${atMs} ms lies before the present ${this.nowMs} ms`);
      if (heap.length >= PLANNED_MAX) throw new RangeError(`more than ${PLANNED_MAX} things are planned`);
      const entry: Entry = { atMs, order: order++, action, cancelled: false };
      heap.push(entry);
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        const above = heap[parent];
        if (!above || !before(entry, above)) break;
        swap(index, parent);
        index = parent;
      }
      return {
        cancel() {
          entry.cancelled = true;
        },
      };
    },
    get nextMs() {
      drop();
      return heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
    },
    take() {
      drop();
      return removeFirst();
    },
  };
}
