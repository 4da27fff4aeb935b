/** QEMU tells the end of a migration a little before everything about it is true. */
import type { MigrationNews } from '../hypervisor.ts';
import type { Guest } from './guest.ts';
import { hasItsTimes, type Snapshot } from './migration-status.ts';

/** QEMU's times follow `completed` within milliseconds. */
const TIMES_LIMIT_MS = 5000;
const PERIOD_MS = 20;
/** A VM that stays runs again within milliseconds of `cancelled` or `failed`. */
const RESUME_LIMIT_MS = 1000;

export type Ending = Extract<MigrationNews, { kind: 'completed' | 'failed' }>;

/** `lastBytes`: sent while the VM was stopped. */
export function completedNews(seen: Snapshot, disksMs: number, lastBytes: number): Ending {
  const downtimeSec = (seen.downtimeMs ?? 0) / 1000;
  return {
    kind: 'completed',
    totalTimeSec: ((seen.totalTimeMs ?? 0) + disksMs) / 1000,
    downtimeSec,
    transferredBytes: seen.transferredBytes,
    stopAndCopy: { transferredBytes: lastBytes, durationSec: downtimeSec },
    checkedPages: null,
  };
}

export const completedWithoutTimes = (runState: string): Ending => ({
  ...{ kind: 'failed', side: 'source', code: 'internal' },
  detail: `QEMU says completed, but without its times for ${TIMES_LIMIT_MS} ms`,
  vmRunning: runState === 'running',
});

/** The first reading after `completed` that has its times; after the limit, one that has not. */
export async function withItsTimes(guest: Guest, first: Snapshot): Promise<Snapshot> {
  let seen = first;
  for (const deadline = performance.now() + TIMES_LIMIT_MS; performance.now() < deadline; ) {
    // The two times are not written at the same instant: a downtime of 0 is believed when it is read twice.
    const before = seen;
    if (hasItsTimes(seen) && (seen.downtimeMs ?? 0) > 0) return seen;
    await pause(PERIOD_MS);
    seen = await guest.snapshot();
    if (hasItsTimes(before)) return seen;
  }
  return seen;
}

/** Whether and how the VM runs once a migration that did not succeed has let go of it. */
export async function settledRunState(guest: Guest): Promise<string> {
  for (const deadline = performance.now() + RESUME_LIMIT_MS; ; await pause(PERIOD_MS)) {
    const runState = await guest.runState();
    if (runState !== 'finish-migrate' || performance.now() > deadline) return runState;
  }
}

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));
