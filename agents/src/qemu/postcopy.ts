/** Where a post-copy stands: ordered, running at the destination, interrupted; and when to say so. */
import type { MigrationNews } from '../hypervisor.ts';
import type { Snapshot } from './migration-status.ts';
import type { Progress } from './progress.ts';

/** What has no rounds to tell of is told this often. */
const TELL_PERIOD_MS = 1000;

export class Postcopy {
  #state: 'no' | 'ordered' | 'running' | 'paused' = 'no';
  #toldAtMs = Number.NEGATIVE_INFINITY;

  get state(): 'no' | 'ordered' | 'running' | 'paused' {
    return this.#state;
  }

  order(): void {
    this.#state = 'ordered';
  }

  /** Takes a reading in post-copy. `isStalled`: it runs, but nothing moves any more. */
  take(
    { status, remainingBytes }: Snapshot,
    progress: Progress,
  ): { readonly news: MigrationNews | null; readonly isStalled: boolean } {
    const before = this.#state;
    if (status === 'postcopy-active') this.#state = 'running';
    else if (status === 'postcopy-paused') this.#state = 'paused';
    const state = this.#state;
    if (state !== 'running' && state !== 'paused') return { news: null, isStalled: false };
    if (state !== before) progress.restart(); // The stream has its whole time again.
    const isStalled = state === 'running' && progress.isStalled;
    if (isStalled) progress.restart();
    const isDue = state !== before || performance.now() - this.#toldAtMs >= TELL_PERIOD_MS;
    if (isDue) this.#toldAtMs = performance.now();
    return { news: isDue ? { kind: 'postcopy', state, remainingBytes } : null, isStalled };
  }
}
