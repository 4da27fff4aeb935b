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
  private waiting: Uint8Array = new Uint8Array(0);

  /** Hands on every message that is now complete. Throws FramingError when the stream is out of step. */
  push(chunk: Uint8Array, onFrame: OnFrame): void {
    let bytes = chunk;
    if (this.waiting.length > 0) {
      bytes = this.completed(chunk, onFrame);
      if (this.waiting.length > 0) return;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let off = 0;
    while (bytes.length - off >= HEADER_BYTES) {
      const length = lengthAt(view, off);
      if (bytes.length - off < length) break;
      onFrame(view, off, off + length);
      off += length;
    }
    if (off < bytes.length) this.waiting = bytes.slice(off);
  }

  /** Fills the waiting message from the chunk; returns what is left of the chunk. */
  private completed(chunk: Uint8Array, onFrame: OnFrame): Uint8Array {
    let rest = this.fill(chunk, HEADER_BYTES);
    if (this.waiting.length < HEADER_BYTES) return rest;
    const length = lengthAt(new DataView(this.waiting.buffer, this.waiting.byteOffset), 0);
    rest = this.fill(rest, length);
    if (this.waiting.length < length) return rest;
    const message = this.waiting;
    this.waiting = new Uint8Array(0);
    onFrame(new DataView(message.buffer, message.byteOffset, message.byteLength), 0, length);
    return rest;
  }

  private fill(chunk: Uint8Array, size: number): Uint8Array {
    const missing = size - this.waiting.length;
    if (missing <= 0) return chunk;
    const taken = chunk.subarray(0, missing);
    const joined = new Uint8Array(this.waiting.length + taken.length);
    joined.set(this.waiting);
    joined.set(taken, this.waiting.length);
    this.waiting = joined;
    return chunk.subarray(taken.length);
  }
}

function lengthAt(view: DataView, off: number): number {
  const length = view.getUint16(off + 2);
  if (length < HEADER_BYTES) throw new FramingError(`a header says ${length} bytes, fewer than its own 8`);
  return length;
}
