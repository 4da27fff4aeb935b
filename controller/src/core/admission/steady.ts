/**
 * A pre-copy migration at a constant rate, in closed form: what the engine of the models would play round by round.
 * With ρ = dirty rate / rate, round i has V_i = min(ρ·M, V_wws)·ρ^(i−1) to send as long as ρ < 1, and the working set
 * from round 1 on when ρ ≥ 1. Admission tries many rates for every request, so the number of rounds must not matter.
 */
import { type BitsPerSec, type Bytes, type BytesPerSec, type Millis, millis } from '@sluice/units';

export interface SteadyPlan {
  readonly memory: Bytes;
  readonly dirtyRate: BytesPerSec;
  /** At most the memory. */
  readonly workingSet: Bytes;
  /** Payload, above 0. */
  readonly rate: BitsPerSec;
  /** What of the downtime limit is left for copying. */
  readonly stopAndCopyLimit: Millis;
  /** Rounds after round 0 at which the VM is stopped at the latest. */
  readonly roundsMax: number;
}

export interface SteadyResult {
  /** Rounds after round 0, without the stop-and-copy. */
  readonly rounds: number;
  readonly totalTime: Millis;
  readonly stopAndCopyTime: Millis;
}

export function steady(plan: SteadyPlan): SteadyResult {
  const { memory, rate, roundsMax } = plan;
  const ratio = (plan.dirtyRate * 8) / rate;
  const first = Math.min(ratio * memory, plan.workingSet);
  const shrink = Math.min(ratio, 1);
  const rounds = roundsUntil(first, shrink, (plan.stopAndCopyLimit * rate) / 8000, roundsMax);
  const rest = first * shrink ** rounds;
  const sent = memory + (shrink === 1 ? first * rounds : (first - rest) / (1 - shrink));
  const time = (volume: number) => (volume * 8000) / rate;
  return {
    rounds,
    totalTime: millis(time(sent) + time(rest)),
    stopAndCopyTime: millis(time(rest)),
  };
}

/** The first round after which no more than `enough` is left. */
function roundsUntil(first: number, shrink: number, enough: number, roundsMax: number): number {
  if (first <= enough) return 0;
  if (shrink === 1 || shrink === 0 || enough === 0) return shrink === 0 ? 1 : roundsMax;
  return Math.min(roundsMax, Math.ceil(Math.log(enough / first) / Math.log(shrink)));
}
