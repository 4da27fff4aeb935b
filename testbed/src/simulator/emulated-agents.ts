/**
 * Host agents and their hypervisors in virtual time. They take the commands and send the reports of the agents'
 * contract; memory goes over the fluid network in rounds, and a round ends like a real one: read the dirty bitmap,
 * report, wait for the controller's decision, go on at the old cap when none comes.
 */
import type { AgentCommand, AgentReport, VmProfile } from '@sluice/agents/contract';
import { PAGE_BYTES } from '../story/workload.ts';
import {
  movedBy,
  PAYLOAD_PER_MEMORY,
  rateOf,
  type Sending,
  volumeOf,
  WIRE_PER_PAYLOAD,
} from './emulated-sending.ts';
import type { EmulatedVm } from './emulated-vm.ts';

/** A sender that hears nothing goes on by itself. */
const DECISION_WAIT_MS = 400;
/** What the destination does before it listens, and between the last byte and the first instruction. */
const PREPARE_MS = 15;
const RESUME_MS = 8;
const FIRST_PORT = 40_000;

export interface AgentWorld {
  nowMs(): number;
  after(ms: number, action: () => void): { cancel(): void };
  /** Carries a report to the controller. */
  report(hostId: string, report: AgentReport): void;
  /** Starts or changes a transfer of memory between two hosts. */
  transfer(transfer: Transfer): void;
  stopTransfer(migrationId: string): void;
  /** Wire bits that the present transfer has moved. */
  movedBits(migrationId: string): number;
  addressOf(hostId: string): string;
  /** The VM stopped, moved or runs again: its traffic changes. */
  vmChanged(vm: EmulatedVm): void;
  /** It runs on another host than before. */
  vmMoved(vm: EmulatedVm, from: string): void;
  /** The set of VMs of these hosts is another one. */
  placesChanged(hostIds: readonly string[]): void;
  profile(vm: EmulatedVm): VmProfile;
}

export interface Transfer {
  readonly migrationId: string;
  readonly source: string;
  readonly destination: string;
  /** Wire bit/s: the sender's cap with its overhead, and no more than its class on the NIC. */
  readonly rate: number;
  /** Wire bits of this round. */
  readonly volume: number;
  readonly onDone: () => void;
}

export class EmulatedAgents {
  private readonly incoming = new Map<string, { hostId: string }>();
  private readonly sendings = new Map<string, Sending>();
  private readonly sourceOf = new Map<string, string>();
  private readonly dead = new Set<string>();
  private readonly ignoring = new Set<string>();
  private nextPort = FIRST_PORT;

  constructor(
    private readonly vms: ReadonlyMap<string, EmulatedVm>,
    private readonly world: AgentWorld,
  ) {}

  isAlive(hostId: string): boolean {
    return !this.dead.has(hostId);
  }

  handle(hostId: string, command: AgentCommand): void {
    if (this.dead.has(hostId)) return;
    switch (command.kind) {
      case 'prepare_incoming':
        this.prepare(hostId, command);
        break;
      case 'start_migration':
        this.start(hostId, command);
        break;
      case 'next_round':
        this.proceed(command, false);
        break;
      case 'begin_switchover':
        this.proceed(command, true);
        break;
      case 'set_rate_cap':
        this.setCap(hostId, command);
        break;
      case 'start_postcopy':
        this.startPostcopy(command);
        break;
      case 'cancel_migration':
        this.cancel(hostId, command.migrationId, 'cancelled', command.reason);
        break;
    }
  }

  /** The agent's process dies: VMs go on, its migrations end, the other side notices the closed connection. */
  kill(hostId: string): void {
    this.dead.add(hostId);
    for (const sending of [...this.sendings.values()])
      if (sending.source === hostId || sending.destination === hostId) {
        this.stop(sending);
        const other = sending.source === hostId ? sending.destination : sending.source;
        this.fail(other, sending.migrationId, 'connection_lost', `the agent of ${hostId} is gone`);
      }
    for (const [migrationId, { hostId: at }] of this.incoming)
      if (at === hostId) this.incoming.delete(migrationId);
  }

  /** It starts again and tells what runs here. */
  revive(hostId: string): void {
    if (this.dead.delete(hostId)) this.world.placesChanged([hostId]);
  }
  /** As if the next command to change a rate had been lost. */
  ignoreNextRate(hostId: string): void {
    this.ignoring.add(hostId);
  }

  private prepare(hostId: string, command: Extract<AgentCommand, { kind: 'prepare_incoming' }>): void {
    const { migrationId, sourceHostId } = command;
    this.incoming.set(migrationId, { hostId });
    this.sourceOf.set(migrationId, sourceHostId);
    this.world.after(PREPARE_MS, () => {
      if (!this.incoming.has(migrationId)) return;
      this.say(hostId, {
        kind: 'incoming_prepared',
        migrationId,
        ip: this.world.addressOf(hostId),
        port: this.nextPort++,
      });
    });
  }

