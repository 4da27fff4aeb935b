/**
 * Bandwidth dynamic assignment (Fang, Liao, Ge, FMSMT 2017): before round k the rule reserves B for the VM's own
 * business, from its dirty rates U_1..U_k, and gives the migration E = F − B of the free rate F.
 *
 * U_k was collected while round k−1 was sent, so it is known when round k begins; U_1 is the profile before the
 * migration. The dirty rate is compared with a rate, so it is given in bit/s here.
 */
import {
  asBitsPerSec,
  type BitsPerSec,
  bitsPerSec,
  larger,
  scale,
  smaller,
  subtract,
  sum,
} from '@sluice/units';
import type { RatePolicy } from './rate-policy.ts';

export interface BdaInput {
  /** F: capacity of the path that nobody else uses. */
  readonly free: BitsPerSec;
  /** U_1..U_k, at least one. */
  readonly history: readonly BitsPerSec[];
}

export interface BdaResult {
  /** Weights of the newest dirty rate and of the mean of the older ones; null in the first round. */
  readonly a: number | null;
  readonly b: number | null;
  /** U_k / U_{k−1}; Infinity after a round without dirtying; null in the first round. */
  readonly c: number | null;
  /** Whether (4) asked for more than F, so that (5) took its place. */
  readonly corrected: boolean;
  /** B, kept for the VM's own business. */
  readonly reserved: BitsPerSec;
  /** E, for the migration; 0 when B equals F exactly, as printed in the paper. */
  readonly rate: BitsPerSec;
}

/** The rule as printed, without a floor. Throws RangeError on an empty history. */
export function bda(input: BdaInput): BdaResult {
  const { free } = input;
  const weights = weigh(input.history);
  if (weights === null)
    return { a: null, b: null, c: null, corrected: false, reserved: scale(free, 0), rate: free };
  const { a, b, c, reserved } = weights;
  if (reserved <= free) return { a, b, c, corrected: false, reserved, rate: subtract(free, reserved) };
  // (5) is B ← F·B/(B + c·B): the B of (4) cancels.
  const corrected = bitsPerSec(free / (1 + c));
  return { a, b, c, corrected: true, reserved: corrected, rate: subtract(free, corrected) };
}

/**
 * The robust variant: E = max(F − B, F·c/(1+c), floor). The printed rule jumps from 0 to F·c/(1+c) where B passes F
 * and gives next to nothing just before; this one is continuous there and never starves the migration.
 */
export function bdaRobust(input: BdaInput): BdaResult {
  const printed = bda(input);
  if (printed.c === null) return printed;
  const corrected = subtract(input.free, bitsPerSec(input.free / (1 + printed.c)));
  const wanted = larger(larger(printed.rate, corrected), bdaFloor(input.free));
  const rate = smaller(wanted, input.free);
  return { ...printed, reserved: subtract(input.free, rate), rate };
}

/** Least rate of a live migration under BDA: max(1 % of F, 1 Mbit/s). A round at the printed rate 0 would never end. */
export const bdaFloor = (free: BitsPerSec): BitsPerSec =>
  larger(scale(free, LIVE_FLOOR_FRACTION), LIVE_FLOOR_MIN);

const LIVE_FLOOR_FRACTION = 0.01;
const LIVE_FLOOR_MIN = bitsPerSec(1_000_000);

/** The rule as a live policy, never below its floor. */
export const bdaPolicy: RatePolicy = (ahead) =>
  larger(bda({ free: ahead.free, history: ahead.dirtyRates.map(asBitsPerSec) }).rate, bdaFloor(ahead.free));

export const bdaRobustPolicy: RatePolicy = (ahead) =>
  larger(
    bdaRobust({ free: ahead.free, history: ahead.dirtyRates.map(asBitsPerSec) }).rate,
    bdaFloor(ahead.free),
  );

interface Weights {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly reserved: BitsPerSec;
}

/** a, b, c and equation (4); null for the first round. 0/0 is read as its symmetric limit: a = b = ½, c = 1. */
function weigh(history: readonly BitsPerSec[]): Weights | null {
  const newest = history.at(-1);
  if (newest === undefined) throw new RangeError('bda needs at least one dirty rate');
  const before = history.at(-2);
  if (before === undefined) return null;
  const older = history.slice(0, -1);
  const mean = sum(older) / older.length;
  const total = mean + newest;
  const a = total === 0 ? 0.5 : newest / total;
  const b = total === 0 ? 0.5 : mean / total;
  const c = before === 0 ? (newest === 0 ? 1 : Number.POSITIVE_INFINITY) : newest / before;
  return { a, b, c, reserved: bitsPerSec(a * newest + b * mean) };
}
