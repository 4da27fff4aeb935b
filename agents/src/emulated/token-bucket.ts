/** Paces a sender at a rate: tokens are bytes, and they come in with time. The clock is given, so it can be tested. */
import type { BitsPerSec, Instant } from '@sluice/units';

/**
 * Credit that may pile up while the process was kept from sending, so that a busy machine does not slow a migration
 * down. It is spent at the wire rate that the NIC's class allows; more of it would be a burst beyond the cap.
 */
export const CATCH_UP_MS = 200;
/** Waits are this long at most, so that a new rate is in force within it. */
export const TICK_MS = 3;

export class TokenBucket {
  #tokens = 0;
  #rate: BitsPerSec | null;
  #refilledAt: Instant;
  readonly #now: () => Instant;

  /** A rate of null does not pace at all. The bucket begins empty: a new round sends no burst. */
  constructor(rate: BitsPerSec | null, now: () => Instant) {
    this.#rate = rate;
    this.#now = now;
    this.#refilledAt = now();
  }

  get rate(): BitsPerSec | null {
    return this.#rate;
  }

  setRate(rate: BitsPerSec | null): void {
    this.#refill(0);
    this.#rate = rate;
  }

  /** Forgets the credit, at the start of a round. */
  empty(): void {
    this.#refill(0);
    this.#tokens = 0;
  }

  /** Takes the bytes and returns 0 when they may be sent now; otherwise takes nothing and returns the wait in ms. */
  take(byteCount: number): number {
    if (this.#rate === null) return 0;
    this.#refill(byteCount);
    if (this.#tokens >= byteCount) {
      this.#tokens -= byteCount;
      return 0;
    }
    return Math.min(TICK_MS, ((byteCount - this.#tokens) * 8000) / this.#rate);
  }

  #refill(byteCount: number): void {
    const now = this.#now();
    if (this.#rate !== null) {
      const perMs = this.#rate / 8000;
      // One frame must fit however slow the rate is, or it would never be sent.
      const most = Math.max(perMs * CATCH_UP_MS, byteCount);
      this.#tokens = Math.min(most, this.#tokens + perMs * (now - this.#refilledAt));
    }
    this.#refilledAt = now;
  }
}
