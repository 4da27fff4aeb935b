/** Segments of numbers of one length behind another; a freed segment is given again to the next of its length. */
const START_LENGTH = 1024;

export class Pool {
  private readonly free = new Map<number, number[]>();
  private end = 0;
  /** Numbers there is room for. */
  room = START_LENGTH;

  /** Where a segment of that length starts; the owner grows its arrays to `room` when this has grown. */
  take(length: number): number {
    const again = this.free.get(length)?.pop();
    if (again !== undefined) return again;
    const start = this.end;
    this.end += length;
    while (this.room < this.end) this.room *= 2;
    return start;
  }

  give(start: number, length: number): void {
    const list = this.free.get(length);
    if (list === undefined) this.free.set(length, [start]);
    else list.push(start);
  }
}

export function grown(array: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(room);
  larger.set(array);
  return larger;
}

export function grownInts(array: Int32Array, room: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(room);
  larger.set(array);
  return larger;
}
