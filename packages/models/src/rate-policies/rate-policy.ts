/** One interface for every rule that says how fast the next round should be sent. */
import type { BitsPerSec, Bytes, BytesPerSec, Millis } from '@sluice/units';

/** What a rule may look at before a round begins. */
export interface RoundAhead {
  /** 0 sends all memory. */
  readonly round: number;
  /** What this round has to send. */
  readonly remaining: Bytes;
  /** Dirty rates so far: the profile before the migration first, then one per finished round. */
  readonly dirtyRates: readonly BytesPerSec[];
  /** What the bitmap of each finished round showed, per second: at most w, less where the working set caps it. */
  readonly collected?: readonly BytesPerSec[];
  /** What the migration may use at most (F of BDA, R̄ of minimum-energy). */
  readonly free: BitsPerSec;
  /** Since the migration began. */
  readonly elapsed: Millis;
}

/** The rate asked for. It may exceed `free`; whoever grants it decides. */
export type RatePolicy = (ahead: RoundAhead) => BitsPerSec;

/** The same rate in every round. */
export const flat =
  (rate: BitsPerSec): RatePolicy =>
  () =>
    rate;

/** All that is free, in every round. */
export const allFree: RatePolicy = (ahead) => ahead.free;

/** A planned rate for each round, as the per-round optimum gives them; the last holds for rounds beyond the plan. */
export const ratesInOrder =
  (rates: readonly [BitsPerSec, ...BitsPerSec[]]): RatePolicy =>
  ({ round }) =>
    rates[Math.min(round, rates.length - 1)] ?? rates[0];
