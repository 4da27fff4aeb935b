import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { AgentReport } from './contract/index.ts';
import type { HypervisorEvent } from './hypervisor.ts';
import { migrationReporter } from './migration-reporter.ts';
import { noArrivals } from './nic/arrivals.ts';
import { unshapedNic } from './nic/shaping.ts';

const round: HypervisorEvent = {
  ...{ kind: 'round_finished', migrationId: 'm', round: 3, transferredBytes: 1000, durationSec: 1 },
  ...{ remainingBytes: 500, dirtyRateBytesPerSec: 500 },
};
const stop: HypervisorEvent = { kind: 'vm_stopped', migrationId: 'm', remainingBytes: 500 };
const failure: HypervisorEvent = {
  ...{
    kind: 'failed',
    migrationId: 'm',
    side: 'source',
    code: 'connection_lost',
    detail: '',
    vmRunning: true,
  },
};

/** A reporter on a NIC that answers and lets go only when it is told to. */
function reporting() {
  const published: AgentReport['kind'][] = [];
  const done: string[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const nic = {
    wireBytes: async () => {
      await released;
      return 1100;
    },
    remove: async () => {
      await released;
      done.push('removed');
    },
  };
  const reporter = migrationReporter({
    nic: nic as never,
    arrivals: noArrivals,
    profiles: {} as never,
    publish: ({ kind }) => published.push(kind),
    log: pino({ level: 'silent' }),
  });
  return { reporter, published, done, release };
}

describe('reports of a migration', () => {
  it('tell the stop of a VM before a round whose bytes are still being counted', async () => {
    const { reporter, published, release } = reporting();
    reporter.take({ kind: 'started', migrationId: 'm' });
    await reporter.settled();
    reporter.take(round);
    reporter.take(stop);
    expect(published).toEqual(['migration_started', 'vm_stopped']);
    release();
    await reporter.settled();
    expect(published).toEqual(['migration_started', 'vm_stopped', 'round_finished']);
  });

  it('keep the stop behind everything else', async () => {
    const { reporter, published, release } = reporting();
    reporter.take(round);
    reporter.take({ kind: 'started', migrationId: 'm' });
    reporter.take(stop);
    expect(published).toEqual([]);
    release();
    await reporter.settled();
    expect(published).toEqual(['round_finished', 'migration_started', 'vm_stopped']);
  });

  it('tell that a stopped VM goes on at its source before the NIC is tidied up, and of others after', async () => {
    const [late, running] = [reporting(), reporting()];
    late.reporter.take(stop);
    for (const { reporter } of [late, running]) reporter.take(failure);
    await expect.poll(() => late.published).toEqual(['vm_stopped', 'migration_failed']);
    expect([late.done, running.published]).toEqual([[], []]);
    for (const { reporter, release } of [late, running]) {
      release();
      await reporter.settled();
    }
    expect(late.done).toEqual(['removed']);
    expect(running.published).toEqual(['migration_failed']);
  });

  it('bytes that left for a disk are no bytes of the round that follows', async () => {
    const reports: AgentReport[] = [];
    const counted = [9000, 10_000];
    const nic = {
      ...unshapedNic,
      wireBytes: async () => counted.shift(),
      restore: async () => undefined,
      migrations: () => [],
    };
    const reporter = migrationReporter({
      ...{ nic, arrivals: noArrivals, log: pino({ level: 'silent' }) },
      profiles: { list: async () => [], sample: async () => [] },
      publish: (report) => void reports.push(report),
    });
    reporter.take({ kind: 'storage', migrationId: 'm', copiedBytes: 8000, totalBytes: 8000 });
    reporter.take({
      ...{ kind: 'round_finished', migrationId: 'm', round: 0, transferredBytes: 900, durationSec: 1 },
      ...{ remainingBytes: 0, dirtyRateBytesPerSec: 0 },
    });
    await reporter.settled();
    expect(reports).toMatchObject([
      { kind: 'storage_progress' },
      { kind: 'round_finished', wireBytes: 1000 },
    ]);
  });
});
