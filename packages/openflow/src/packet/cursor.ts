/**
 * The place of a decoder in a frame. A decoder reads below `end`, and only as its last act moves the cursor with
 * `leave`: one that throws half way leaves the cursor where it was, so asking again throws the same error again.
 */
import type { LayerType } from './layer.ts';
import { PacketError, viewOf } from './packet-error.ts';

const EMPTY = new Uint8Array(0);

export class Cursor {
  readonly view: DataView;
  at = 0;
  end: number;
  /** Tags and extension headers so far; each has a limit. */
  repeats = 0;

  constructor(
    readonly bytes: Uint8Array,
    /** What stands at `at`. */
    public next: LayerType,
  ) {
    this.view = viewOf(bytes);
    this.end = bytes.length;
  }

  /** Throws unless `size` bytes are there from `at`. */
  need(at: number, size: number, layer: string): void {
    if (this.end - at < size) {
      throw new PacketError(layer, `truncated: needed ${size} bytes, had ${Math.max(0, this.end - at)}`, at);
    }
  }

  /** A view of the bytes from `from` to `to`, not a copy. */
  slice(from: number, to: number): Uint8Array {
    return to > from ? this.bytes.subarray(from, to) : EMPTY;
  }

  /** A layer of which not one byte is there is not there. */
  leave(at: number, end: number, next: LayerType): void {
    this.at = at;
    this.end = end;
    this.next = at === end ? 'payload' : next;
  }

  /** Counts one more of a kind that may repeat. */
  repeat(most: number, layer: string): void {
    if (this.repeats >= most) throw new PacketError(layer, `more than ${most} in a row`, this.at);
    this.repeats += 1;
  }
}
