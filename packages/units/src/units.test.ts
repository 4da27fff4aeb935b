import { describe, expect, it } from 'vitest';
import {
  add,
  asBitsPerSec,
  bitsPerSec,
  bytes,
  bytesPerSec,
  formatRate,
  millis,
  transferTime,
  volumeMoved,
} from './index.ts';

describe('units', () => {
  it('moves what it says in the time it says', () => {
    const rate = bitsPerSec(80_000_000);
    expect(transferTime(bytes(10_000_000), rate)).toBe(1000);
    expect(volumeMoved(rate, millis(1000))).toBe(10_000_000);
  });
  it('refuses NaN, infinities and negatives at birth', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1])
      expect(() => bitsPerSec(value)).toThrow(RangeError);
  });
  it('does not compile when units are mixed', () => {
    // @ts-expect-error a rate in bit/s and one in byte/s cannot be added
    add(bitsPerSec(1), bytesPerSec(1));
    expect(asBitsPerSec(bytesPerSec(1))).toBe(8);
  });
  it('prints the unit', () => {
    expect(formatRate(bitsPerSec(57_400_000))).toBe('57.4 Mbit/s');
    expect(formatRate(bitsPerSec(12))).toBe('12 bit/s');
  });
});
