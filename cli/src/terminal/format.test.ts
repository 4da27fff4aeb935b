import { describe, expect, it } from 'vitest';
import * as format from './format.ts';

describe('values for people', () => {
  it('carry their unit, and a dash stands for what is not known', () => {
    expect(format.rate(57_400_000)).toBe('57.4 Mbit/s');
    expect(format.byteRate(2_000_000)).toBe('2.00 MB/s');
    expect(format.duration(0.33)).toBe('330 ms');
    expect(format.energy(0.0168)).toBe('16.8 mJ');
    expect(format.energy(12.34)).toBe('12.3 J');
    for (const print of [
      format.rate,
      format.byteRate,
      format.volume,
      format.duration,
      format.energy,
      format.yesNo,
    ])
      expect(print(null)).toBe('-');
  });

  it('a path is told by its nodes', () => {
    expect(format.pathNodes(['h1>s1:1', 's1:2>s2:2', 's2:1>h2'])).toBe('h1 s1 s2 h2');
    expect(format.pathNodes([])).toBe('');
  });
});
