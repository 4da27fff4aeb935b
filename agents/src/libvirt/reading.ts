/** libvirt's job statistics as a reading of QEMU's counters, which is what progress is told from. */
import type { MigrationStatus, Snapshot } from '../qemu/migration-status.ts';
import type { DomainState, JobStats } from './virsh-output.ts';

const UNKNOWN = { downtimeBytes: 0, totalTimeMs: null, downtimeMs: null, error: null } as const;

export const NOTHING_SEEN: Snapshot = {
  ...{ status: 'setup', transferredBytes: 0, remainingBytes: 0, dirtySyncCount: 0 },
  ...UNKNOWN,
};

export const snapshotOf = (job: JobStats, state: DomainState | undefined): Snapshot => ({
  status: statusOf(state),
  transferredBytes: job.transferredBytes,
  remainingBytes: job.remainingBytes,
  dirtySyncCount: job.iteration,
  ...UNKNOWN,
});

const statusOf = (state: DomainState | undefined): MigrationStatus => {
  if (state === 'left_postcopy') return 'postcopy-active';
  return state === 'left_postcopy_interrupted' ? 'postcopy-paused' : 'active';
};
