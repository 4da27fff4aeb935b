/**
 * Host agents and their hypervisors in virtual time. They take the commands and send the reports of the agents'
 * contract; memory goes over the fluid network in rounds, and a round ends like a real one: read the dirty bitmap,
 * report, wait for the controller's decision, go on at the old cap when none comes.
 */
import type { AgentCommand, AgentReport } from '@sluice/agents/contract';
import { PAGE_BYTES } from '../story/workload.ts';
import type { AgentWorld } from './agent-world.ts';
import { EmulatedPostcopy } from './emulated-postcopy.ts';
import { isTransferring, movedBy, rateOf, type Sending, volumeOf } from './emulated-sending.ts';
import type { EmulatedVm } from './emulated-vm.ts';

/** A sender that hears nothing goes on by itself. */
const DECISION_WAIT_MS = 400;
/** What the destination does before it listens, and between the last byte and the first instruction. */
const PREPARE_MS = 15;
const RESUME_MS = 8;
const FIRST_PORT = 40_000;

export class EmulatedAgents {
  private readonly incoming = new Map<string, { hostId: string }>();
  private readonly sendings = new Map<string, Sending>();
  private readonly sourceOf = new Map<string, string>();
  private readonly dead = new Set<string>();
  private readonly ignoring = new Set<string>();
  private nextPort = FIRST_PORT;
  private readonly postcopy: EmulatedPostcopy;

  constructor(
    private readonly vms: ReadonlyMap<string, EmulatedVm>,
    private readonly world: AgentWorld,
  ) {
    this.postcopy = new EmulatedPostcopy({
      world,
      isAt: (sending) => this.sendings.get(sending.migrationId) === sending,
      say: (hostId, report) => this.say(hostId, report),
      send: (sending) => this.send(sending),
      resumeThere: (sending) => this.resumeThere(sending),
    });
  }

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
        this.withSending(command, (sending) => this.postcopy.start(sending, command));
        break;
      case 'pause_postcopy':
        this.withSending(command, (sending) => this.postcopy.pause(sending));
        break;
      case 'prepare_recovery':
        this.listen(hostId, command.migrationId);
        break;
      case 'recover_postcopy':
        this.withSending(command, (sending) => this.postcopy.recover(sending, command));
        break;
      case 'throttle_guest':
        this.withSending(command, ({ vm }) => vm.throttle(this.world.nowMs(), command.share));
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

  /** The switches send what is on its way along other links from now on. */
  rerouted(migrationId: string): void {
    const sending = this.sendings.get(migrationId);
    if (sending && isTransferring(sending)) this.retime(sending);
  }

  private prepare(hostId: string, command: Extract<AgentCommand, { kind: 'prepare_incoming' }>): void {
    const { migrationId, sourceHostId } = command;
    this.incoming.set(migrationId, { hostId });
    this.sourceOf.set(migrationId, sourceHostId);
    this.listen(hostId, migrationId);
  }

  /** Says where, as soon as it does. */
  private listen(hostId: string, migrationId: string): void {
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

  private withSending(
    { migrationId }: { readonly migrationId: string },
    action: (sending: Sending) => void,
  ): void {
    const sending = this.sendings.get(migrationId);
    if (sending) action(sending);
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
      isInterrupted: false,
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
    if (sending?.phase !== 'waiting' && sending?.phase !== 'round') return;
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
    if (isTransferring(sending)) this.retime(sending);
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
    const { transferredBytes, durationSec, wireBytes } = movedBy(sending, now);
    sending.transferred += transferredBytes;
    sending.pending = bytes;
    sending.phase = 'waiting';
    this.say(sending.source, {
      kind: 'round_finished',
      migrationId: sending.migrationId,
      round: sending.round,
      transferredBytes,
      durationSec,
      wireBytes,
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
    sending.phase = 'resuming';
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
