/** What host agents find around them. */
import type { AgentReport, VmProfile } from '@sluice/agents/contract';
import type { EmulatedVm } from './emulated-vm.ts';

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
