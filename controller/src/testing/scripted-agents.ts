/** Agents that do at once what they are told, on a fake channel: enough of a hypervisor to see migrations through. */
import type { AgentCommand, AgentReport, VmProfile } from '@sluice/agents/contract';
import type { HostId } from '@sluice/topology';
import { createFakeAgentChannel, type FakeAgentChannel } from '../southbound/index.ts';

export interface ScriptedAgents {
  readonly channel: FakeAgentChannel;
  /** Tells the controller which VMs are where, as agents do when they start. */
  introduce(): void;
  /** From now on the source keeps silent after this round; `resume` lets it go on. */
  pauseAfterRound(round: number): void;
  resume(): void;
}

const MEMORY_BYTES = 64 << 20;
/** Dirtied during each round; less every time, so that pre-copy converges. */
const REMAINING_BYTES = [8 << 20, 2 << 20, 512 << 10, 128 << 10];

export const testVm = (vmId: string, index: number, state: VmProfile['state'] = 'running'): VmProfile => ({
  vmId,
  state,
  memoryBytes: MEMORY_BYTES,
  pageBytes: 4096,
  mac: `02:00:00:00:01:0${index}`,
  ip: `10.0.0.10${index}`,
  dirtyRateBytesPerSec: 500_000,
  workingSetBytes: 8 << 20,
  txBitsPerSec: 0,
  rxBitsPerSec: 0,
});

export function createScriptedAgents(
  vmsOfHost: Readonly<Record<string, readonly VmProfile[]>>,
): ScriptedAgents {
  const channel = createFakeAgentChannel();
  const vms = new Map(Object.values(vmsOfHost).flatMap((list) => list.map((vm) => [vm.vmId, vm] as const)));
  const destinations = new Map<string, { hostId: HostId; vmId: string }>();
  let pausedAfter = Number.POSITIVE_INFINITY;
  let whenResumed: (() => void)[] = [];

  const introduce = () => {
    for (const [hostId, list] of Object.entries(vmsOfHost))
      channel.report(hostId as HostId, {
        kind: 'host_profile',
        nic: { device: 'eth0', mac: '02:00:00:00:00:01', ip: '10.0.0.1', capacityBitsPerSec: 100e6 },
        vms: [...list],
      });
  };
  const finishRound = (source: HostId, migrationId: string, round: number) => {
    const remainingBytes = REMAINING_BYTES[Math.min(round, REMAINING_BYTES.length - 1)] ?? 0;
    const transferredBytes = round === 0 ? MEMORY_BYTES : (REMAINING_BYTES[round - 1] ?? 128 << 10);
    const durationSec = (transferredBytes * 8) / 50e6;
    const wireBytes = Math.round(transferredBytes * 1.05);
    const dirtyRateBytesPerSec = remainingBytes / durationSec;
    const report: AgentReport = {
      kind: 'round_finished',
      migrationId,
      round,
      transferredBytes,
      durationSec,
      wireBytes,
      remainingBytes,
      dirtyRateBytesPerSec,
    };
    if (round >= pausedAfter) whenResumed.push(() => channel.report(source, report));
    else channel.report(source, report);
  };
  const carryOut = (hostId: HostId, command: AgentCommand) => {
    const { migrationId } = command;
    const tell = (report: AgentReport) => channel.report(hostId, report);
    switch (command.kind) {
      case 'prepare_incoming':
        destinations.set(migrationId, { hostId, vmId: command.vmId });
        tell({ kind: 'incoming_prepared', migrationId, ip: '10.0.0.2', port: 40_001 });
        return;
      case 'start_migration':
        tell({ kind: 'migration_started', migrationId });
        finishRound(hostId, migrationId, 0);
        return;
      case 'next_round':
        finishRound(hostId, migrationId, command.round);
        return;
      case 'begin_switchover': {
        const destination = destinations.get(migrationId);
        const vm = vms.get(destination?.vmId ?? '');
        if (!destination || !vm) return;
        tell({ kind: 'vm_stopped', migrationId, remainingBytes: 128 << 10 });
        channel.report(destination.hostId, { kind: 'vm_resumed', migrationId, vm });
        tell({
          kind: 'migration_completed',
          migrationId,
          totalTimeSec: 12,
          downtimeSec: 0.05,
          transferredBytes: 80 << 20,
          stopAndCopy: { transferredBytes: 128 << 10, durationSec: 0.05, wireBytes: 140 << 10 },
          checkedPages: 16_384,
        });
        return;
      }
      case 'cancel_migration': {
        const side = destinations.get(migrationId)?.hostId === hostId ? 'destination' : 'source';
        const vmRunning = side === 'source';
        tell({
          kind: 'migration_failed',
          migrationId,
          side,
          code: 'cancelled',
          detail: command.reason,
          vmRunning,
        });
        return;
      }
      case 'set_rate_cap':
        tell({ kind: 'rate_cap_applied', migrationId, rateCapBitsPerSec: command.rateCapBitsPerSec });
    }
  };
  channel.onSend(({ hostId, command }) => carryOut(hostId, command));
  return {
    channel,
    introduce,
    pauseAfterRound: (round) => {
      pausedAfter = round;
    },
    resume: () => {
      pausedAfter = Number.POSITIVE_INFINITY;
      const waiting = whenResumed;
      whenResumed = [];
      for (const go of waiting) go();
    },
  };
}
