/** When a rate that the controller has changed is on the wire. */
import type { Watch } from './observe.ts';

export interface Settling {
  readonly round: number;
  readonly from: number;
  readonly to: number;
  /** From the announcement until the end of the first interval at the new rate; null: not before the next change. */
  readonly afterMs: number | null;
}

/** QEMU paces in steps of 100 ms; in less than two of them there is no rate. */
const INTERVAL_MS = 200;
const TOLERANCE = 0.1;
const LASTING_MS = 600;

/** Changes that lasted long enough to be seen; the edges of a round, where the stream pauses, are part of it. */
export function settlings({ events, ratesOf }: Watch, migration: string): readonly Settling[] {
  const own = events.filter((event) => event.subject === migration);
  const ends = own.filter(({ type }) => type === 'rate_changed' || type === 'vm_stopped');
  return own
    .filter(({ type }) => type === 'rate_changed')
    .flatMap((event) => {
      const toMs = ends.find((next) => next.atMs > event.atMs)?.atMs ?? event.atMs;
      if (toMs - event.atMs < LASTING_MS) return [];
      const to = Number(event.data.toBitsPerSec);
      const there = ratesOf(MIGRATION_QUEUE, { fromMs: event.atMs, toMs }, INTERVAL_MS).find(
        ({ least, most }) => least <= to * (1 + TOLERANCE) && most >= to * (1 - TOLERANCE),
      );
      return [
        {
          round: Number(event.data.round),
          from: Number(event.data.fromBitsPerSec),
          to,
          afterMs: there ? Math.round(there.untilMs - event.atMs) : null,
        },
      ];
    });
}

const MIGRATION_QUEUE = 1;
