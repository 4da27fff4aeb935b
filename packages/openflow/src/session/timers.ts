/** The clock and timers of sessions, so that tests own time. */
export interface Timers {
  /** Monotonic milliseconds. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** The longest that Node can wait, 24 days; it takes anything longer for one millisecond. */
const TIMEOUT_MAX_MS = 0x7fffffff;

export const systemTimers: Timers = {
  now: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, Math.min(ms, TIMEOUT_MAX_MS)),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
