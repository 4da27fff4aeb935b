/**
 * Messages on their way out. All messages of one turn of the event loop leave in one write. Above the high-water
 * mark `drain` waits; a peer that does not read at all is given up when OUTPUT_BYTES_MAX wait for it.
 */
import type { Duplex } from 'node:stream';
import { encodeInto, type Message } from '../codec.ts';
import { Writer } from '../runtime/writer.ts';

/** Above this, `drain` waits: about a thousand flow mods. */
export const HIGH_WATER_BYTES = 128 * 1024;
/** Half a million flow mods that nobody reads: the peer is dead. */
export const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export class Output {
  private readonly writer = new Writer();
  private scheduled: NodeJS.Immediate | undefined;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly stream: Duplex,
    private readonly onOverflow: () => void,
  ) {
    stream.on('drain', () => this.release());
  }

  send(message: Message, xid: number): void {
    encodeInto(this.writer, message, xid);
    if (this.pendingBytes > OUTPUT_BYTES_MAX) this.onOverflow();
    this.scheduled ??= setImmediate(() => this.flush());
  }

  get pendingBytes(): number {
    return this.writer.length + this.stream.writableLength;
  }

  /** Resolves when less than the high-water mark waits, or the stream has ended. */
  async drain(): Promise<void> {
    if (this.pendingBytes < HIGH_WATER_BYTES || this.stream.destroyed) return;
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
