/**
 * Whether a migration gets anywhere: what a round left to be sent over what it sent, smoothed over the rounds. A
 * single round says nothing, a burst of the guest passes; so one sample never makes a stall. Judged at round
 * boundaries only, where the dirty bitmap has just been read.
 */
import type { BitsPerSec, Bytes } from '@sluice/units';
import type { CoreConfig, RoundRecord } from '../state.ts';

export interface Rescue {
  /** Smoothed ratio of what rounds left to what they sent; null before the first round that counts. */
  readonly ratio: number | null;
  /** Rounds in `ratio` since the last thing that was tried. */
  readonly samples: number;
  /** The last round judged, so that a decision that is made again does not count it twice. */
  readonly round: number;
  /** Wire rate that others were asked to leave; null = none. */
  readonly boost: BitsPerSec | null;
  /** CPU share that the guest was asked to give up; 0 = none. */
  readonly throttle: number;
  /** Boundaries at which it stalled and nothing was left to try. */
  readonly helpless: number;
}

export const NO_RESCUE: Rescue = {
  ratio: null,
  samples: 0,
  round: -1,
  boost: null,
  throttle: 0,
  helpless: 0,
};

/** Rounds without which nothing is called a stall. */
export const STALL_SAMPLES_MIN = 2;

type Terms = Pick<CoreConfig, 'stallWeight' | 'stallRatio'>;

/**
 * With a round more. What was left before it has all been sent in it, however few bytes that took: page differences
 * and compressed pages are smaller than the pages that they stand for. A round that sent nothing has nothing to say.
 */
export function withRound(
  rescue: Rescue,
  record: RoundRecord,
  leftBefore: Bytes,
  { stallWeight }: Terms,
): Rescue {
  const { transferred, remaining, round } = record;
  if (round <= rescue.round || transferred === 0) return rescue;
  const sample = remaining / Math.max(transferred, leftBefore);
  const ratio = rescue.ratio === null ? sample : stallWeight * sample + (1 - stallWeight) * rescue.ratio;
  const { samples, boost, throttle, helpless } = rescue;
  return { ratio, samples: samples + 1, round, boost, throttle, helpless };
}

export const isStalled = ({ ratio, samples }: Rescue, { stallRatio }: Terms): boolean =>
  ratio !== null && samples >= STALL_SAMPLES_MIN && ratio >= stallRatio;

/** Clearly below the limit again, so that it does not flicker around it. */
export const hasRecovered = ({ ratio }: Rescue, { stallRatio }: Terms): boolean =>
  ratio !== null && ratio < stallRatio * RECOVERED_SHARE;
const RECOVERED_SHARE = 0.8;
