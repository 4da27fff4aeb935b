/**
 * How fast a guest dirties memory. While it is migrated its rounds say it. Before, libvirt can have QEMU sample pages,
 * in whole MiB/s; the other ways to measure need KVM or make a QEMU with TCG crash, so they are never asked for.
 */
import type { Domain } from './domain.ts';

const SAMPLE_SEC = 1;

export interface DirtyEstimate {
  readonly rateBytesPerSec: number;
  /** The largest set of pages seen dirty at once: a lower bound. */
  readonly workingSetBytes: number;
}

export class DirtyRate {
  readonly #domain: Domain;
  readonly #periodMs: number;
  readonly #memoryBytes: number;
  #known: DirtyEstimate = { rateBytesPerSec: 0, workingSetBytes: 0 };
  #askedAtMs = Number.NEGATIVE_INFINITY;
  /** A sample was begun after our order; what was shown before is another one. */
  #isAwaited = false;
  #isAsking = false;

  constructor(options: { readonly domain: Domain; readonly periodMs: number; readonly memoryBytes: number }) {
    this.#domain = options.domain;
    this.#periodMs = options.periodMs;
    this.#memoryBytes = options.memoryBytes;
  }

  learn(round: { readonly remainingBytes: number; readonly dirtyRateBytesPerSec: number }): void {
    this.#keep(round.dirtyRateBytesPerSec, round.remainingBytes);
  }

  /**
   * What is known; has a new sample taken when the last one is old and `maySample`. Waits for nothing: a QEMU that does
   * not answer must not hold up what is told of other VMs.
   */
  estimate(maySample: boolean): DirtyEstimate {
    if (!this.#isAsking && (this.#isAwaited || (maySample && this.#isDue()))) {
      this.#isAsking = true;
      void this.#ask()
        .catch(() => undefined) // One that is busy or gone is sampled another time.
        .finally(() => {
          this.#isAsking = false;
        });
    }
    return this.#known;
  }

  async #ask(): Promise<void> {
    if (!this.#isAwaited) {
      this.#askedAtMs = performance.now();
      await this.#domain.sampleDirtyRate(SAMPLE_SEC);
      this.#isAwaited = true;
      return;
    }
    const rate = await this.#domain.sampledDirtyRate();
    if (rate === null) return;
    this.#isAwaited = false;
    this.#keep(rate, Math.min(rate * SAMPLE_SEC, this.#memoryBytes));
  }

  #isDue(): boolean {
    return this.#periodMs > 0 && performance.now() - this.#askedAtMs >= this.#periodMs;
  }

  #keep(rateBytesPerSec: number, workingSetBytes: number): void {
    this.#known = {
      rateBytesPerSec,
      workingSetBytes: Math.max(this.#known.workingSetBytes, workingSetBytes),
    };
  }
}
