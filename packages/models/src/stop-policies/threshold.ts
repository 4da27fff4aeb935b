/** Stop when the rest fits into the downtime limit at the rate that the switchover is sure to get. */
import { add, atLeast, type BitsPerSec, type Bytes, type Millis, transferTime } from '@sluice/units';
import type { StopPolicy } from './stop-policy.ts';

export interface Threshold {
  readonly downtimeLimit: Millis;
  /** Payload rate of the stop-and-copy. */
  readonly switchoverRate: BitsPerSec;
  /** Time of the switchover beside copying. */
  readonly overhead: Millis;
  /** Rounds after round 0 at which the VM is stopped even if the limit is out of reach. */
  readonly roundsMax: number;
}

/** QEMU's rule in the small: complete once what is pending fits (migration.c, threshold_size), or rounds are used up. */
export const threshold =
  (limits: Threshold): StopPolicy =>
  (behind) => {
    if (behind.remaining === 0) return 'nothing_left';
    if (fitsDowntime(behind.remaining, limits)) return 'downtime_reachable';
    return behind.round >= limits.roundsMax ? 'rounds_max' : null;
  };

/** Whether `remaining` can be sent within the downtime limit. */
export const fitsDowntime = (remaining: Bytes, limits: Omit<Threshold, 'roundsMax'>): boolean =>
  limits.switchoverRate > 0 &&
  atLeast(limits.downtimeLimit, add(transferTime(remaining, limits.switchoverRate), limits.overhead));

/**
 * Callegati and Cerroni: the rest is small enough when it is at most V_th, and round n_max is the stop-and-copy at the
 * latest. With V_th ≥ V_m there is no pre-copy at all; that is `coldBelow` of the engine.
 */
export const volumeThreshold =
  (limits: { readonly threshold: Bytes; readonly roundsMax: number }): StopPolicy =>
  (behind) => {
    if (atLeast(limits.threshold, behind.remaining)) return 'small_rest';
    return behind.round + 1 >= limits.roundsMax ? 'rounds_max' : null;
  };

/** Exactly this many rounds after round 0. */
export const fixedRounds =
  (rounds: number): StopPolicy =>
  (behind) =>
    behind.round >= rounds ? 'rounds_max' : null;
