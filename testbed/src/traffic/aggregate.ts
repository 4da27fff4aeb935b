/** Figures over samples and echoes: goodput, loss, silence. Pure, so that a window can be cut out afterwards. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { Echo, Sample, Window } from './sample.ts';

/** Payload rate within the window; a sample that lies partly inside counts with that part. */
export function goodput(samples: readonly Sample[], window: Window): BitsPerSec {
  const lengthMs = window.toMs - window.fromMs;
  if (!(lengthMs > 0))
    throw new RangeError(`a window from ${window.fromMs} to ${window.toMs} ms has no length`);
  const bytes = samples.reduce((total, sample) => total + sample.bytes * shareInside(sample, window), 0);
  return bitsPerSec((bytes * 8 * 1000) / lengthMs);
}

/** Lost packets over sent ones within the window; 0 when nothing was sent. */
export function lossFraction(samples: readonly Sample[], window: Window): number {
  const weigh = (pick: (sample: Sample) => number) =>
    samples.reduce((total, sample) => total + pick(sample) * shareInside(sample, window), 0);
  const lost = Math.max(
    0,
    weigh((sample) => sample.lost),
  );
  const came = weigh((sample) => sample.packets);
  return lost + came === 0 ? 0 : lost / (lost + came);
}

export interface Gap {
  /** When the last answer before the silence came, and the first after it. */
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number;
  /** Probes between the two that were never answered. */
  readonly missed: number;
}

/** Every silence of at least `minMs` between two answers, in order of time. */
export function gaps(echoes: readonly Echo[], minMs: number): readonly Gap[] {
  const ordered = [...echoes].sort((a, b) => a.receivedMs - b.receivedMs);
  return ordered
    .slice(1)
    .map((next, index) => gapBetween(ordered[index] ?? next, next))
    .filter((gap) => gap.durationMs >= minMs);
}

/** The longest silence that overlaps the window; null with fewer than two answers. */
export function longestGap(echoes: readonly Echo[], window?: Window): Gap | null {
  const inside = gaps(echoes, 0).filter(
    (gap) => window === undefined || (gap.endMs > window.fromMs && gap.startMs < window.toMs),
  );
  return inside.reduce<Gap | null>(
    (longest, gap) => (longest === null || gap.durationMs > longest.durationMs ? gap : longest),
    null,
  );
}

const gapBetween = (before: Echo, after: Echo): Gap => ({
  startMs: before.receivedMs,
  endMs: after.receivedMs,
  durationMs: after.receivedMs - before.receivedMs,
  missed: Math.max(0, after.seq - before.seq - 1),
});

function shareInside(sample: Sample, window: Window): number {
  const lengthMs = sample.atMs - sample.sinceMs;
  if (!(lengthMs > 0)) return 0;
  const inside = Math.min(sample.atMs, window.toMs) - Math.max(sample.sinceMs, window.fromMs);
  return Math.max(0, inside) / lengthMs;
}
