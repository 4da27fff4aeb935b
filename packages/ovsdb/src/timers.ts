/** The only source of time in this package, so that tests can turn the clock themselves. Milliseconds. */
export interface Timers {
  /** Returns the function that cancels. */
  after(delayMs: number, run: () => void): () => void;
}

export const nodeTimers: Timers = {
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return () => clearTimeout(handle);
  },
};
