/** Carries out one command of the controller. What goes wrong becomes a `migration_failed` report, never an exception. */
import { bitsPerSec } from '@sluice/units';
import type { Logger } from 'pino';
import type { AgentCommand, AgentReport } from './contract/index.ts';
import { DriverFailure, type HypervisorDriver } from './hypervisor.ts';
import type { MigrationReporter } from './migration-reporter.ts';
import type { Arrivals } from './nic/arrivals.ts';
import type { NicShaper } from './nic/shaping.ts';

interface Host {
  readonly driver: HypervisorDriver;
  readonly nic: NicShaper;
  readonly arrivals: Arrivals;
  readonly reporter: MigrationReporter;
  readonly publish: (report: AgentReport) => void;
  readonly log: Logger;
}

export async function carryOut(command: AgentCommand, host: Host): Promise<void> {
  host.log.info({ event: 'command', command });
  try {
    await perform(command, host);
  } catch (error) {
    const { migrationId } = command;
    const code = error instanceof DriverFailure ? error.code : 'internal';
    const detail = error instanceof Error ? error.message : String(error);
    host.log.warn({ event: 'command_failed', command, err: error });
    if (command.kind === 'cancel_migration' && code === 'unknown_migration') return; // Cancelled is cancelled.
    // The VM runs at the destination, with part of its memory still at the source: nothing has failed for good, and
    // the source goes on telling that it is interrupted.
    if (RECOVERY_COMMANDS.has(command.kind)) return;
    // A migration that runs here is ended, too; its own report then tells how.
    if (code === 'internal' && cancels(host.driver, migrationId, detail)) return;
    // A migration may have ended while this command was on its way: how it ended is told first.
    await host.reporter.settled();
    const side = command.kind === 'prepare_incoming' ? 'destination' : 'source';
    host.publish({
      kind: 'migration_failed',
      migrationId,
      side,
      code,
      detail,
      vmRunning: await runsHere(command, host),
    });
  }
}

async function perform(command: AgentCommand, { driver, nic, arrivals, publish }: Host): Promise<void> {
  const { migrationId } = command;
  switch (command.kind) {
    case 'prepare_incoming': {
      const { vmId, memoryBytes, wayBackBitsPerSec: wayBack, mechanism } = command;
      const { vmPort, ...prepared } = await driver.prepareIncoming({
        migrationId,
        vmId,
        memoryBytes,
        ...(mechanism && { mechanism }),
      });
      await keepFloor(command, nic);
      if (wayBack !== null)
        await nic.addIncoming(migrationId, prepared, wayBack === undefined ? wayBack : bitsPerSec(wayBack));
      if (vmPort !== undefined) await arrivals.expect(migrationId, vmPort);
      publish({ kind: 'incoming_prepared', migrationId, ...prepared });
      return;
    }
    case 'start_migration': {
      const { vmId, destination, rateCapBitsPerSec, mechanism } = command;
      const { storagePort, ...memory } = destination;
      const target = storagePort === undefined ? memory : { ...memory, storagePort };
      await keepFloor(command, nic);
      await nic.add(migrationId, target, nicRate(command));
      try {
        await driver.startMigration({
          migrationId,
          vmId,
          destination: target,
          rateCapBitsPerSec,
          ...(mechanism && { mechanism }),
        });
      } catch (error) {
        await nic.remove(migrationId);
        throw error;
      }
      return;
    }
    case 'next_round':
      await nic.setRate(migrationId, nicRate(command));
      driver.nextRound(migrationId, command.round, command.rateCapBitsPerSec);
      return;
    case 'begin_switchover':
      await nic.setRate(migrationId, nicRate(command));
      driver.beginSwitchover(migrationId, command.rateCapBitsPerSec, command.switchover);
      return;
    case 'start_postcopy':
      await nic.setRate(migrationId, nicRate(command));
      driver.startPostcopy(migrationId, command.rateCapBitsPerSec);
      return;
    case 'throttle_guest':
      driver.throttle(migrationId, command.share);
      return;
    case 'pause_postcopy':
      driver.pausePostcopy(migrationId);
      return;
    case 'prepare_recovery': {
      const { ip, port } = await driver.prepareRecovery(migrationId);
      await nic.remove(migrationId); // The old connection is dead; the new one has another port.
      await nic.addIncoming(migrationId, { ip, port });
      publish({ kind: 'incoming_prepared', migrationId, ip, port });
      return;
    }
    case 'recover_postcopy':
      await nic.remove(migrationId);
      await nic.add(migrationId, command.destination, nicRate(command));
      driver.recoverPostcopy(migrationId, command.destination, command.rateCapBitsPerSec);
      return;
    case 'set_rate_cap':
      // The class first, also when lowering: it is what the reservation promises to others.
      await nic.setRate(migrationId, nicRate(command));
      driver.setRateCap(migrationId, command.rateCapBitsPerSec);
      return;
    case 'cancel_migration':
      driver.cancel(migrationId, command.reason);
      return;
  }
}

/** Gone again when the migration is taken off the NIC. */
async function keepFloor(
  {
    migrationId,
    nicFloorBitsPerSec: floor,
  }: { readonly migrationId: string; readonly nicFloorBitsPerSec?: number | undefined },
  nic: NicShaper,
): Promise<void> {
  if (floor !== undefined) await nic.keepFloor(migrationId, bitsPerSec(floor));
}

const RECOVERY_COMMANDS: ReadonlySet<AgentCommand['kind']> = new Set([
  'pause_postcopy',
  'prepare_recovery',
  'recover_postcopy',
]);
function cancels(driver: HypervisorDriver, migrationId: string, reason: string): boolean {
  try {
    driver.cancel(migrationId, reason);
    return true;
  } catch {
    return false;
  }
}

const nicRate = ({ nicRateBitsPerSec }: { readonly nicRateBitsPerSec: number | null }) =>
  nicRateBitsPerSec === null ? null : bitsPerSec(nicRateBitsPerSec);

async function runsHere(command: AgentCommand, { driver }: Host): Promise<boolean> {
  if (!('vmId' in command)) return false;
  const vms = await driver.listVms().catch(() => []);
  return vms.some(({ vmId, state }) => vmId === command.vmId && state === 'running');
}
