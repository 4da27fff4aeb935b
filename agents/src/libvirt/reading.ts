/** libvirt's job statistics as a reading of QEMU's counters, which is what progress is told from. */
import type { MigrationStatus, Snapshot } from '../qemu/migration-status.ts';
import type { DomainState, JobStats } from './virsh-output.ts';

export interface Reading extends Snapshot {
  readonly atMs: number;
}

export interface RoundEnd {
  readonly dirtyRateBytesPerSec: number;
  readonly atMs: number;
}

const UNKNOWN = { downtimeBytes: 0, totalTimeMs: null, downtimeMs: null, error: null } as const;

export const NOTHING_SEEN: Reading = {
  ...{ status: 'setup', transferredBytes: 0, remainingBytes: 0, dirtySyncCount: 0, atMs: 0 },
  ...UNKNOWN,
};

export const readingOf = (job: JobStats, state: DomainState | undefined): Reading => ({
  status: statusOf(state),
  transferredBytes: job.transferredBytes,
  remainingBytes: job.remainingBytes,
  dirtySyncCount: job.iteration,
  atMs: performance.now(),
  ...UNKNOWN,
});

/**
 * What was sent and what is left at the stop, which is told at once and not asked about: the last reading, moved on by
 * what the stream carries and what the guest has dirtied since its round began.
 */
export function estimateAtStop(
  last: Reading,
  sentBytesPerSec: number,
  round: RoundEnd,
  nowMs: number = performance.now(),
): { readonly transferredBytes: number; readonly remainingBytes: number } {
  const since = Math.round((sentBytesPerSec * (nowMs - last.atMs)) / 1000);
  const sent = Math.min(since, last.remainingBytes);
  const dirtied = Math.round((round.dirtyRateBytesPerSec * (nowMs - round.atMs)) / 1000);
  return {
    transferredBytes: last.transferredBytes + sent,
    remainingBytes: Math.max(last.remainingBytes - sent, dirtied),
  };
}

const statusOf = (state: DomainState | undefined): MigrationStatus => {
  if (state === 'left_postcopy') return 'postcopy-active';
  return state === 'left_postcopy_interrupted' ? 'postcopy-paused' : 'active';
};
