/** One interface for every rule that says when to stop the VM and send the rest. */
import type { BitsPerSec, Bytes, Millis } from '@sluice/units';

/** What a rule may look at when a round has ended. */
export interface RoundBehind {
  readonly round: number;
  /** Sent in this round, and in all so far. */
  readonly sent: Bytes;
  readonly sentTotal: Bytes;
  /** Dirtied meanwhile: what is still to send. */
  readonly remaining: Bytes;
  /** All memory of the VM. */
  readonly memory: Bytes;
  readonly rate: BitsPerSec;
  readonly duration: Millis;
  /** Every round so far, this one last. */
  readonly rounds: readonly { readonly sent: Bytes; readonly remaining: Bytes }[];
}

export type StopReason =
  | 'nothing_left'
  | 'downtime_reachable'
  | 'rounds_max'
  /** Xen: fewer than 50 pages were sent. */
  | 'few_pages'
  /** Xen: more than three times the memory. */
  | 'sent_too_much'
  /** Xen: the rate wanted is above the highest allowed, or it is reached and rounds still grow. */
  | 'rate_max'
  /** What is left is small enough. */
  | 'small_rest'
  /** CloudNet: what is left will not get less soon. */
  | 'local_minimum';

/** null = go on. */
export type StopPolicy = (behind: RoundBehind) => StopReason | null;