  private start(hostId: string, command: Extract<AgentCommand, { kind: 'start_migration' }>): void {
    const { migrationId, vmId } = command;
    const vm = this.vms.get(vmId);
    const incoming = this.incoming.get(migrationId);
    if (!vm || vm.hostId !== hostId) {
      this.fail(hostId, migrationId, 'unknown_vm', `${vmId} is not here`);
      return;
    }
    if (!incoming) {
      this.fail(hostId, migrationId, 'connect_failed', 'nobody listens at the destination');
      return;
    }
    const now = this.world.nowMs();
    vm.watch(now);
    const sending: Sending = {
      migrationId,
      vm,
      source: hostId,
      destination: incoming.hostId,
      startedMs: now,
      cap: command.rateCapBitsPerSec,
      nicRate: command.nicRateBitsPerSec,
      round: 0,
      phase: 'round',
      sending: vm.spec.memoryBytes,
      pending: 0,
      switchoverAsked: false,
      roundStartedMs: now,
      pausedMs: 0,
      resumedMs: null,
      transferred: 0,
      patience: null,
    };
    this.sendings.set(migrationId, sending);
    this.say(hostId, { kind: 'migration_started', migrationId });
    this.send(sending);
  }

  private proceed(
    command: Extract<AgentCommand, { kind: 'next_round' | 'begin_switchover' }>,
    switchover: boolean,
  ): void {
    const sending = this.sendings.get(command.migrationId);
    if (!sending || sending.phase === 'stop_and_copy' || sending.phase === 'postcopy') return;
    sending.cap = command.rateCapBitsPerSec;
    sending.nicRate = command.nicRateBitsPerSec;
    if (sending.phase === 'waiting') this.decide(sending, switchover);
    else {
      sending.switchoverAsked ||= switchover;
      this.retime(sending);
    }
  }

  private setCap(hostId: string, command: Extract<AgentCommand, { kind: 'set_rate_cap' }>): void {
    if (this.ignoring.delete(hostId)) return;
    const sending = this.sendings.get(command.migrationId);
    if (!sending) return;
    sending.cap = command.rateCapBitsPerSec;
    sending.nicRate = command.nicRateBitsPerSec;
    if (sending.phase !== 'waiting') this.retime(sending);
    this.say(hostId, {
      kind: 'rate_cap_applied',
      migrationId: command.migrationId,
      rateCapBitsPerSec: command.rateCapBitsPerSec,
    });
  }

  private decide(sending: Sending, switchover: boolean): void {
    sending.patience?.cancel();
    sending.patience = null;
    if (switchover) {
      this.switchOver(sending);
      return;
    }
    sending.round += 1;
    sending.sending = sending.pending;
    sending.phase = 'round';
    this.send(sending);
  }

  private send(sending: Sending): void {
    sending.roundStartedMs = this.world.nowMs();
    this.retime(sending);
  }

  /** Puts the present round on the network, or changes its rate. */
  private retime(sending: Sending): void {
    const { migrationId, source, destination } = sending;
    this.world.transfer({
      migrationId,
      source,
      destination,
      rate: rateOf(sending),
      volume: volumeOf(sending),
      onDone: () => this.sent(sending),
    });
  }

  private sent(sending: Sending): void {
    switch (sending.phase) {
      case 'stop_and_copy':
        this.arrived(sending);
        break;
      case 'postcopy':
        this.complete(sending, movedBy(sending, this.world.nowMs()));
        break;
      default:
        this.roundDone(sending);
    }
  }

  private roundDone(sending: Sending): void {
    const now = this.world.nowMs();
    const { bytes, overSec } = sending.vm.readDirty(now);
    const moved = movedBy(sending, this.world.nowMs());
    sending.transferred += moved.transferredBytes;
    sending.pending = bytes;
    sending.phase = 'waiting';
    this.say(sending.source, {
      kind: 'round_finished',
      migrationId: sending.migrationId,
      round: sending.round,
      ...moved,
      remainingBytes: bytes,
      dirtyRateBytesPerSec: overSec > 0 ? bytes / overSec : 0,
    });
    if (sending.switchoverAsked) this.switchOver(sending);
    else sending.patience = this.world.after(DECISION_WAIT_MS, () => this.decide(sending, false));
  }

  private switchOver(sending: Sending): void {
    const now = this.world.nowMs();
    const { vm, migrationId, source } = sending;
    vm.pause(now);
    sending.pausedMs = now;
    sending.phase = 'stop_and_copy';
    sending.sending = Math.min(vm.spec.memoryBytes, sending.pending + vm.readDirty(now).bytes);
    this.world.vmChanged(vm);
    this.say(source, { kind: 'vm_stopped', migrationId, remainingBytes: sending.sending });
    this.send(sending);
  }

