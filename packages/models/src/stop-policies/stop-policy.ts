/** One interface for every rule that says when to stop the VM and send the rest. */
import type { Bytes } from '@sluice/units';

/** What a rule may look at when a round has ended. */
export interface RoundBehind {
  readonly round: number;
  /** Sent in this round, and in all so far. */
  readonly sent: Bytes;
  readonly sentTotal: Bytes;
  /** Dirtied meanwhile: what is still to send. */
  readonly remaining: Bytes;
}

export type StopReason = 'nothing_left' | 'downtime_reachable' | 'rounds_max';

/** null = go on. */
export type StopPolicy = (behind: RoundBehind) => StopReason | null;
