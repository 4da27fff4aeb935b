/** From parameters of the catalogue to the engine, and from its rounds to JSON; for every entry that plays a migration. */
import {
  type Bytes,
  type BytesPerSec,
  bitsPerSec,
  bytes,
  bytesPerSec,
  toMbitPerSec,
  toSeconds,
} from '@sluice/units';
import type { PrecopyRound } from '../../precopy.ts';
import { bdaPolicy, bdaRobustPolicy } from '../../rate-policies/bda.ts';
import { flat, type RatePolicy } from '../../rate-policies/rate-policy.ts';
import { xenCode, xenNsdi } from '../../rate-policies/xen.ts';
import type { JsonValue } from '../parameter.ts';

export type RatePolicyName = 'flat' | 'xen-nsdi' | 'xen-code' | 'bda' | 'bda-robust';

/** Xen's policies start at 100 Mbit/s, or at the limit where that is lower. */
export function ratePolicyNamed(name: RatePolicyName, rateMbitPerSec: number): RatePolicy {
  const rateMax = bitsPerSec(rateMbitPerSec * 1e6);
  const rateMin = bitsPerSec(Math.min(XEN_START_MBIT_PER_SEC, rateMbitPerSec) * 1e6);
  switch (name) {
    case 'flat':
      return flat(rateMax);
    case 'xen-nsdi':
      return xenNsdi({ rateMin, rateMax });
    case 'xen-code':
      return xenCode({ rateMin, rateMax });
    case 'bda':
      return bdaPolicy;
    case 'bda-robust':
      return bdaRobustPolicy;
  }
}

const XEN_START_MBIT_PER_SEC = 100;

export const dirtyRateOf = (mbitPerSec: number): BytesPerSec => bytesPerSec((mbitPerSec * 1e6) / 8);

/** The last rate of the list holds for all later rounds. */
export const dirtyRatesByRound =
  (mbitPerSec: readonly number[]) =>
  (round: number): BytesPerSec =>
    dirtyRateOf(mbitPerSec[Math.min(round, mbitPerSec.length - 1)] ?? 0);

export const workingSetOf = (workingSetBytes: number | null, memory: Bytes): Bytes =>
  workingSetBytes === null ? memory : bytes(workingSetBytes);

export const roundsJson = (rounds: readonly PrecopyRound[]): JsonValue =>
  rounds.map(({ phase, rate, duration, sent }) => ({
    phase,
    rateMbitPerSec: toMbitPerSec(rate),
    seconds: toSeconds(duration),
    megabits: (sent * 8) / 1e6,
  }));
