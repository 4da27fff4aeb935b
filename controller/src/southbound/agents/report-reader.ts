/**
 * Follows the report stream from its tail: one connection of its own, because a blocking read holds everything
 * behind it. After an outage it reads on from where it was; if the stream has been lost meanwhile, from its start.
 */
import type { Redis } from 'ioredis';
import { type Clock, wait } from '../clock.ts';
import { messageOf, type TakeNote } from '../note.ts';

/** How long one read waits for entries; also the longest a close has to wait. */
export const READ_BLOCK_MS = 1000;
/** Entries per read: more than all agents send in a second, little enough to keep the event loop free. */
export const READ_COUNT_MAX = 256;
/** Pause after a failed read. */
export const READ_RETRY_MS = 200;

const STREAM_START = '0-0';

export type StreamEntry = readonly [id: string, fields: readonly string[]];

export class ReportReader {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #clock: Clock;
  readonly #note: TakeNote;
  #closed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: { redis: Redis; key: string; clock: Clock; note: TakeNote }) {
    this.#redis = options.redis;
    this.#key = options.key;
    this.#clock = options.clock;
    this.#note = options.note;
  }

  /** Resolves once the tail is known; entries added from then on are told. Rejects when Redis does not answer. */
  async start(onEntry: (entry: StreamEntry) => void): Promise<void> {
    // `$` would be resolved anew at every read, and lose what arrives between two reads.
    const tail = await this.#lastId();
    this.#running = this.#follow(tail, onEntry);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#redis.disconnect();
    await this.#running;
  }

  async #follow(from: string, onEntry: (entry: StreamEntry) => void): Promise<void> {
    let position = from;
    let failing = false;
    while (!this.#closed) {
      try {
        if (failing) {
          const lastId = await this.#lastId();
          if (isBefore(lastId, position)) {
            this.#note({ level: 'warn', event: 'reports_lost', detail: { position, lastId } });
            position = STREAM_START;
          }
          failing = false;
          this.#note({ level: 'info', event: 'reports_available', detail: { position } });
        }
        const entries = await this.#read(position);
        for (const entry of entries) {
          position = entry[0];
          onEntry(entry);
        }
      } catch (error) {
        if (this.#closed) return;
        if (!failing)
          this.#note({ level: 'warn', event: 'reports_unavailable', detail: { reason: messageOf(error) } });
        failing = true;
        await wait(this.#clock, READ_RETRY_MS);
      }
    }
  }

  async #read(position: string): Promise<readonly StreamEntry[]> {
    const reply = await this.#redis.xread(
      'COUNT',
      READ_COUNT_MAX,
      'BLOCK',
      READ_BLOCK_MS,
      'STREAMS',
      this.#key,
      position,
    );
    return reply?.[0]?.[1] ?? [];
  }

  /** The highest id the stream has ever had, also when its entries have been deleted. */
  async #lastId(): Promise<string> {
    if ((await this.#redis.exists(this.#key)) === 0) return STREAM_START;
    const info = (await this.#redis.xinfo('STREAM', this.#key)) as readonly unknown[];
    const at = info.indexOf('last-generated-id');
    const id = info[at + 1];
    if (at < 0 || typeof id !== 'string') throw new Error('XINFO STREAM told no last-generated-id');
    return id;
  }
}

/** Whether stream id `a` comes before `b`; ids are `milliseconds-sequence`. */
export function isBefore(a: string, b: string): boolean {
  const [aTime = 0n, aSeq = 0n] = a.split('-').map(BigInt);
  const [bTime = 0n, bSeq = 0n] = b.split('-').map(BigInt);
  return aTime === bTime ? aSeq < bSeq : aTime < bTime;
}
