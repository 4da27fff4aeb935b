/** Floors that holds ask for, over time: at every instant the largest one counts. */
import type { FloorAsk } from './sums.ts';
import type { Stretch } from './timeline.ts';

/** The stretches of constant floor within a stretch, in order; 0 where none is asked for. */
export function floorsOver(
  asks: readonly FloorAsk[],
  { from, until }: Stretch,
): readonly (Stretch & { readonly value: number })[] {
  const edges = asks.flatMap((ask) => [ask.from, ask.until]).filter((time) => time > from && time < until);
  const begins = [from, ...[...new Set(edges)].sort((a, b) => a - b)];
  return begins.map((begin, index) => ({
    from: begin,
    until: begins[index + 1] ?? until,
    value: asks.reduce(
      (most, ask) => (ask.from <= begin && begin < ask.until ? Math.max(most, ask.floor) : most),
      0,
    ),
  }));
}
