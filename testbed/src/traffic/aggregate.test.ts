import { describe, expect, it } from 'vitest';
import { gaps, goodput, longestGap, lossFraction } from './aggregate.ts';
import type { Echo, Sample } from './sample.ts';

/** Samples of 100 ms, one per entry. */
const samples = (...entries: readonly Partial<Sample>[]): readonly Sample[] =>
  entries.map((entry, index) => ({
    sinceMs: index * 100,
    atMs: (index + 1) * 100,
    bytes: 0,
    packets: 0,
    lost: 0,
    ...entry,
  }));

const echo = (seq: number, sentMs: number, receivedMs = sentMs + 1): Echo => ({ seq, sentMs, receivedMs });

describe('goodput', () => {
  it('is the payload of the window over its length', () => {
    const flow = samples({ bytes: 1_000 }, { bytes: 1_000 }, { bytes: 9_000 });
    expect(goodput(flow, { fromMs: 0, toMs: 200 })).toBe(80_000);
  });

  it('counts a sample that lies partly inside with that part', () => {
    const flow = samples({ bytes: 1_000 }, { bytes: 1_000 });
    expect(goodput(flow, { fromMs: 50, toMs: 150 })).toBe(80_000);
  });

  it('counts time without samples as time without goodput', () => {
    expect(goodput(samples({ bytes: 1_000 }), { fromMs: 0, toMs: 1_000 })).toBe(8_000);
  });

  it('refuses a window without length', () => {
    expect(() => goodput([], { fromMs: 5, toMs: 5 })).toThrow(RangeError);
  });
});

describe('lossFraction', () => {
  it('is lost over sent', () => {
    const flow = samples({ packets: 90, lost: 10 }, { packets: 100 });
    expect(lossFraction(flow, { fromMs: 0, toMs: 200 })).toBe(0.05);
  });

  it('takes back a loss when the packets only came late', () => {
    const flow = samples({ packets: 90, lost: 10 }, { packets: 110, lost: -10 });
    expect(lossFraction(flow, { fromMs: 0, toMs: 200 })).toBe(0);
  });

  it('is 0 when nothing was sent', () => {
    expect(lossFraction([], { fromMs: 0, toMs: 200 })).toBe(0);
  });
});

describe('gaps', () => {
  const answers = [echo(0, 0), echo(1, 5), echo(9, 45), echo(10, 50), echo(30, 150)];

  it('are the silences between answers, with the probes that were never answered', () => {
    expect(gaps(answers, 20)).toEqual([
      { startMs: 6, endMs: 46, durationMs: 40, missed: 7 },
      { startMs: 51, endMs: 151, durationMs: 100, missed: 19 },
    ]);
  });

  it('count by arrival, so a delayed answer is silence but not a miss', () => {
    expect(gaps([echo(0, 0, 1), echo(1, 5, 60), echo(2, 10, 61)], 20)).toEqual([
      { startMs: 1, endMs: 60, durationMs: 59, missed: 0 },
    ]);
  });

  it('the longest one is looked for inside a window', () => {
    expect(longestGap(answers, { fromMs: 0, toMs: 50 })).toEqual({
      startMs: 6,
      endMs: 46,
      durationMs: 40,
      missed: 7,
    });
    expect(longestGap(answers)?.durationMs).toBe(100);
  });

  it('there is none without two answers', () => {
    expect(longestGap([echo(0, 0)])).toBeNull();
  });
});
