/**
 * How much memory a workload dirties in a stretch of time: the model V = min(w · T, working set) per phase. Bursts and
 * recorded traces are phases, too, so a stretch may cross thousands of them: whole rounds of a workload that repeats
 * are counted at once, and the first phase of a stretch is found by bisection.
 */
import { assert } from '@sluice/units';
import type { StoryPhase, StoryVm } from '../story/index.ts';

type Workload = Pick<StoryVm['workload'], 'repeat' | 'phases'>;
const PAGE_BYTES = 4096;

export class DirtyMemory {
  private readonly phases: readonly StoryPhase[];
  private readonly repeats: boolean;
  /** When each phase begins, counted from the beginning of the first. */
  private readonly starts: readonly number[];
  private readonly totalSec: number;
  /** Distinct bytes of all phases one after the other, and the largest of their working sets. */
  private readonly wholeBytes: number;
  private readonly largestSet: number;

  constructor({ phases, repeat }: Workload) {
    assert(phases.length > 0, 'a workload has at least one phase');
    this.phases = phases;
    this.repeats = repeat;
    const starts: number[] = [];
    let at = 0;
    for (const phase of phases) {
      starts.push(at);
      at += phase.durationSec;
    }
    this.starts = starts;
    this.totalSec = at;
    this.wholeBytes = phases.reduce((sum, phase) => sum + distinct(phase, phase.durationSec), 0);
    this.largestSet = phases.reduce((most, phase) => Math.max(most, setOf(phase)), 0);
  }

  /**
   * Distinct bytes written between two instants, whole pages. Working sets start at the beginning of memory, so the
   * union over phases is at most the largest of them.
   */
  dirtiedBytes(fromSec: number, toSec: number): number {
    let left = toSec - fromSec;
    if (left <= 0) return 0;
    let dirtied = 0;
    let largest = 0;
    let within = this.repeats ? fromSec % this.totalSec : fromSec;
    let index = this.indexAt(within);
    while (left > 0 && !(largest === this.largestSet && dirtied >= largest)) {
      if (this.repeats && index === 0 && within === 0 && left >= this.totalSec) {
        const times = Math.floor(left / this.totalSec);
        dirtied += times * this.wholeBytes;
        largest = this.largestSet;
        left -= times * this.totalSec;
        continue;
      }
      const phase = this.phaseOf(index);
      const lasts = this.endOf(index) - within;
      const duration = Math.min(left, lasts);
      dirtied += distinct(phase, duration);
      largest = Math.max(largest, setOf(phase));
      left -= duration;
      index = index + 1 < this.phases.length ? index + 1 : 0;
      within = this.starts[index] ?? 0;
    }
    return Math.floor(Math.min(dirtied, largest) / PAGE_BYTES) * PAGE_BYTES;
  }

  /** Stretches of one length dirty the same, wherever they begin. */
  get isConstant(): boolean {
    return this.phases.length === 1 && !this.repeats;
  }

  /** The phase in force `atSec` after the VM's start. */
  phaseAt(atSec: number): StoryPhase {
    return this.phaseOf(this.indexAt(this.repeats ? atSec % this.totalSec : atSec));
  }

  /** The last phase that has begun. */
  private indexAt(within: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= within) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  /** A last phase that is not followed by the first stays. */
  private endOf(index: number): number {
    const next = this.starts[index + 1];
    if (next !== undefined) return next;
    return this.repeats ? this.totalSec : Number.POSITIVE_INFINITY;
  }
  private phaseOf(index: number): StoryPhase {
    const phase = this.phases[index];
    assert(phase, `a workload has a phase ${index}`);
    return phase;
  }
}

/** What a phase writes to; one that writes nothing touches nothing. */
const setOf = (phase: StoryPhase): number => (phase.dirtyRateBytesPerSec > 0 ? phase.workingSetBytes : 0);

/** cyclic: every write meets a fresh page until the set is through. random: the expected number of distinct ones. */
function distinct(phase: StoryPhase, durationSec: number): number {
  const written = phase.dirtyRateBytesPerSec * durationSec;
  return phase.pattern === 'cyclic'
    ? Math.min(written, phase.workingSetBytes)
    : phase.workingSetBytes * (1 - Math.exp(-written / phase.workingSetBytes));
}
