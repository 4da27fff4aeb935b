/**
 * A migration's progress as it shows in QEMU's counters: where rounds end, how fast bytes leave, whether they do at
 * all. QEMU's own rate is not asked: it keeps its last value when the stream stands still.
 */
import type { HypervisorEvent } from '../hypervisor.ts';
import type { Snapshot } from './migration-status.ts';

type Round = Omit<Extract<HypervisorEvent, { kind: 'round_finished' }>, 'kind' | 'migrationId'>;

/** QEMU paces in steps of 100 ms; the rate is a mean over at least several of them. */
const RATE_WINDOW_MS = 1000;
/** Nothing can be said of a rate over less than this. */
const RATE_WINDOW_MIN_MS = 150;
/** QEMU rounds its own times to milliseconds; a round is never shorter than one. */
const ROUND_SEC_MIN = 0.001;

interface Reading {
  readonly atMs: number;
  readonly transferredBytes: number;
}

export class Progress {
  readonly #stallLimitMs: number;
  readonly #now: () => number;
  #readings: Reading[] = [];
  #movedAtMs: number;
  /** dirty-sync-count is 1 during round 0. */
  #syncCount = 1;
  #roundBeganSec: number | undefined;
  #sentBefore = 0;
  #dirtyRate: number | undefined;
  #remainingBytes: number | undefined;
  #stop: { readonly transferredBytes: number } | undefined;

  constructor(stallLimitMs: number, now: () => number = () => performance.now()) {
    this.#stallLimitMs = stallLimitMs;
    this.#now = now;
    this.#movedAtMs = now();
  }

  /** Takes a reading; returns for how long no byte has moved. */
  take({ transferredBytes, remainingBytes }: Snapshot): { readonly stallMs: number } {
    this.#remainingBytes = remainingBytes;
    const atMs = this.#now();
    const last = this.#readings.at(-1);
    if (last === undefined || last.transferredBytes !== transferredBytes) this.#movedAtMs = atMs;
    this.#readings.push({ atMs, transferredBytes });
    // One reading from before the window stays, so that there is always something to compare with.
    while ((this.#readings[1]?.atMs ?? atMs) < atMs - RATE_WINDOW_MS) this.#readings.shift();
    return { stallMs: atMs - this.#movedAtMs };
  }

  /** As of the last reading. */
  get remainingBytes(): number | undefined {
    return this.#remainingBytes;
  }

  get isStalled(): boolean {
    return this.#now() - this.#movedAtMs >= this.#stallLimitMs;
  }

  /** What passed the sender, averaged over the last second; 0 while nothing can be said. */
  get bytesPerSec(): number {
    const [first, last] = [this.#readings[0], this.#readings.at(-1)];
    if (first === undefined || last === undefined) return 0;
    const spanMs = last.atMs - first.atMs;
    if (spanMs < RATE_WINDOW_MIN_MS) return 0;
    return ((last.transferredBytes - first.transferredBytes) * 1000) / spanMs;
  }

  /** After a pause the stream has its whole time again. */
  restart(): void {
    this.#movedAtMs = this.#now();
    this.#readings = [];
  }

  /**
   * The round that QEMU's count says has ended since the last call. Several that ended between two readings are told
   * as one, under the number of the last: their bytes and time cannot be told apart any more. Once the gate is open
   * QEMU looks at the dirty pages also before it has sent those of the look before.
   */
  roundEnd(seen: Snapshot, atSec: number, isGateOpen = false): Round | undefined {
    const { dirtySyncCount, transferredBytes, remainingBytes } = seen;
    this.#roundBeganSec ??= atSec;
    if (dirtySyncCount <= this.#syncCount || this.#stop !== undefined) return undefined;
    const durationSec = Math.max(ROUND_SEC_MIN, atSec - this.#roundBeganSec);
    // What an unfinished round had still to send is left again, although nobody has written to it.
    const dirtyRate = isGateOpen ? this.#dirtyRate : undefined;
    this.#dirtyRate = dirtyRate ?? remainingBytes / durationSec;
    const round: Round = {
      round: dirtySyncCount - 2,
      transferredBytes: Math.max(0, transferredBytes - this.#sentBefore),
      durationSec,
      remainingBytes,
      dirtyRateBytesPerSec: this.#dirtyRate,
    };
    this.#syncCount = dirtySyncCount;
    this.#roundBeganSec = atSec;
    this.#sentBefore = transferredBytes;
    return round;
  }

  /** Whether this is the first word of the stop. */
  markStop({ transferredBytes }: Snapshot): boolean {
    if (this.#stop !== undefined) return false;
    this.#stop = { transferredBytes };
    return true;
  }

  sentAfterStop({ transferredBytes }: Snapshot): number {
    return Math.max(0, transferredBytes - (this.#stop?.transferredBytes ?? transferredBytes));
  }
}
