/** What traffic tools say about what they saw. Times are of the machine's monotonic clock, the same in every process. */

/** One interval of a flow, as its receiver saw it. */
export interface Sample {
  /** Monotonic milliseconds at which the interval began and ended. */
  readonly sinceMs: number;
  readonly atMs: number;
  /** Payload bytes that arrived. */
  readonly bytes: number;
  readonly packets: number;
  /**
   * UDP: how far the highest sequence number moved, less the packets that came. Negative where late packets make up
   * for a loss counted before, so that sums are right. TCP: 0.
   */
  readonly lost: number;
}

/** One answered probe. */
export interface Echo {
  readonly seq: number;
  readonly sentMs: number;
  readonly receivedMs: number;
}

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The same clock in every process of the machine (CLOCK_MONOTONIC), in milliseconds. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;
