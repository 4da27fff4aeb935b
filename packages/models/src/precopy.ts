/**
 * The one pre-copy engine: round 0 sends all memory, every later round what was dirtied meanwhile,
 * V_{i+1} = min(w·T_i, V_wws), until the stop rule says stop; then the rest is sent while the VM stands still.
 * All rates are payload rates; whoever plans with wire rates takes the overhead off first.
 */
import {
  add,
  type BitsPerSec,
  type Bytes,
  type BytesPerSec,
  bytes,
  type Millis,
  smaller,
  sum,
  transferTime,
  ZERO,
} from '@sluice/units';
import type { RatePolicy } from './rate-policies/rate-policy.ts';
import type { StopPolicy, StopReason } from './stop-policies/stop-policy.ts';

export interface PrecopyPlan {
  readonly memory: Bytes;
  /** w: constant, or by round for a VM whose behaviour changes. */
  readonly dirtyRate: BytesPerSec | ((round: number) => BytesPerSec);
  /** V_wws: dirtying never leaves this much of the memory. */
  readonly workingSet: Bytes;
  readonly free: BitsPerSec;
  readonly ratePolicy: RatePolicy;
  readonly stopPolicy: StopPolicy;
  readonly switchoverRate: BitsPerSec;
}

export interface PrecopyRound {
  /** The stop-and-copy carries the number after the last pre-copy round. */
  readonly round: number;
  readonly phase: 'precopy' | 'stop_and_copy';
  readonly rate: BitsPerSec;
  readonly sent: Bytes;
  readonly duration: Millis;
  /** Dirtied meanwhile; 0 in stop-and-copy. */
  readonly remaining: Bytes;
}

export interface PrecopyResult {
  /** All transfers, the stop-and-copy last. */
  readonly rounds: readonly PrecopyRound[];
  readonly stopReason: StopReason | 'engine_limit';
  readonly totalTime: Millis;
  /** Duration of the stop-and-copy; commit and activation come on top. */
  readonly stopAndCopyTime: Millis;
  readonly sent: Bytes;
}

/** A plan whose stop rule never fires ends here, so that a prediction always returns. */
export const ENGINE_ROUNDS_MAX = 10_000;

/** Plays a migration through. Throws RangeError when a policy asks for rate 0 while something is left to send. */
export function precopy(plan: PrecopyPlan): PrecopyResult {
  const dirtyRateOf = dirtyRateByRound(plan);
  const rounds: PrecopyRound[] = [];
  const dirtyRates: BytesPerSec[] = [dirtyRateOf(0)];
  let remaining = plan.memory;
  let elapsed: Millis = ZERO.millis;
  let sentTotal: Bytes = ZERO.bytes;
  let stopReason: PrecopyResult['stopReason'] | null = null;
  while (stopReason === null) {
    const round = rounds.length;
    const rate = plan.ratePolicy({ round, remaining, dirtyRates, free: plan.free, elapsed });
    const duration = transferTime(remaining, rate);
    const dirtied = dirtiedIn(dirtyRateOf(round), duration, plan.workingSet);
    rounds.push({ round, phase: 'precopy', rate, sent: remaining, duration, remaining: dirtied });
    elapsed = add(elapsed, duration);
    sentTotal = add(sentTotal, remaining);
    dirtyRates.push(dirtyRateOf(round));
    stopReason = plan.stopPolicy({ round, sent: remaining, sentTotal, remaining: dirtied });
    if (rounds.length >= ENGINE_ROUNDS_MAX) stopReason ??= 'engine_limit';
    remaining = dirtied;
  }
  const final = lastRound(rounds.length, remaining, plan.switchoverRate);
  const all = [...rounds, final];
  return {
    rounds: all,
    stopReason,
    totalTime: add(elapsed, final.duration),
    stopAndCopyTime: final.duration,
    sent: sum(all.map((entry) => entry.sent)),
  };
}

/** min(w·T, V_wws) */
export const dirtiedIn = (rate: BytesPerSec, duration: Millis, workingSet: Bytes): Bytes =>
  smaller(bytes((rate * duration) / 1000), workingSet);

const lastRound = (round: number, remaining: Bytes, rate: BitsPerSec): PrecopyRound => ({
  round,
  phase: 'stop_and_copy',
  rate,
  sent: remaining,
  duration: transferTime(remaining, rate),
  remaining: ZERO.bytes,
});

function dirtyRateByRound(plan: PrecopyPlan): (round: number) => BytesPerSec {
  const { dirtyRate } = plan;
  return typeof dirtyRate === 'function' ? dirtyRate : () => dirtyRate;
}
