/** Instants of the wall clock, which QEMU stamps its events with, on the monotonic clock of everything else here. */
import { monotonicMs } from '../traffic/index.ts';

/** The wall clock is read in whole milliseconds, so one of its ticks comes within this. */
const EXACT_MS = 0.05;
const READING_MAX_MS = 20;

/**
 * Monotonic time less wall time, in milliseconds. Every look at the wall clock between two at the other bounds it, also
 * when the processor is taken away in between; near a tick the bounds meet. Holds the processor for about two
 * milliseconds. True until somebody sets the wall clock, so it is read beside each event and never kept.
 */
export function wallOffsetMs(): number {
  const beganMs = monotonicMs();
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let before = beganMs; most - least > EXACT_MS && before - beganMs < READING_MAX_MS; ) {
    const wall = Date.now();
    const after = monotonicMs();
    least = Math.max(least, before - (wall + 1));
    most = Math.min(most, after - wall);
    before = after;
  }
  return (least + most) / 2;
}
