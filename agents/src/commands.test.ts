import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { carryOut } from './commands.ts';
import type { AgentReport } from './contract/index.ts';
import { HostMigrations } from './host-migrations.ts';
import type { HypervisorDriver, HypervisorEvent } from './hypervisor.ts';
import { migrationReporter } from './migration-reporter.ts';
import { noArrivals } from './nic/arrivals.ts';
import { unshapedNic } from './nic/shaping.ts';

const COMPLETED: HypervisorEvent = {
  ...{ kind: 'completed', migrationId: 'm', totalTimeSec: 9, downtimeSec: 0.1, transferredBytes: 1000 },
  ...{ stopAndCopy: { transferredBytes: 0, durationSec: 0.1 }, checkedPages: null },
};

/** A host whose NIC answers when it is let to, and on which no migration runs any more. */
function quietHost() {
  const reports: AgentReport[] = [];
  let count: (bytes: number) => void = () => undefined;
  const counted = new Promise<number>((resolve) => {
    count = resolve;
  });
  const nic = {
    ...unshapedNic,
    wireBytes: () => counted,
    restore: async () => undefined,
    migrations: () => [],
  };
  const migrations = new HostMigrations<{ setRateCap(): void }, never>();
  // What a command to a migration needs of a driver.
  const driver = {
    setRateCap: (migrationId: string) => migrations.outgoing(migrationId).setRateCap(),
    listVms: async () => [],
  } as unknown as HypervisorDriver;
  const log = pino({ level: 'silent' });
  const publish = (report: AgentReport) => void reports.push(report);
  const profiles = { list: async () => [], sample: async () => [] };
  const reporter = migrationReporter({ nic, arrivals: noArrivals, profiles, publish, log });
  return {
    reports,
    count: (bytes: number) => count(bytes),
    reporter,
    host: { driver, nic, arrivals: noArrivals, reporter, publish, log },
  };
}

describe('a command to a migration that has ended meanwhile', () => {
  it('is answered after its end has been told', async () => {
    const { reports, count, reporter, host } = quietHost();
    reporter.take(COMPLETED);
    const late = carryOut(
      { kind: 'set_rate_cap', migrationId: 'm', rateCapBitsPerSec: 1e6, nicRateBitsPerSec: null },
      host,
    );
    count(1100);
    await late;
    expect(reports.map(({ kind }) => kind)).toEqual(['migration_completed', 'migration_failed']);
    expect(reports[1]).toMatchObject({ code: 'unknown_migration' });
  });
});
