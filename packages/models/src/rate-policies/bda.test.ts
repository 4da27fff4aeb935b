import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bda, bdaFloor, bdaPolicy, bdaRobust } from './bda.ts';

const mbit = (value: number) => bitsPerSec(value * 1e6);
const at = (free: number, ...history: number[]) => bda({ free: mbit(free), history: history.map(mbit) });

// F | history | a | b | c | corrected | reserved | rate, all rates in Mbit/s: worked by hand from (4) and (5).
const WORKED = [
  [80, [20, 20], 0.5, 0.5, 1, false, 20, 60],
  [80, [20, 40], 0.6667, 0.3333, 2, false, 33.333, 46.667],
  [80, [20, 20, 60], 0.75, 0.25, 3, false, 50, 30],
  [80, [60, 20], 0.25, 0.75, 0.3333, false, 50, 30],
  [80, [80, 80], 0.5, 0.5, 1, false, 80, 0],
  [80, [79, 79], 0.5, 0.5, 1, false, 79, 1],
  [80, [50, 120], 0.7059, 0.2941, 2.4, true, 23.529, 56.471],
  [80, [120, 100], 0.4545, 0.5455, 0.8333, true, 43.636, 36.364],
  [100, [10, 10, 10, 90], 0.9, 0.1, 9, false, 82, 18],
] as const;

describe('bda', () => {
  it.each(WORKED)(
    'F %d, history %j gives the worked values',
    (free, history, a, b, c, corrected, reserved, rate) => {
      const result = at(free, ...history);
      expect(result.a).toBeCloseTo(a, 4);
      expect(result.b).toBeCloseTo(b, 4);
      expect(result.c).toBeCloseTo(c, 4);
      expect(result.corrected).toBe(corrected);
      expect(result.reserved / 1e6).toBeCloseTo(reserved, 3);
      expect(result.rate / 1e6).toBeCloseTo(rate, 3);
    },
  );

  it('gives all that is free in the first round', () => {
    expect(at(80, 20)).toEqual({ a: null, b: null, c: null, corrected: false, reserved: 0, rate: 80e6 });
  });

  it('reads a history without dirtying as its symmetric limit', () => {
    expect(at(80, 0, 0)).toEqual({ a: 0.5, b: 0.5, c: 1, corrected: false, reserved: 0, rate: 80e6 });
    expect(at(80, 0, 100)).toMatchObject({
      c: Number.POSITIVE_INFINITY,
      corrected: true,
      reserved: 0,
      rate: 80e6,
    });
  });

  it('refuses an empty history', () => {
    expect(() => at(80)).toThrow(RangeError);
  });

  it('splits F: reserved and rate are its two parts', () => {
    const rates = fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), rates, (free, history) => {
        const result = bda({ free: bitsPerSec(free), history: history.map(bitsPerSec) });
        expect(result.reserved + result.rate).toBeCloseTo(free, 3);
      }),
    );
  });
});

describe('bda-robust', () => {
  const robust = (free: number, ...history: number[]) =>
    bdaRobust({ free: mbit(free), history: history.map(mbit) }).rate / 1e6;

  it('does not starve the migration where the printed rule gives nothing', () => {
    expect(robust(80, 80, 80)).toBeCloseTo(40, 6);
    expect(robust(80, 20, 20)).toBeCloseTo(60, 6);
  });
  it('keeps its floor when the dirty rate falls to nothing', () => {
    expect(at(80, 400, 0).rate).toBe(0);
    expect(robust(80, 400, 0)).toBe(1);
    expect(robust(900, 4000, 0)).toBe(9);
  });
});

describe('live bda', () => {
  it('asks for another rate when the dirty rate changes, and never for less than its floor', () => {
    const ask = (...history: number[]) =>
      bdaPolicy({
        round: history.length - 1,
        remaining: bytes(1e6),
        dirtyRates: history.map((value) => bytesPerSec((value * 1e6) / 8)),
        free: mbit(80),
        elapsed: millis(0),
      }) / 1e6;
    expect([ask(20), ask(20, 20), ask(20, 20, 60), ask(80, 80)]).toEqual([80, 60, 30, 1]);
    expect(bdaFloor(mbit(900))).toBe(9e6);
  });
});
