/**
 * From a stream of chunks to messages. Whole messages inside a chunk are handed on in place; only one that
 * straddles chunks is copied. A header that says fewer than 8 bytes ends the stream, because after it nobody
 * knows where messages begin; everything else that can be wrong stays inside its message.
 */
import { HEADER_BYTES } from '../codec.ts';

/** Length is u16, so no more than this ever waits for its end. */
export const MESSAGE_BYTES_MAX = 65_535;

export class FramingError extends Error {
  override readonly name = 'FramingError';
}

export type OnFrame = (view: DataView, off: number, end: number) => void;

export class Framer {
  /** The message that has not come whole: as much of its header as is there, then room for all of it. */
  private waiting = new Uint8Array(HEADER_BYTES);
  private filled = 0;

  /** Hands on every message that is now complete; says whether there was one. Throws FramingError when out of step. */
  push(chunk: Uint8Array, onFrame: OnFrame): boolean {
    let bytes = chunk;
    let isAny = false;
    if (this.filled > 0) {
      bytes = this.completed(chunk, onFrame);
      if (this.filled > 0) return false;
      isAny = true;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let off = 0;
    while (bytes.length - off >= HEADER_BYTES) {
      const length = lengthAt(view, off);
      if (bytes.length - off < length) break;
      onFrame(view, off, off + length);
      isAny = true;
      off += length;
    }
    if (off < bytes.length) this.completed(bytes.subarray(off), onFrame);
    return isAny;
  }

  /** Fills the waiting message from the chunk; returns what is left of the chunk. */
  private completed(chunk: Uint8Array, onFrame: OnFrame): Uint8Array {
    let rest = this.fill(chunk, HEADER_BYTES);
    if (this.filled < HEADER_BYTES) return rest;
    const length = lengthAt(viewOf(this.waiting), 0);
    // The room is made once, or a message in chunks of one byte would be copied once a byte.
    if (this.waiting.length < length) this.waiting = enlarged(this.waiting, length);
    rest = this.fill(rest, length);
    if (this.filled < length) return rest;
    const message = this.waiting;
    this.waiting = new Uint8Array(HEADER_BYTES);
    this.filled = 0;
    onFrame(viewOf(message), 0, length);
    return rest;
  }

  private fill(chunk: Uint8Array, size: number): Uint8Array {
    const missing = size - this.filled;
    if (missing <= 0) return chunk;
    const taken = chunk.subarray(0, missing);
    this.waiting.set(taken, this.filled);
    this.filled += taken.length;
    return chunk.subarray(taken.length);
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function enlarged(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(bytes);
  return larger;
}

function lengthAt(view: DataView, off: number): number {
  const length = view.getUint16(off + 2);
  if (length < HEADER_BYTES) throw new FramingError(`a header says ${length} bytes, fewer than its own 8`);
  return length;
}
