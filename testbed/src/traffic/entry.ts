/** What every traffic process does the same: reads its options, writes one JSON object per line, dies with its parent. */
import { monotonicMs } from './sample.ts';

/** Intervals short enough to cut a switchover out of a flow, long enough to hold packets of a slow one. */
export const SAMPLE_PERIOD_MS = 100;

/** Options come as one JSON argument, written by the lab itself. */
export function readOptions<T>(): T {
  const text = process.argv[2];
  if (text === undefined) throw new Error('the options are missing: one JSON object as the first argument');
  return JSON.parse(text) as T;
}

export const emit = (event: object): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};

/** The other end of standard input is held by the lab; when it goes, so does this process. */
export function endWithParent(): void {
  process.stdin.on('end', () => process.exit(0));
  process.stdin.resume();
}

export interface Counted {
  bytes: number;
  packets: number;
  lost: number;
}

/** Emits what was counted since the last time, with exact stamps; the timer's own lateness does no harm. */
export function sampleEvery(read: () => Counted): void {
  let sinceMs = monotonicMs();
  setInterval(() => {
    const atMs = monotonicMs();
    emit({ kind: 'sample', sinceMs, atMs, ...read() });
    sinceMs = atMs;
  }, SAMPLE_PERIOD_MS);
}

/** How often a paced source looks at the clock. */
const PACE_PERIOD_MS = 2;
/** After a stall a source makes up for at most this much, so that it never sends a burst of seconds. */
const CATCH_UP_MAX_MS = 50;

/** Calls `send` with the bytes that the rate allows by now; what `send` does not take is offered again. */
export function pace(rateBitsPerSec: number, send: (bytesAllowed: number) => number): void {
  const bytesPerMs = rateBitsPerSec / 8 / 1000;
  let credit = 0;
  let lastMs = monotonicMs();
  setInterval(() => {
    const nowMs = monotonicMs();
    credit = Math.min(credit + (nowMs - lastMs) * bytesPerMs, CATCH_UP_MAX_MS * bytesPerMs);
    lastMs = nowMs;
    credit -= send(credit);
  }, PACE_PERIOD_MS);
}
