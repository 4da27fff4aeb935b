/** Follows one migration to its end: looks whenever an event about it comes, and once a second in any case. */
import type { MigrationRecord } from '@sluice/controller';
import { CliError, EXIT } from '../exit-code.ts';
import type { ApiClient } from './client.ts';
import { readEventStream } from './event-stream.ts';

const LOOK_PERIOD_MS = 1_000;
const TERMINAL: readonly string[] = ['completed', 'aborted', 'failed'];
export const hasEnded = ({ phase }: MigrationRecord): boolean => TERMINAL.includes(phase);

export interface FollowOptions {
  readonly id: string;
  /** null = as long as it takes. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
  readonly onLook: (record: MigrationRecord) => void;
}

/** @throws CliError timedOut, interrupted, or the API's */
export async function followMigration(api: ApiClient, options: FollowOptions): Promise<MigrationRecord> {
  const { id, timeoutMs, signal, onLook } = options;
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const wake = new Wake();
  const end = timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  signal.addEventListener('abort', () => wake.now(), { signal: done.signal });
  void wakeOnEvents(api, id, stop, wake);
  try {
    for (;;) {
      const record = await look(api, id, signal);
      onLook(record);
      if (hasEnded(record)) return record;
      const left = end - performance.now();
      if (left <= 0)
        throw new CliError(EXIT.timedOut, `migration ${id} is still under way (${record.phase}); it goes on`);
      await wake.within(Math.min(LOOK_PERIOD_MS, left));
      if (signal.aborted) throw interrupted(id);
    }
  } finally {
    done.abort();
  }
}

async function look(api: ApiClient, id: string, signal: AbortSignal): Promise<MigrationRecord> {
  try {
    return await api.get<MigrationRecord>(`/v1/migrations/${encodeURIComponent(id)}`);
  } catch (error) {
    throw signal.aborted ? interrupted(id) : error;
  }
}

const interrupted = (id: string): CliError =>
  new CliError(
    EXIT.interrupted,
    `interrupted; migration ${id} goes on (sluice migration abort ${id} ends it)`,
  );

/** Events only make the next look come sooner, so a stream that breaks costs nothing but a second. */
async function wakeOnEvents(api: ApiClient, id: string, stop: AbortSignal, wake: Wake): Promise<void> {
  try {
    const body = await api.stream(`/v1/events?migration=${encodeURIComponent(id)}`, stop);
    for await (const _ of readEventStream(body)) wake.now();
  } catch {
    // The looks go on without it.
  }
}

class Wake {
  #wake: () => void = () => {};
  #isWanted = false;

  now(): void {
    this.#isWanted = true;
    this.#wake();
  }

  async within(ms: number): Promise<void> {
    if (!this.#isWanted)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#isWanted = false;
    this.#wake = () => {};
  }
}
