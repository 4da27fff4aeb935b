/** What a source does for one migration, as the agents keep it. */
import type { EmulatedVm } from './emulated-vm.ts';

/** Layer-2 bytes on the wire per byte of TCP payload. */
export const WIRE_PER_PAYLOAD = 1.048;
/** Frame and page numbers, per byte of memory. */
export const PAYLOAD_PER_MEMORY = 4104 / 4096;

export interface Sending {
  readonly migrationId: string;
  readonly vm: EmulatedVm;
  readonly source: string;
  readonly destination: string;
  readonly startedMs: number;
  cap: number | null;
  nicRate: number | null;
  round: number;
  phase: 'round' | 'waiting' | 'stop_and_copy' | 'resuming' | 'postcopy';
  /** Memory bytes of the present round, and what the last bitmap left for the next. */
  sending: number;
  pending: number;
  switchoverAsked: boolean;
  roundStartedMs: number;
  pausedMs: number;
  /** Set when the VM runs at the destination before its memory is there. */
  resumedMs: number | null;
  /** Post-copy that waits for a new connection. */
  isInterrupted: boolean;
  transferred: number;
  patience: { cancel(): void } | null;
}

/** Whether something of it is on the network. */
export const isTransferring = ({ phase, isInterrupted }: Sending): boolean =>
  phase !== 'waiting' && phase !== 'resuming' && !isInterrupted;

/** Wire bits that the present round has to move. */
export const volumeOf = ({ sending }: Sending): number => sending * PAYLOAD_PER_MEMORY * WIRE_PER_PAYLOAD * 8;

/** Wire bit/s that the sender may use: its cap with its overhead, and no more than its class on the NIC. */
export const rateOf = ({ cap, nicRate }: Sending): number =>
  Math.min((cap ?? Number.POSITIVE_INFINITY) * WIRE_PER_PAYLOAD, nicRate ?? Number.POSITIVE_INFINITY);

/** The present round as a report tells it at its end. */
export const movedBy = ({ sending, roundStartedMs }: Sending, nowMs: number) => ({
  transferredBytes: Math.round(sending * PAYLOAD_PER_MEMORY),
  durationSec: (nowMs - roundStartedMs) / 1000,
  wireBytes: Math.round(sending * PAYLOAD_PER_MEMORY * WIRE_PER_PAYLOAD),
});
