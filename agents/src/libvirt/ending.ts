/** How a migration's end shows, and what may still be missing then. */
import type { DriverFailureCode, MigrationNews } from '../hypervisor.ts';
import type { Domain } from './domain.ts';
import type { DomainState, JobStats } from './virsh-output.ts';

export type Ended = Extract<MigrationNews, { kind: 'completed' | 'failed' }>;

/** The statistics are told beside virsh's exit, not after it. */
export const STATS_LIMIT_MS = 5000;
/** A VM that stays runs again within milliseconds; a daemon that was restarted needs seconds. */
const SETTLE_LIMIT_MS = 10_000;
const PERIOD_MS = 50;

export async function waitForStats(look: () => JobStats | undefined): Promise<JobStats | undefined> {
  for (const deadline = performance.now() + STATS_LIMIT_MS; ; await pause()) {
    const stats = look();
    if (stats !== undefined || performance.now() > deadline) return stats;
  }
}

/** `sentAtStop`: bytes that had left when the VM stopped; undefined: the stop was not followed by a copy. */
export function completed(stats: JobStats | undefined, sentAtStop: number | undefined): Ended {
  if (stats === undefined || stats.downtimeMs === null)
    return {
      ...{ kind: 'failed', side: 'source', code: 'internal', vmRunning: false },
      detail: 'libvirt says that the VM has left, but not what its migration took',
    };
  const { transferredBytes, elapsedMs, downtimeMs } = stats;
  return {
    kind: 'completed',
    totalTimeSec: elapsedMs / 1000,
    downtimeSec: downtimeMs / 1000,
    transferredBytes,
    stopAndCopy: {
      transferredBytes: Math.max(0, transferredBytes - (sentAtStop ?? transferredBytes)),
      durationSec: downtimeMs / 1000,
    },
    checkedPages: 0,
  };
}

/** What the domain does once its migration has let go of it; undefined: it is not here, or nobody answers. */
export async function settledState(
  domain: Domain,
  { untilJobEnds = false } = {},
): Promise<DomainState | undefined> {
  for (const deadline = performance.now() + SETTLE_LIMIT_MS; ; await pause()) {
    const isLate = performance.now() > deadline;
    try {
      const state = await domain.state();
      if (state === undefined || isLate) return state;
      const isBusy = state === 'paused_migrating' || (untilJobEnds && (await hasJob(domain)));
      if (!isBusy) return state;
    } catch (error) {
      if (isLate) return undefined;
      if (!(error instanceof Error)) throw error;
    }
  }
}

const hasJob = async (domain: Domain): Promise<boolean> => (await domain.job()).operation === 'outgoing';

/** libvirt has one error for everything; its words say which. */
export function failureCodeOf(words: string, isStarted: boolean): DriverFailureCode {
  if (/unsupported configuration|Operation not supported|argument unsupported|not supported/i.test(words))
    return 'unsupported';
  if (/cancell?ed by (client|user)|Operation was cancell?ed|aborted by client/i.test(words))
    return 'cancelled';
  if (/cannot acquire state change lock|already exists with uuid|already active|is already/i.test(words))
    return 'busy';
  return isStarted ? 'connection_lost' : 'connect_failed';
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
