/**
 * CloudNet's smart stop-and-copy (Wood et al., VEE 2011): more rounds only cost time once what is left has stopped
 * shrinking, so wait until it is at a local minimum and stop there.
 *
 * Window, greed and local minimum are the paper's. That the rule wakes at the first round that leaves as much as it sent
 * is recollected, and that a tie counts as a minimum is ours.
 */
import type { RoundBehind, StopPolicy, StopReason } from './stop-policy.ts';
import { XEN_PAGES_MIN, XEN_SENT_FACTOR_MAX, xenPages } from './xen.ts';

export interface SmartStop {
  /** Rounds to look back; the paper found 5 best. */
  readonly window: number;
  /** Xen's guards stay in force. */
  readonly roundsMax: number;
}

export const CLOUDNET_WINDOW = 5;

export const smartStop =
  (limits: SmartStop): StopPolicy =>
  (behind) =>
    guard(behind, limits) ?? (isLocalMinimum(behind, limits.window) ? 'local_minimum' : null);

function guard(behind: RoundBehind, limits: SmartStop): StopReason | null {
  if (behind.remaining === 0) return 'nothing_left';
  if (behind.remaining < xenPages(XEN_PAGES_MIN)) return 'few_pages';
  if (behind.round + 1 >= limits.roundsMax) return 'rounds_max';
  return behind.sentTotal > XEN_SENT_FACTOR_MAX * behind.memory ? 'sent_too_much' : null;
}

/** Phase B only: some earlier round left as much as it sent, and now no more is left than in any of the window before. */
function isLocalMinimum({ rounds, remaining }: RoundBehind, window: number): boolean {
  const before = rounds.slice(0, -1);
  if (!before.some((round) => round.remaining >= round.sent)) return false;
  return before.slice(-window).every((round) => remaining <= round.remaining);
}
