/**
 * What a migration holds, in two accounts. The current rate is what switches and sender have now; while a change is
 * under way the larger of old and new counts, on the old way and on the new one, because nobody then knows what each
 * switch has. The guarantee is the least that is promised over a window of time, which may lie in the future.
 */
import type { Path } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec, type Instant, smaller } from '@sluice/units';
import type { Reservation } from '../state.ts';
import type { Stretch } from './timeline.ts';

/** From an instant until just before another; null = no end is known. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant | null;
}

/** There and back. */
export interface Way {
  readonly path: Path;
  readonly reversePath: Path;
}

/** What is asked of the ledger. The current rate is the reservation's; 0 as long as nothing is installed. */
export interface NewHold {
  readonly reservation: Reservation;
  /** Whole bit/s; the way back is promised its share of it. */
  readonly guarantee: BitsPerSec;
  readonly window: Window;
  /** Floor for applications on every link there and back, while the hold has a rate and over its window; null = as configured. */
  readonly applicationFloor: BitsPerSec | null;
  readonly tenant: string | null;
  /** The ledger only keeps it for whoever decides. */
  readonly priority: number;
}

/** `reservation` is what is wanted now. */
export interface Hold extends NewHold {
  /** What is counted: at least the reservation's rates. */
  readonly forwardRate: BitsPerSec;
  readonly reverseRate: BitsPerSec;
  readonly reverseGuarantee: BitsPerSec;
  /** Ways that are left, and count beside the reservation's until that is settled. */
  readonly formerWays: readonly Way[];
  /** Links of all ways by their number in the topology, each once. */
  readonly forwardLinks: readonly number[];
  readonly reverseLinks: readonly number[];
  /** Those of the way that is wanted; the same arrays when no other is left. */
  readonly wantedForward: readonly number[];
  readonly wantedReverse: readonly number[];
}

/** Something flows, or may. */
export const isLive = (hold: Hold): boolean => hold.forwardRate > 0;

export const stretchOf = ({ from, until }: Window): Stretch => ({
  from,
  until: until ?? Number.POSITIVE_INFINITY,
});

/** What of a stretch is still to come: promises of the past bind nobody, whether they are forgotten yet or not. */
export const fromNow = ({ now }: { readonly now: Instant }, stretch: Stretch): Stretch =>
  stretch.from >= now ? stretch : { from: now, until: stretch.until };

/** Reservation rates are integers and round up, so that the ledger never counts too little. */
export const reservedRate = (rate: BitsPerSec, most: BitsPerSec): BitsPerSec =>
  smaller(bitsPerSec(Math.ceil(rate)), bitsPerSec(Math.floor(most)));

export const reverseRateOf = (rate: BitsPerSec, reverseFraction: number): BitsPerSec =>
  bitsPerSec(Math.ceil(rate * reverseFraction));
