/**
 * QEMU's rule (migration.c): complete when nothing is pending, or when less is pending than the bandwidth moves within
 * the downtime limit; strictly less. There is no limit on rounds or time: a guest that dirties too fast never stops.
 * QEMU looks every 100 ms, this rule at the end of each round, where a bitmap has been read and the count is exact.
 */
import { atLeast, type BitsPerSec, type Millis, volumeMoved } from '@sluice/units';
import type { StopPolicy } from './stop-policy.ts';

export interface QemuLimits {
  /** downtime-limit; QEMU's default is 300 ms. */
  readonly downtimeLimit: Millis;
  /** avail-switchover-bandwidth; null = the rate of the round just sent. */
  readonly switchoverRate: BitsPerSec | null;
}

export const qemuStop =
  (limits: QemuLimits): StopPolicy =>
  (behind) => {
    if (behind.remaining === 0) return 'nothing_left';
    const fits = volumeMoved(limits.switchoverRate ?? behind.rate, limits.downtimeLimit);
    return atLeast(behind.remaining, fits) ? null : 'downtime_reachable';
  };
