/**
 * How fast a guest dirties memory. While it is migrated the rounds say it exactly. Before, QEMU can sample pages
 * (calc-dirty-rate, page-sampling), in whole MiB/s, which costs the guest nothing; the other modes need KVM or make a
 * QEMU with TCG crash, so they are never asked for.
 */
import type { Guest } from './guest.ts';
import { dirtyRateSchema } from './replies.ts';

const CALC_TIME_SEC = 1;
/** Of each GiB; the largest that every version takes. */
const SAMPLE_PAGES = 4096;
const MEBIBYTE = 1024 * 1024;

export interface DirtyEstimate {
  readonly rateBytesPerSec: number;
  /** The largest set of pages seen dirty at once: a lower bound. */
  readonly workingSetBytes: number;
}

export class DirtyMemory {
  readonly #guest: Guest;
  readonly #periodMs: number;
  #known: DirtyEstimate = { rateBytesPerSec: 0, workingSetBytes: 0 };
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #isMeasuring = false;

  constructor(guest: Guest, periodMs: number) {
    this.#guest = guest;
    this.#periodMs = periodMs;
  }

  /** A round's own statistics: exact, and later than any sample. */
  learn(round: { readonly remainingBytes: number; readonly dirtyRateBytesPerSec: number }): void {
    this.#keep(round.dirtyRateBytesPerSec, round.remainingBytes);
  }

  /** What is known; asks for a new sample when the last one is old and `maySample`. */
  async estimate(maySample: boolean): Promise<DirtyEstimate> {
    if (this.#isMeasuring) await this.#collect().catch(() => undefined);
    else if (maySample && this.#isDue()) await this.#ask().catch(() => undefined);
    return this.#known;
  }

  #isDue(): boolean {
    return (
      this.#periodMs > 0 &&
      performance.now() - this.#askedAtMs >= this.#periodMs &&
      this.#guest.features.has('calc_dirty_rate')
    );
  }

  async #ask(): Promise<void> {
    this.#askedAtMs = performance.now();
    await this.#guest.execute('calc-dirty-rate', {
      'calc-time': CALC_TIME_SEC,
      'sample-pages': SAMPLE_PAGES,
    });
    this.#isMeasuring = true;
  }

  async #collect(): Promise<void> {
    const answer = await this.#guest.execute('query-dirty-rate', {}, dirtyRateSchema);
    if (answer.status === 'measuring') return;
    this.#isMeasuring = false;
    const rate = answer['dirty-rate'];
    if (answer.status !== 'measured' || rate === undefined || rate < 0) return;
    this.#keep(rate * MEBIBYTE, rate * MEBIBYTE * CALC_TIME_SEC);
  }

  #keep(rateBytesPerSec: number, workingSetBytes: number): void {
    const largest = Math.max(this.#known.workingSetBytes, workingSetBytes);
    this.#known = { rateBytesPerSec, workingSetBytes: Math.min(largest, this.#guest.memoryBytes) };
  }
}