  /** The last byte of the stop-and-copy is there; the VM resumes a moment later. */
  private arrived(sending: Sending): void {
    const stopAndCopy = movedBy(sending, this.world.nowMs());
    this.world.after(RESUME_MS, () => {
      if (this.sendings.get(sending.migrationId) !== sending) return;
      this.resumeThere(sending);
      this.complete(sending, stopAndCopy);
    });
  }

  private resumeThere(sending: Sending): void {
    const { vm, migrationId, source, destination } = sending;
    const now = this.world.nowMs();
    sending.resumedMs = now;
    vm.resume(now, destination);
    this.world.vmMoved(vm, source);
    this.world.vmChanged(vm);
    this.say(destination, { kind: 'vm_resumed', migrationId, vm: this.world.profile(vm) });
  }

  private complete(sending: Sending, stopAndCopy: ReturnType<typeof movedBy>): void {
    const { vm, migrationId, source, destination } = sending;
    const now = this.world.nowMs();
    vm.throttle(now, 0);
    this.sendings.delete(migrationId);
    this.incoming.delete(migrationId);
    sending.transferred += stopAndCopy.transferredBytes;
    this.say(source, {
      kind: 'migration_completed',
      migrationId,
      totalTimeSec: (now - sending.startedMs) / 1000,
      downtimeSec: ((sending.resumedMs ?? now) - sending.pausedMs) / 1000,
      transferredBytes: sending.transferred,
      stopAndCopy,
      checkedPages: Math.floor(vm.spec.memoryBytes / PAGE_BYTES),
    });
    this.world.placesChanged([source, destination]);
  }

  /** The VM moves now and its memory follows: what this round has not sent yet, and what was written meanwhile. */
  private startPostcopy(command: Extract<AgentCommand, { kind: 'start_postcopy' }>): void {
    const sending = this.sendings.get(command.migrationId);
    if (!sending || (sending.phase !== 'round' && sending.phase !== 'waiting')) return;
    const { vm, migrationId, source } = sending;
    const now = this.world.nowMs();
    sending.patience?.cancel();
    sending.patience = null;
    const movedBytes = this.world.movedBits(migrationId) / (8 * PAYLOAD_PER_MEMORY * WIRE_PER_PAYLOAD);
    this.world.stopTransfer(migrationId);
    const left = sending.phase === 'round' ? Math.max(0, sending.sending - movedBytes) : sending.pending;
    sending.transferred += Math.round((sending.phase === 'round' ? movedBytes : 0) * PAYLOAD_PER_MEMORY);
    sending.cap = command.rateCapBitsPerSec;
    sending.nicRate = command.nicRateBitsPerSec;
    sending.phase = 'postcopy';
    sending.pausedMs = now;
    vm.pause(now);
    sending.sending = Math.min(vm.spec.memoryBytes, left + vm.readDirty(now).bytes);
    this.world.vmChanged(vm);
    this.say(source, {
      kind: 'vm_stopped',
      migrationId,
      remainingBytes: Math.round(sending.sending),
    });
    this.world.after(RESUME_MS, () => {
      if (this.sendings.get(migrationId) !== sending) return;
      this.resumeThere(sending);
      this.say(source, {
        kind: 'postcopy_state',
        migrationId,
        state: 'running',
        remainingBytes: Math.round(sending.sending),
      });
      this.send(sending);
    });
  }

  private cancel(
    hostId: string,
    migrationId: string,
    code: Extract<AgentReport, { kind: 'migration_failed' }>['code'],
    detail: string,
  ): void {
    const sending = this.sendings.get(migrationId);
    if (sending) this.stop(sending);
    this.incoming.delete(migrationId);
    this.fail(hostId, migrationId, code, detail);
  }

  /** The transfer ends and the VM goes on where it was. */
  private stop(sending: Sending): void {
    sending.patience?.cancel();
    this.sendings.delete(sending.migrationId);
    this.incoming.delete(sending.migrationId);
    this.world.stopTransfer(sending.migrationId);
    sending.vm.throttle(this.world.nowMs(), 0);
    if (sending.vm.state !== 'paused') return;
    sending.vm.resume(this.world.nowMs(), sending.source);
    this.world.vmChanged(sending.vm);
  }

  private fail(
    hostId: string,
    migrationId: string,
    code: Extract<AgentReport, { kind: 'migration_failed' }>['code'],
    detail: string,
  ): void {
    const isSource = this.sourceOf.get(migrationId) === hostId;
    this.say(hostId, {
      kind: 'migration_failed',
      migrationId,
      side: isSource ? 'source' : 'destination',
      code,
      detail,
      vmRunning: isSource,
    });
  }

  private say(hostId: string, report: AgentReport): void {
    if (!this.dead.has(hostId)) this.world.report(hostId, report);
  }
}
