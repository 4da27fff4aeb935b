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
const STEP_MS = 25;
const TOLERANCE = 0.1;

/** Changes that lasted long enough to be seen: another comes after half a second at the earliest. */
export function settlings({ events, rateOf }: Watch, migration: string): readonly Settling[] {
  const LASTING_MS = 500;
  const own = events.filter((event) => event.subject === migration);
  const ends = own.filter(({ type }) => type === 'rate_changed' || type === 'vm_stopped');
  return own
    .filter(({ type }) => type === 'rate_changed')
    .flatMap((event) => {
      const until = ends.find((next) => next.atMs > event.atMs)?.atMs ?? event.atMs;
      if (until - event.atMs < LASTING_MS) return [];
      const to = Number(event.data.toBitsPerSec);
      const isThere = (fromMs: number) =>
        Math.abs(rateOf(MIGRATION_QUEUE, { fromMs, toMs: fromMs + INTERVAL_MS }) / to - 1) <= TOLERANCE;
      let at = event.atMs;
      while (at + INTERVAL_MS < until && !isThere(at)) at += STEP_MS;
      return [
        {
          round: Number(event.data.round),
          from: Number(event.data.fromBitsPerSec),
          to,
          afterMs: at + INTERVAL_MS < until ? Math.round(at + INTERVAL_MS - event.atMs) : null,
        },
      ];
    });
}

const MIGRATION_QUEUE = 1;
