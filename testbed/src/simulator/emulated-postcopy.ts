/**
 * Post-copy at a source: the VM moves first and its memory follows. The source tells how far it is; when nothing gets
 * through for a while its connection is gone, and it waits to be told where the destination listens anew.
 */
import type { AgentCommand, AgentReport } from '@sluice/agents/contract';
import type { AgentWorld } from './agent-world.ts';
import { PAYLOAD_PER_MEMORY, type Sending, WIRE_PER_PAYLOAD } from './emulated-sending.ts';

/** Between two reports of progress. */
const REPORT_MS = 1000;
/** Reports without a bit in between after which the connection counts as broken. */
const SILENT_REPORTS_MAX = 3;
/** Beside pausing and starting again there is nothing to do: the processors' state is small. */
const RESUME_MS = 8;

export interface PostcopyParts {
  readonly world: AgentWorld;
  isAt(sending: Sending): boolean;
  say(hostId: string, report: AgentReport): void;
  send(sending: Sending): void;
  resumeThere(sending: Sending): void;
}

export class EmulatedPostcopy {
  constructor(private readonly parts: PostcopyParts) {}

  /** What this round has not sent yet follows, and what was written meanwhile. */
  start(sending: Sending, command: Extract<AgentCommand, { kind: 'start_postcopy' }>): void {
    if (sending.phase !== 'round' && sending.phase !== 'waiting') return;
    const { world } = this.parts;
    const { vm, migrationId, source } = sending;
    const now = world.nowMs();
    sending.patience?.cancel();
    sending.patience = null;
    const left = sending.phase === 'round' ? this.takeOff(sending) : sending.pending;
    sending.cap = command.rateCapBitsPerSec;
    sending.nicRate = command.nicRateBitsPerSec;
    sending.phase = 'postcopy';
    sending.pausedMs = now;
    vm.pause(now);
    sending.sending = Math.min(vm.spec.memoryBytes, left + vm.readDirty(now).bytes);
    world.vmChanged(vm);
    this.parts.say(source, {
      kind: 'vm_stopped',
      migrationId,
      remainingBytes: Math.round(sending.sending),
    });
    world.after(RESUME_MS, () => {
      if (!this.parts.isAt(sending)) return;
      this.parts.resumeThere(sending);
      this.goOn(sending);
    });
  }

  /** Nothing more is sent until it is told where to. */
  pause(sending: Sending): void {
    if (sending.phase !== 'postcopy' || sending.isInterrupted) return;
    sending.isInterrupted = true;
    sending.sending = this.takeOff(sending);
    this.tell(sending, sending.sending);
  }

  recover(sending: Sending, command: Extract<AgentCommand, { kind: 'recover_postcopy' }>): void {
    if (!sending.isInterrupted) return;
    sending.isInterrupted = false;
    sending.cap = command.rateCapBitsPerSec;
    sending.nicRate = command.nicRateBitsPerSec;
    this.goOn(sending);
  }

  private goOn(sending: Sending): void {
    this.tell(sending, sending.sending);
    this.parts.send(sending);
    this.watch(sending, 0, 0);
  }

  private watch(sending: Sending, movedBefore: number, silent: number): void {
    this.parts.world.after(REPORT_MS, () => {
      if (!this.parts.isAt(sending) || sending.isInterrupted) return;
      const moved = this.movedBytes(sending);
      const silentNow = moved > movedBefore ? 0 : silent + 1;
      if (silentNow >= SILENT_REPORTS_MAX) {
        this.pause(sending);
        return;
      }
      this.tell(sending, sending.sending - moved);
      this.watch(sending, moved, silentNow);
    });
  }

  private tell(sending: Sending, remaining: number): void {
    this.parts.say(sending.source, {
      kind: 'postcopy_state',
      migrationId: sending.migrationId,
      state: sending.isInterrupted ? 'paused' : 'running',
      remainingBytes: Math.max(0, Math.round(remaining)),
    });
  }

  /** Ends the present transfer; what it has not moved is left. */
  private takeOff(sending: Sending): number {
    const moved = Math.min(this.movedBytes(sending), sending.sending);
    this.parts.world.stopTransfer(sending.migrationId);
    sending.transferred += Math.round(moved * PAYLOAD_PER_MEMORY);
    return sending.sending - moved;
  }
  /** Memory bytes of the present transfer that are there. */
  private movedBytes({ migrationId }: Sending): number {
    return this.parts.world.movedBits(migrationId) / (8 * PAYLOAD_PER_MEMORY * WIRE_PER_PAYLOAD);
  }
}
