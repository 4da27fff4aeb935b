import { describe, expect, it } from 'vitest';
import type { Snapshot } from './migration-status.ts';
import { Progress } from './progress.ts';

const seen = (values: Partial<Snapshot>): Snapshot => ({
  ...{ status: 'active', transferredBytes: 0, remainingBytes: 0, downtimeBytes: 0, dirtySyncCount: 1 },
  ...{ totalTimeMs: null, downtimeMs: null, error: null, ...values },
});

describe('progress of a migration', () => {
  let nowMs = 0;
  const progress = (stallLimitMs = 1000): Progress => {
    nowMs = 0;
    return new Progress(stallLimitMs, () => nowMs);
  };
  const read = (of: Progress, atMs: number, transferredBytes: number) => {
    nowMs = atMs;
    return of.take(seen({ transferredBytes }));
  };

  it('is the mean rate of the last second, not of all time', () => {
    const of = progress();
    for (let atMs = 0; atMs <= 3000; atMs += 200) read(of, atMs, atMs * 100);
    expect(of.bytesPerSec).toBe(100_000);
    for (let atMs = 3200; atMs <= 5000; atMs += 200) read(of, atMs, 300_000 + (atMs - 3000) * 10);
    expect(of.bytesPerSec).toBe(10_000);
  });

  it('says nothing of a rate over an instant', () => {
    const of = progress();
    read(of, 0, 0);
    read(of, 20, 1e9);
    expect(of.bytesPerSec).toBe(0);
  });

  it('has stalled when not one byte has moved for as long as the limit', () => {
    const of = progress();
    read(of, 0, 5);
    read(of, 900, 5);
    expect(of.isStalled).toBe(false);
    read(of, 1000, 6);
    read(of, 1900, 6);
    expect(of.isStalled).toBe(false);
    expect(read(of, 2100, 6)).toEqual({ stallMs: 1100 });
    expect(of.isStalled).toBe(true);
    of.restart();
    expect(of.isStalled).toBe(false);
  });

  it('ends a round where QEMU has looked at the dirty pages anew, with what was left then', () => {
    const of = progress();
    expect(of.roundEnd(seen({}), 10)).toBeUndefined();
    expect(of.roundEnd(seen({ dirtySyncCount: 2, transferredBytes: 8000, remainingBytes: 600 }), 12)).toEqual(
      {
        ...{
          round: 0,
          transferredBytes: 8000,
          durationSec: 2,
          remainingBytes: 600,
          dirtyRateBytesPerSec: 300,
        },
      },
    );
    expect(of.roundEnd(seen({ dirtySyncCount: 2, transferredBytes: 8100 }), 12.1)).toBeUndefined();
    expect(
      of.roundEnd(seen({ dirtySyncCount: 3, transferredBytes: 8700, remainingBytes: 30 }), 12.5),
    ).toEqual({
      ...{ round: 1, transferredBytes: 700, durationSec: 0.5, remainingBytes: 30, dirtyRateBytesPerSec: 60 },
    });
  });

  it('knows no dirty rate of rounds that QEMU ends before it has sent them, and tells the last one', () => {
    const of = progress();
    of.roundEnd(seen({}), 10);
    of.roundEnd(seen({ dirtySyncCount: 2, transferredBytes: 8000, remainingBytes: 600 }), 12);
    const looked = seen({ dirtySyncCount: 3, transferredBytes: 8010, remainingBytes: 595 });
    expect(of.roundEnd(looked, 12.1, true)).toMatchObject({ round: 1, dirtyRateBytesPerSec: 300 });
  });

  it('does not take the last look, with the guest stopped, for a round', () => {
    const of = progress();
    of.roundEnd(seen({}), 1);
    expect(of.markStop(seen({ transferredBytes: 100 }))).toBe(true);
    expect(of.markStop(seen({ transferredBytes: 200 }))).toBe(false);
    expect(of.roundEnd(seen({ dirtySyncCount: 2, transferredBytes: 150 }), 2)).toBeUndefined();
    expect(of.sentAfterStop(seen({ transferredBytes: 350 }))).toBe(250);
  });
});
