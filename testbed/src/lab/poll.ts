/** Waits for a condition of the outside world; never longer than the caller allows. */
import { setTimeout as delay } from 'node:timers/promises';
import { LabFailure } from './lab-failure.ts';

const POLL_PERIOD_MS = 20;

/**
 * Resolves with the first value that is not null; throws LabFailure `timed_out` at the deadline. `what` may say what is
 * missing then.
 */
export async function poll<T>(
  what: string | (() => string),
  timeoutMs: number,
  look: () => Promise<T | null>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() >= deadline) {
      const missing = typeof what === 'string' ? what : what();
      throw new LabFailure({ code: 'timed_out', what: missing, afterMs: timeoutMs });
    }
    await delay(POLL_PERIOD_MS);
  }
}
