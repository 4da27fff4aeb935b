/**
 * The arena that encoders write into. A claim gives the offset of bytes that are ours to fill; the view may be
 * another after a claim, because the arena grows, so encoders read `writer.view` after claiming.
 */
import { EncodeError, TooLongError } from './protocol-error.ts';

const INITIAL_BYTES = 4096;
/** A larger arena is given back after use. */
const KEPT_BYTES_MAX = 1024 * 1024;
/** A batch larger than this is a bug of the caller, who should flush between messages. */
export const ARENA_BYTES_MAX = 256 * 1024 * 1024;

/** As much as Node shares among small buffers. */
const KEEPSAKE_BYTES = 8 * 1024;
/** A usual message. */
const ROOM_BYTES = 512;

export class Writer {
  bytes = new Uint8Array(INITIAL_BYTES);
  view = new DataView(this.bytes.buffer);
  length = 0;

  /** Reserves `size` bytes and returns where they begin. Their content is undefined. */
  claim(size: number): number {
    const at = this.length;
    const end = at + size;
    if (end > this.bytes.length) this.grow(end);
    this.length = end;
    return at;
  }

  /** Copies bytes in. */
  append(data: Uint8Array): void {
    const at = this.claim(data.length);
    this.bytes.set(data, at);
  }

  /** Appends zeros until the distance from `start` is a multiple of `align`. */
  padFrom(start: number, align: number): void {
    const over = (this.length - start) % align;
    if (over === 0) return;
    const at = this.claim(align - over);
    this.bytes.fill(0, at, this.length);
  }

  /** Writes the distance from `start` to here as u16 at `at`. */
  patchLength(at: number, start: number, what: string): void {
    const size = this.length - start;
    if (size > 0xffff) throw new TooLongError(`${what} takes ${size} bytes, the limit is 65535`);
    this.view.setUint16(at, size);
  }

  /** A copy of what was written, and an empty arena. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    if (this.bytes.length > KEPT_BYTES_MAX) this.resize(INITIAL_BYTES);
    return taken;
  }

  /**
   * What was written from `start` on, without a copy: nobody writes there again. When the arena is nearly full the next
   * writer gets a new one, so what is returned keeps at most KEEPSAKE_BYTES besides its own alive.
   */
  handOver(start: number): Uint8Array {
    const taken = new Uint8Array(this.bytes.buffer, start, this.length - start);
    if (this.length > KEEPSAKE_BYTES - ROOM_BYTES) {
      this.length = 0;
      this.resize(KEEPSAKE_BYTES);
    }
    return taken;
  }

  private grow(needed: number): void {
    if (needed > ARENA_BYTES_MAX) throw new EncodeError(`${needed} bytes are more than one arena may hold`);
    this.resize(Math.max(needed, this.bytes.length * 2));
  }

  private resize(size: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
