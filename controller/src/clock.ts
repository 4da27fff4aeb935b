/** The runtime's time: a monotonic instant for decisions, wall-clock text for people. Nothing compares the second. */
import { type Instant, instant } from '@sluice/units';

export interface RuntimeClock {
  now(): Instant;
  wallMs(): number;
  /** An instant as people write it, as good as the machine's wall clock was when the process started. */
  iso(at: Instant): string;
}

/** CLOCK_MONOTONIC: the same in every process of the machine, so that a prober's log can be laid beside ours. */
export function systemClock(): RuntimeClock {
  const monotonicMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;
  const offset = Date.now() - monotonicMs();
  return {
    now: () => instant(monotonicMs()),
    wallMs: () => Date.now(),
    iso: (at) => new Date(at + offset).toISOString(),
  };
}
