/**
 * A VM's disks over NBD: the destination exports its own, empty ones, the source mirrors into them. The mirror is
 * asynchronous until it has caught up, then synchronous where QEMU can change it (8.2): a write of the guest is done
 * when it is done on both sides. Before 8.2 it stays asynchronous and the rest follows while the guest is stopped.
 */
import type { MigrationNews, RateCap, SwitchoverTerms } from '../hypervisor.ts';
import type { Guest } from './guest.ts';
import { capBytesPerSec } from './parameters.ts';
import { QmpError } from './qmp/index.ts';
import { blockJobsSchema } from './replies.ts';

const POLL_PERIOD_MS = 100;
/** Looks from one word about it to the next: one second. */
const TELL_EVERY = 10;
/** What the stopped guest left unwritten is little; a destination that takes longer does not answer. */
const FINISH_LIMIT_MS = 10_000;
const BUFFER_BYTES = 1024 * 1024;
/**
 * What one write of the guest sends again at least. QEMU's own 64 KiB make sixteen times as much of a page that is
 * written; a bit for each 16 KiB is half a mebibyte of memory per 64 GiB of disk.
 */
const GRANULARITY_BYTES = 16 * 1024;

/** QEMU's flush of both disks and the last writes, measured: 0.1 to 0.25 s. */
const SETTLE_SEC = 0.25;

/** The guest stands still already while its disks are settled; memory has the rest of the limit, half of it at least. */
export const leavingTimeForDisks = ({
  downtimeLimitSec: limit,
  ...terms
}: SwitchoverTerms): SwitchoverTerms => ({
  ...terms,
  downtimeLimitSec: Math.max(limit / 2, limit - SETTLE_SEC),
});

export interface DiskCopy {
  /** Resolves when both sides hold the same and go on doing so. @rejects DiskFailure */
  readonly isSynchronous: Promise<void>;
  setRate(cap: RateCap): Promise<void>;
  /** With the guest stopped: the last writes, then the mirrors end. */
  finish(): Promise<void>;
  /** Ends the mirrors at once; the source's disks are untouched. Idempotent. */
  cancel(): Promise<void>;
}

export class DiskFailure extends Error {
  override readonly name = 'DiskFailure';
}

const jobOf = (disk: string): string => `sluice-${disk}`;

export function copyDisks(
  guest: Guest,
  target: {
    readonly ip: string;
    readonly port: number;
    readonly rateCapBitsPerSec: RateCap;
    readonly onProgress: (news: MigrationNews) => void;
  },
): DiskCopy {
  const { disks } = guest.record;
  const jobs = disks.map(jobOf);
  let isOver = false;

  const ours = async () =>
    (await guest.execute('query-block-jobs', {}, blockJobsSchema)).filter(({ device }) =>
      jobs.includes(device),
    );

  async function start(): Promise<void> {
    const speed = share(target.rateCapBitsPerSec, disks.length);
    for (const disk of disks)
      await guest.execute('drive-mirror', {
        'job-id': jobOf(disk),
        device: disk,
        target: `nbd://${target.ip}:${target.port}/${disk}`,
        sync: 'full',
        mode: 'existing',
        format: 'raw',
        speed,
        'buf-size': BUFFER_BYTES,
        granularity: GRANULARITY_BYTES,
        'copy-mode': 'background',
        'on-source-error': 'report',
        'on-target-error': 'report',
      });
    for (let looks = 0; ; looks += 1) {
      if (isOver) throw new DiskFailure('given up');
      const running = await ours();
      const lost = jobs.find((job) => !running.some(({ device }) => device === job));
      if (lost !== undefined) throw new DiskFailure(`the copy of disk ${lost} has ended`);
      const isReady = running.every(({ ready }) => ready);
      if (isReady || looks % TELL_EVERY === 0)
        target.onProgress({
          kind: 'storage',
          copiedBytes: sum(running.map(({ offset }) => offset)),
          totalBytes: sum(running.map(({ len }) => len)),
        });
      if (isReady) break;
      await pause(POLL_PERIOD_MS);
    }
    if (!guest.features.has('block_job_change')) return;
    for (const id of jobs)
      await guest.execute('block-job-change', { id, type: 'mirror', 'copy-mode': 'write-blocking' });
  }

  async function end(force: boolean): Promise<void> {
    isOver = true;
    const running = new Set((await ours()).map(({ device }) => device));
    const missing = jobs.find((job) => !running.has(job));
    if (!force && missing !== undefined)
      throw new DiskFailure(`the copy of disk ${missing} has ended before the switchover`);
    // Of a mirror that has caught up, cancelling without force means: finish, and stay with the source's disk.
    for (const device of running)
      await guest.execute('block-job-cancel', { device, force }).catch(ignoreMissing);
    for (const deadline = performance.now() + FINISH_LIMIT_MS; (await ours()).length > 0; ) {
      if (performance.now() > deadline)
        throw new DiskFailure(`disks are not settled in ${FINISH_LIMIT_MS} ms`);
      await pause(POLL_PERIOD_MS / 10);
    }
  }

  return {
    isSynchronous: start(),
    async setRate(cap) {
      const speed = share(cap, disks.length);
      for (const { device } of await ours())
        await guest.execute('block-job-set-speed', { device, speed }).catch(ignoreMissing);
    },
    finish: () => end(false),
    cancel: () => end(true),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Disks are copied side by side, each with its part of the cap. */
const share = (cap: RateCap, disks: number): number => Math.floor(capBytesPerSec(cap) / disks);

/** A job that has ended by itself meanwhile. */
function ignoreMissing(error: unknown): void {
  if (error instanceof QmpError && error.qmpClass === 'DeviceNotActive') return;
  throw error;
}

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));
