/** How much memory a workload dirties in a stretch of time: the model V = min(w · T, working set) per phase. */
import type { StoryPhase, StoryVm } from '../story/index.ts';

type Workload = StoryVm['workload'];
const PAGE_BYTES = 4096;

/** The phase in force `atSec` after the VM's start, and how long it still lasts (Infinity for a last one that stays). */
export function phaseAt(workload: Workload, atSec: number): { phase: StoryPhase; leftSec: number } {
  const total = workload.phases.reduce((sum, phase) => sum + phase.durationSec, 0);
  let within = workload.repeat ? atSec % total : atSec;
  let phase: StoryPhase | undefined;
  for (phase of workload.phases) {
    if (within < phase.durationSec) return { phase, leftSec: phase.durationSec - within };
    within -= phase.durationSec;
  }
  if (!phase) throw new RangeError('a workload has at least one phase');
  // Rounding may leave the modulus at the very end of the last phase: then the first begins.
  const first = workload.phases[0];
  return workload.repeat && first
    ? { phase: first, leftSec: first.durationSec }
    : { phase, leftSec: Number.POSITIVE_INFINITY };
}

/**
 * Distinct bytes written between two instants, whole pages. Working sets start at the beginning of memory, so the
 * union over phases is at most the largest of them.
 */
export function dirtiedBytes(workload: Workload, fromSec: number, toSec: number): number {
  let dirtied = 0;
  let largest = 0;
  let at = fromSec;
  while (at < toSec) {
    const { phase, leftSec } = phaseAt(workload, at);
    const duration = Math.min(leftSec, toSec - at);
    dirtied += distinct(phase, duration);
    if (phase.dirtyRateBytesPerSec > 0) largest = Math.max(largest, phase.workingSetBytes);
    at = duration > 0 && at + duration > at ? at + duration : toSec;
  }
  return Math.floor(Math.min(dirtied, largest) / PAGE_BYTES) * PAGE_BYTES;
}

/** cyclic: every write meets a fresh page until the set is through. random: the expected number of distinct ones. */
function distinct(phase: StoryPhase, durationSec: number): number {
  const written = phase.dirtyRateBytesPerSec * durationSec;
  return phase.pattern === 'cyclic'
    ? Math.min(written, phase.workingSetBytes)
    : phase.workingSetBytes * (1 - Math.exp(-written / phase.workingSetBytes));
}
