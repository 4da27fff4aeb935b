/**
 * Messages on their way out. All messages of one turn of the event loop leave in one write; what is sent while a
 * chunk is being read leaves right after it. Above the high-water mark `ready` waits and `isReady` is false; a peer
 * that does not read at all is given up when OUTPUT_BYTES_MAX wait for it.
 */
import type { Duplex } from 'node:stream';
import { encodeInto, type Message } from '../codec.ts';
import { Writer } from '../runtime/writer.ts';
import type { Version } from '../versions.ts';

/** Above this, `ready` waits: about a thousand flow mods. */
export const HIGH_WATER_BYTES = 128 * 1024;
/** Half a million flow mods that nobody reads: the peer is dead. */
export const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export class Output {
  private readonly writer = new Writer();
  private scheduled: NodeJS.Immediate | undefined;
  private isReading = false;
  private isGivenUp = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly stream: Duplex,
    private readonly onOverflow: () => void,
  ) {
    stream.on('drain', () => this.release());
  }

  send(message: Message<Version>, xid: number, version: number): void {
    if (this.isGivenUp) return;
    encodeInto(this.writer, message, xid, version);
    if (this.pendingBytes > OUTPUT_BYTES_MAX) {
      this.isGivenUp = true;
      this.onOverflow();
    }
    if (!this.isReading) this.scheduled ??= setImmediate(() => this.flush());
  }

  /** Runs what reads a chunk; the answers to all its messages leave in one write. */
  whileReading(read: () => void): void {
    this.isReading = true;
    try {
      read();
    } finally {
      this.isReading = false;
      this.flush();
    }
  }

  /** Whether less than the high-water mark waits. */
  get isReady(): boolean {
    return this.pendingBytes < HIGH_WATER_BYTES;
  }

  get pendingBytes(): number {
    return this.writer.length + this.stream.writableLength;
  }

  /** Resolves when less than the high-water mark waits, or the stream has ended. */
  async ready(): Promise<void> {
    if (this.isReady || this.stream.destroyed) return;
    this.flush();
    if (!this.stream.writableNeedDrain) return;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  flush(): void {
    if (this.scheduled !== undefined) clearImmediate(this.scheduled);
    this.scheduled = undefined;
    if (this.writer.length === 0) return;
    const bytes = this.writer.take();
    if (this.stream.writable) this.stream.write(bytes);
  }

  /** Lets everybody who waits go on; also called when the stream ends. */
  release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
