/** How long to wait before the next attempt to connect. */

/** Short enough that a restarted ovsdb-server is found at once. */
export const RECONNECT_DELAY_MIN_MS = 100;
/** What Open vSwitch itself uses as its largest back-off. */
export const RECONNECT_DELAY_MAX_MS = 8000;

export interface BackoffOptions {
  readonly delayMinMs?: number;
  readonly delayMaxMs?: number;
  /** A number in [0, 1); `Math.random` by default. */
  readonly random?: () => number;
}

/**
 * Doubles from the smallest delay to the largest. The delay drawn lies in the upper half of the step, so that
 * many clients of a server that came back do not arrive together.
 */
export function reconnectDelayMs(failures: number, options: BackoffOptions = {}): number {
  const {
    delayMinMs = RECONNECT_DELAY_MIN_MS,
    delayMaxMs = RECONNECT_DELAY_MAX_MS,
    random = Math.random,
  } = options;
  const step = Math.min(delayMaxMs, delayMinMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(step * (0.5 + random() / 2));
}
