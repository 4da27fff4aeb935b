/**
 * Turns a driver's events into reports, in the order in which they happened, adding what only the host knows: wire
 * bytes from the NIC's counters, the profile of the VM that arrived. One overtakes: while a VM stands still its users
 * wait for the network to follow, so its stop is told before a round whose bytes are still being counted. And that it
 * goes on at its source after all is told before its NIC is tidied up.
 */
import type { Logger } from 'pino';
import type { AgentReport } from './contract/index.ts';
import type { HypervisorEvent } from './hypervisor.ts';
import type { Arrivals } from './nic/arrivals.ts';
import type { RememberingNic } from './nic/remembered.ts';
import type { VmProfiles } from './vm-profiles.ts';

/** Layer-2 bytes per payload byte on a 1500 B MTU with TCP timestamps, for a NIC that does not count for us. */
export const WIRE_PER_PAYLOAD = 1.048;

export interface MigrationReporter {
  take(event: HypervisorEvent): void;
  /** Resolves when everything taken so far is published. */
  settled(): Promise<void>;
}

export function migrationReporter(options: {
  readonly nic: RememberingNic;
  readonly arrivals: Arrivals;
  readonly profiles: VmProfiles;
  readonly publish: (report: AgentReport) => void;
  readonly log: Logger;
}): MigrationReporter {
  const { nic, arrivals, profiles, publish, log } = options;
  /** Wire bytes at the end of the last round, per outgoing migration. */
  const countedBytes = new Map<string, number>();
  let queue: Promise<void> = Promise.resolve();
  /** Events in the queue that the stop of a VM must not overtake. */
  let ordered = 0;
  /** Migrations whose VM has stopped, and has not yet been heard of again. */
  const stopped = new Set<string>();

  async function wireBytes(migrationId: string, payloadBytes: number): Promise<number> {
    const total = await nic.wireBytes(migrationId).catch((error) => {
      log.error({ err: error, event: 'wire_bytes_failed', migrationId });
      return undefined;
    });
    if (total === undefined) return Math.round(payloadBytes * WIRE_PER_PAYLOAD);
    const before = countedBytes.get(migrationId) ?? 0;
    countedBytes.set(migrationId, total);
    return Math.max(0, total - before);
  }

  async function forget(migrationId: string): Promise<void> {
    countedBytes.delete(migrationId);
    stopped.delete(migrationId);
    await arrivals
      .forget(migrationId)
      .catch((error) => log.error({ err: error, event: 'arrival_forget_failed', migrationId }));
    await nic
      .remove(migrationId)
      .catch((error) => log.error({ err: error, event: 'nic_remove_failed', migrationId }));
  }

  async function translate(event: HypervisorEvent): Promise<AgentReport | undefined> {
    const { migrationId } = event;
    switch (event.kind) {
      case 'taken_up':
        await nic.restore(migrationId);
        log.info({ event: 'migration_taken_up', migrationId });
        return undefined;
      case 'started':
        return { kind: 'migration_started', migrationId };
      case 'round_finished':
        return { ...event, wireBytes: await wireBytes(migrationId, event.transferredBytes) };
      case 'rate_cap_applied':
      case 'vm_stopped':
        return event;
      case 'storage':
        await wireBytes(migrationId, 0); // Bytes of disks are no bytes of the round that follows.
        return { ...event, kind: 'storage_progress' };
      case 'postcopy':
        return { ...event, kind: 'postcopy_state' };
      case 'incoming_finished':
        await forget(migrationId);
        return undefined;
      case 'vm_resumed': {
        await arrivals
          .arrived(migrationId)
          .catch((error) => log.error({ err: error, event: 'arrival_failed', migrationId }));
        if (event.isPostcopy !== true) await forget(migrationId);
        const vm = (await profiles.list()).find(({ vmId }) => vmId === event.vmId);
        if (vm !== undefined) return { kind: 'vm_resumed', migrationId, vm };
        const detail = 'the VM was gone again before it could be reported';
        return {
          kind: 'migration_failed',
          migrationId,
          side: 'destination',
          code: 'internal',
          detail,
          vmRunning: false,
        };
      }
      case 'completed': {
        const { stopAndCopy, ...rest } = event;
        const wire = await wireBytes(migrationId, stopAndCopy.transferredBytes);
        await forget(migrationId);
        return { ...rest, kind: 'migration_completed', stopAndCopy: { ...stopAndCopy, wireBytes: wire } };
      }
      case 'failed': {
        const report: AgentReport = { ...event, kind: 'migration_failed' };
        if (!stopped.has(migrationId)) {
          await forget(migrationId);
          return report;
        }
        tell(report);
        await forget(migrationId);
        return undefined;
      }
    }
  }

  function tell(report: AgentReport): void {
    log.info({ event: report.kind, report });
    publish(report);
  }

  return {
    take(event) {
      if (event.kind === 'vm_stopped') stopped.add(event.migrationId);
      if (event.kind === 'vm_stopped' && ordered === 0) return tell(event);
      const isOvertaken = event.kind === 'round_finished';
      if (!isOvertaken) ordered += 1;
      queue = queue
        .then(async () => {
          const report = await translate(event);
          if (report !== undefined) tell(report);
        })
        .catch((error) => log.error({ err: error, event: 'report_failed' }))
        .finally(() => {
          if (!isOvertaken) ordered -= 1;
        });
    },
    settled: () => queue,
  };
}
