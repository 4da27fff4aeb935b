/**
 * Xen's adaptive rate: the dirty rate of the round before, and 50 Mbit/s on top, between an administrator's limits.
 * The paper (Clark et al., NSDI 2005) and the source (xc_linux_save.c) differ: in the source the rate never goes down,
 * and a round's dirty rate below the current rate changes nothing.
 *
 * The source counts a "megabit" of 2^20 bits when it paces and of 10^6 when it measures, a mismatch of 4.9 % that the
 * model leaves out.
 */
import { asBitsPerSec, type BitsPerSec, type BytesPerSec, bitsPerSec, larger, smaller } from '@sluice/units';
import type { RatePolicy, RoundAhead } from './rate-policy.ts';

export interface XenRates {
  /** START_MBIT_RATE of the source: 100 Mbit/s. */
  readonly rateMin: BitsPerSec;
  /** MAX_MBIT_RATE: 500 Mbit/s. */
  readonly rateMax: BitsPerSec;
}

/** 50 Mbit/s */
export const XEN_RATE_STEP = bitsPerSec(50e6);

/** What the dirty rate of a round asks for, before any limit. */
export const xenWanted = (collected: BytesPerSec): BitsPerSec =>
  bitsPerSec(asBitsPerSec(collected) + XEN_RATE_STEP);

/** NSDI 2005: up and down with the dirty rate of the round just sent. */
export const xenNsdi =
  (rates: XenRates): RatePolicy =>
  (ahead) => {
    const collected = collectedBefore(ahead).at(-1);
    return collected === undefined ? rates.rateMin : between(xenWanted(collected), rates);
  };

/** The source: a ratchet that only goes up. */
export const xenCode =
  (rates: XenRates): RatePolicy =>
  (ahead) =>
    collectedBefore(ahead).reduce<BitsPerSec>(
      (rate, collected) =>
        exceeds(asBitsPerSec(collected), rate) ? smaller(xenWanted(collected), rates.rateMax) : rate,
      rates.rateMin,
    );

/** From round 1 on w + 50 for the true dirty rate w, whatever a capped round shows of it. */
export const xenRateOfW =
  (rates: XenRates): RatePolicy =>
  (ahead) => {
    const dirtyRate = ahead.dirtyRates.at(-1);
    return ahead.round === 0 || dirtyRate === undefined
      ? rates.rateMin
      : between(xenWanted(dirtyRate), rates);
  };

/** Above by more than rounding: the bitmap of a round that is all dirtied again shows exactly the rate. */
export const exceeds = (rate: BitsPerSec, limit: BitsPerSec): boolean => rate > limit * (1 + 1e-9);

const between = (rate: BitsPerSec, { rateMin, rateMax }: XenRates): BitsPerSec =>
  smaller(larger(rate, rateMin), rateMax);

/** Dirty rates as Xen sees them, one per finished round. Without bitmaps the true rates stand in. */
const collectedBefore = (ahead: RoundAhead): readonly BytesPerSec[] =>
  ahead.collected ?? ahead.dirtyRates.slice(1);
