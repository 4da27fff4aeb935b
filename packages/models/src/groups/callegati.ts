/**
 * Callegati, Cerroni: live migration of a set of equal VMs that serve together, one after the other (serial) or all at
 * once (parallel), over one channel. The closed forms exactly as printed: constant rates, no cap on what is dirtied.
 * Equation numbers are the paper's.
 */
import { type BitsPerSec, type Bytes, type BytesPerSec, type Millis, millis } from '@sluice/units';

export interface EqualVms {
  /** M */
  readonly vms: number;
  /** R: the whole channel. */
  readonly rate: BitsPerSec;
  /** V_m of each. */
  readonly memory: Bytes;
  /** V_th: a rest of at most this is sent with the VM stopped. */
  readonly threshold: Bytes;
  /** n_max: rounds after round 0; the last one is the stop-and-copy. */
  readonly roundsMax: number;
  /** T_res, counted once for the set. */
  readonly resume: Millis;
  /** m of figure 7: only so many VMs count for the serial downtime. All of them unless given. */
  readonly criticalVms?: number;
}

export interface SetTimes {
  /** n: n + 1 transfers of each VM. */
  readonly rounds: number;
  /** T_mig, without the resumption. */
  readonly totalTime: Millis;
  /** T_down: from the first stop to the last resumption. */
  readonly downtime: Millis;
}

/** λ = P·D/R for a VM that has the whole channel. */
export const dirtyRatioOf = (dirtyRate: BytesPerSec, rate: BitsPerSec): number => (dirtyRate * 8) / rate;

/** (6), (7): one VM after the other, each at the whole rate. `ratio` is λ. */
export function serial(of: EqualVms, ratio: number): SetTimes {
  const rounds = roundsNeeded(ratio, of);
  const unit = copyTime(of);
  const each = unit * powerSum(ratio, rounds);
  const critical = of.criticalVms ?? of.vms;
  return {
    rounds,
    totalTime: millis(of.vms * each),
    downtime: millis(unit * ratio ** rounds + (critical - 1) * each + of.resume),
  };
}

/** (8), (9): all at once, each at R/M, so that λ_j = M·λ. Above 1 the volumes grow and n is n_max. */
export function parallel(of: EqualVms, ratio: number): SetTimes {
  const shared = of.vms * ratio;
  const rounds = roundsNeeded(shared, of);
  const unit = of.vms * copyTime(of);
  return {
    rounds,
    totalTime: millis(unit * powerSum(shared, rounds)),
    downtime: millis(unit * shared ** rounds + of.resume),
  };
}

/** (4): min(⌈log_λ(V_th/V_m)⌉, n_max). Without dirtying one empty round is enough, as the ceiling gives in the limit. */
export function roundsNeeded(
  ratio: number,
  of: Pick<EqualVms, 'memory' | 'threshold' | 'roundsMax'>,
): number {
  if (of.threshold >= of.memory) return 0;
  if (ratio >= 1) return of.roundsMax;
  if (ratio === 0) return Math.min(1, of.roundsMax);
  return Math.min(
    Math.ceil(Math.log(of.threshold / of.memory) / Math.log(ratio) - POWER_SLACK),
    of.roundsMax,
  );
}

/** A threshold that is an exact power of λ must not cost a round for the last bit of a logarithm. */
const POWER_SLACK = 1e-12;

/** Σ λ^i for i = 0..n; the closed form of a geometric series divides by 0 at λ = 1. */
export function powerSum(ratio: number, rounds: number): number {
  let term = 1;
  let total = 0;
  for (let i = 0; i <= rounds; i += 1) {
    total += term;
    term *= ratio;
  }
  return total;
}

/** V_m/R in milliseconds. */
const copyTime = ({ memory, rate }: EqualVms): number => (memory * 8000) / rate;
