/**
 * How fast a guest dirties memory. While it is migrated its rounds say it. Before, libvirt can have QEMU sample pages,
 * in whole MiB/s; the other ways to measure need KVM or make a QEMU with TCG crash, so they are never asked for.
 */
import type { Domain } from './domain.ts';
import type { DomainStats } from './virsh-output.ts';

const SAMPLE_SEC = 1;

export interface DirtyEstimate {
  readonly rateBytesPerSec: number;
  /** The largest set of pages seen dirty at once: a lower bound. */
  readonly workingSetBytes: number;
}

export class DirtyRate {
  readonly #domain: Domain;
  readonly #periodMs: number;
  #known: DirtyEstimate = { rateBytesPerSec: 0, workingSetBytes: 0 };
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #isAwaited = false;

  constructor(domain: Domain, periodMs: number) {
    this.#domain = domain;
    this.#periodMs = periodMs;
  }

  learn(round: { readonly remainingBytes: number; readonly dirtyRateBytesPerSec: number }): void {
    this.#keep(round.dirtyRateBytesPerSec, round.remainingBytes);
  }

  /** What is known; has a new sample taken when the last one is old and `maySample`. */
  estimate(stats: DomainStats, maySample: boolean): DirtyEstimate {
    const sampled = stats.sampledDirtyRateBytesPerSec;
    if (this.#isAwaited && sampled !== null) {
      this.#isAwaited = false;
      this.#keep(sampled, Math.min(sampled * SAMPLE_SEC, stats.memoryBytes));
    }
    if (maySample && this.#isDue()) {
      this.#askedAtMs = performance.now();
      // The sample before this one is still shown until QEMU has begun.
      void this.#domain.sampleDirtyRate(SAMPLE_SEC).then(
        () => {
          this.#isAwaited = true;
        },
        () => undefined, // A domain that is busy or gone is sampled another time.
      );
    }
    return this.#known;
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
