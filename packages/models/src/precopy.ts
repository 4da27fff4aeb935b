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
  bitsPerSec,
  bytes,
  bytesPerSec,
  type Joules,
  joules,
  type Millis,
  smaller,
  transferTime,
  ZERO,
} from '@sluice/units';
import { type EnergyModel, energyOf } from './energy.ts';
import { isProfile, meanOver, type Profile, timeToMove } from './profile.ts';
import type { RatePolicy } from './rate-policies/rate-policy.ts';
import type { StopPolicy, StopReason } from './stop-policies/stop-policy.ts';

export interface PrecopyPlan {
  readonly memory: Bytes;
  /** w: constant, by round, or over time for a VM whose behaviour changes. */
  readonly dirtyRate: BytesPerSec | ((round: number) => BytesPerSec) | Profile<'byte/s'>;
  /** V_wws: dirtying never leaves this much of the memory. */
  readonly workingSet: Bytes;
  readonly free: BitsPerSec;
  /** What the path really gives over time; a transfer runs at this where less than its rate is there. */
  readonly pathRate?: Profile<'bit/s'>;
  readonly ratePolicy: RatePolicy;
  readonly stopPolicy: StopPolicy;
  /** A memory of at most this is sent with the VM stopped, without any round before. */
  readonly coldBelow?: Bytes;
  readonly switchoverRate: BitsPerSec | 'last_rate';
  /** T_CM and T_AT of the downtime; 0 unless given. */
  readonly commit?: Millis;
  readonly activation?: Millis;
  readonly energy?: EnergyModel;
}

export interface PrecopyRound {
  /** The stop-and-copy carries the number after the last pre-copy round. */
  readonly round: number;
  readonly phase: 'precopy' | 'stop_and_copy';
  /** As granted; the mean where the path gave less for some time. */
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
  /** T_MMT: all transfers. Commit and activation come on top. */
  readonly totalTime: Millis;
  /** Duration of the stop-and-copy. */
  readonly stopAndCopyTime: Millis;
  /** T_DT and its parts. */
  readonly downtime: Millis;
  readonly downtimeParts: DowntimeParts;
  readonly sent: Bytes;
  /** Of all transfers; null without a model of it. */
  readonly energy: Joules | null;
}

export interface DowntimeParts {
  readonly stopAndCopy: Millis;
  readonly commit: Millis;
  readonly activation: Millis;
}

/** A plan whose stop rule never fires ends here, so that a prediction always returns. */
export const ENGINE_ROUNDS_MAX = 10_000;

/** Plays a migration through. Throws RangeError when a transfer would never end. */
export function precopy(plan: PrecopyPlan): PrecopyResult {
  const { memory, free, ratePolicy, stopPolicy } = plan;
  const rounds: PrecopyRound[] = [];
  const dirtyRates: BytesPerSec[] = [dirtyRateAt(plan, 0, ZERO.millis, ZERO.millis)];
  const collected: BytesPerSec[] = [];
  let remaining = memory;
  let elapsed: Millis = ZERO.millis;
  let sentTotal: Bytes = ZERO.bytes;
  let energy = 0;
  let rate: BitsPerSec | null = null;
  let stopReason: PrecopyResult['stopReason'] | null =
    plan.coldBelow !== undefined && memory <= plan.coldBelow ? 'small_rest' : null;
  while (stopReason === null) {
    const round = rounds.length;
    rate = ratePolicy({ round, remaining, dirtyRates, collected, free, elapsed });
    const moved = transfer(plan, remaining, rate, elapsed);
    const dirtyRate = dirtyRateAt(plan, round, elapsed, moved.duration);
    const dirtied = dirtiedIn(dirtyRate, moved.duration, plan.workingSet);
    const entry = {
      round,
      phase: 'precopy',
      rate: moved.rate,
      sent: remaining,
      duration: moved.duration,
      remaining: dirtied,
    } as const;
    rounds.push(entry);
    elapsed = add(elapsed, moved.duration);
    sentTotal = add(sentTotal, remaining);
    energy += moved.energy;
    dirtyRates.push(dirtyRate);
    collected.push(bytesPerSec(moved.duration === 0 ? 0 : (dirtied * 1000) / moved.duration));
    stopReason = stopPolicy({
      round,
      sent: remaining,
      sentTotal,
      remaining: dirtied,
      memory,
      rate: moved.rate,
      duration: moved.duration,
      rounds,
    });
    if (rounds.length >= ENGINE_ROUNDS_MAX) stopReason ??= 'engine_limit';
    remaining = dirtied;
  }
  const lastRate = plan.switchoverRate === 'last_rate' ? (rate ?? free) : plan.switchoverRate;
  const last = transfer(plan, remaining, lastRate, elapsed);
  rounds.push({
    round: rounds.length,
    phase: 'stop_and_copy',
    rate: last.rate,
    sent: remaining,
    duration: last.duration,
    remaining: ZERO.bytes,
  });
  const downtimeParts = {
    stopAndCopy: last.duration,
    commit: plan.commit ?? ZERO.millis,
    activation: plan.activation ?? ZERO.millis,
  };
  return {
    rounds,
    stopReason,
    totalTime: add(elapsed, last.duration),
    stopAndCopyTime: last.duration,
    downtime: add(add(last.duration, downtimeParts.commit), downtimeParts.activation),
    downtimeParts,
    sent: add(sentTotal, remaining),
    energy: plan.energy === undefined ? null : joules(energy + last.energy),
  };
}

/** min(w·T, V_wws) */
export const dirtiedIn = (rate: BytesPerSec, duration: Millis, workingSet: Bytes): Bytes =>
  smaller(bytes((rate * duration) / 1000), workingSet);

interface Transfer {
  readonly rate: BitsPerSec;
  readonly duration: Millis;
  /** Joules; 0 without a model. */
  readonly energy: number;
}

function transfer(plan: PrecopyPlan, volume: Bytes, rate: BitsPerSec, from: Millis): Transfer {
  if (plan.pathRate !== undefined) return transferOver(plan.pathRate, { plan, volume, rate, from });
  const duration = transferTime(volume, rate);
  return { rate, duration, energy: plan.energy === undefined ? 0 : energyOf(rate, duration, plan.energy) };
}

function transferOver(
  pathRate: Profile<'bit/s'>,
  of: {
    readonly plan: PrecopyPlan;
    readonly volume: Bytes;
    readonly rate: BitsPerSec;
    readonly from: Millis;
  },
): Transfer {
  const { plan, volume, rate, from } = of;
  const { duration, ran } = timeToMove(pathRate, { volume: volume * 8, asked: rate, from });
  const model = plan.energy;
  let energy = 0;
  if (model !== undefined)
    for (const { value, length } of ran) energy += energyOf(bitsPerSec(value), length as Millis, model);
  return { rate: duration === 0 ? rate : bitsPerSec((volume * 8000) / duration), duration, energy };
}

/** w over a round; of a profile its mean there, so that w·T is what is dirtied. */
function dirtyRateAt(plan: PrecopyPlan, round: number, from: Millis, duration: Millis): BytesPerSec {
  const { dirtyRate } = plan;
  if (typeof dirtyRate === 'number') return dirtyRate;
  if (isProfile<'byte/s'>(dirtyRate)) return bytesPerSec(meanOver(dirtyRate, from, duration));
  return (dirtyRate as (round: number) => BytesPerSec)(round);
}
