/**
 * Which pages a guest writes as time passes: phases of a rate within a working set, and bursts on top.
 * Pure but for its own position, which migrates with the VM, so phases go on at the destination where they were.
 */
import { type DirtyProfile, PAGE_BYTES } from '../config.ts';

/** After a stall (a paused or starved process) at most this much time is made up for; the rest is lost writes. */
export const DIRTY_CATCH_UP_MS = 100;

export interface DirtierPosition {
  /** Time the guest has run. */
  readonly elapsedMs: number;
  /** Part of a page that is due but not written. */
  readonly carryPages: number;
  readonly cursor: number;
  /** State of the random generator, never 0. */
  readonly random: number;
}

export const START: DirtierPosition = { elapsedMs: 0, carryPages: 0, cursor: 0, random: 0x9e3779b9 };

/** Advances by a time and calls `write` for each page that the guest writes in it; `throttle`: share it does not. */
export function advance(
  profile: DirtyProfile,
  from: DirtierPosition,
  passedMs: number,
  write: (page: number) => void,
  throttle = 0,
): DirtierPosition {
  const stepMs = Math.min(passedMs, DIRTY_CATCH_UP_MS);
  const phase = phaseAt(profile, from.elapsedMs);
  const rate = phase.dirtyRateBytesPerSec + burstRate(profile, from.elapsedMs);
  const workingSetPages = Math.max(1, Math.floor(phase.workingSetBytes / PAGE_BYTES));
  const due = from.carryPages + (rate * (1 - throttle) * stepMs) / 1000 / PAGE_BYTES;
  let { cursor, random } = from;
  for (let left = Math.floor(due); left > 0; left -= 1) {
    random = xorshift(random);
    cursor = phase.pattern === 'random' ? random % workingSetPages : (cursor + 1) % workingSetPages;
    write(cursor);
  }
  return { elapsedMs: from.elapsedMs + passedMs, carryPages: due - Math.floor(due), cursor, random };
}

function phaseAt(profile: DirtyProfile, elapsedMs: number): DirtyProfile['phases'][number] {
  const total = profile.phases.reduce((sum, phase) => sum + phase.durationSec * 1000, 0);
  let left = profile.repeat ? elapsedMs % total : elapsedMs;
  let present = profile.phases[0];
  for (const phase of profile.phases) {
    present = phase;
    if (left < phase.durationSec * 1000) break;
    left -= phase.durationSec * 1000;
  }
  if (present === undefined) throw new Error('broken promise: a dirty profile has at least one phase');
  return present;
}

function burstRate({ burst }: DirtyProfile, elapsedMs: number): number {
  if (burst === null) return 0;
  return elapsedMs % (burst.periodSec * 1000) < burst.durationSec * 1000 ? burst.dirtyRateBytesPerSec : 0;
}

/** Marsaglia's xorshift32: the next of a sequence of unsigned 32-bit numbers. */
function xorshift(state: number): number {
  let next = state;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  return next >>> 0;
}
