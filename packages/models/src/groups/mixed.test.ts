import { bitsPerSec, bytes, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { parallel } from './callegati.ts';
import { mixed } from './mixed.ts';

const set = {
  vms: 8,
  rate: bitsPerSec(1e9),
  memory: bytes(1024 ** 3),
  threshold: bytes(100 * 1024 ** 2),
  roundsMax: 8,
  resume: millis(100),
};

describe('m-mixed', () => {
  it('with m = 1 is the improved serial form', () => {
    const times = mixed(set, 0.08192, { together: 1, rest: 'stopped' });
    expect(times.totalTime / 1000).toBeCloseTo(69.423, 3);
    expect(times.downtime / 1000).toBeCloseTo(60.933, 3);
  });

  it('with m = M is the parallel form', () => {
    for (const rest of ['stopped', 'postcopy'] as const)
      expect(mixed(set, 0.08192, { together: 8, rest })).toEqual(parallel(set, 0.08192));
  });

  it('stands still less the more go together, and post-copy less than sending once', () => {
    for (let together = 1; together < 8; together += 1) {
      const stopped = mixed(set, 0.08192, { together, rest: 'stopped' });
      expect(mixed(set, 0.08192, { together: together + 1, rest: 'stopped' }).downtime).toBeLessThan(
        stopped.downtime,
      );
      expect(mixed(set, 0.08192, { together, rest: 'postcopy' }).downtime).toBeLessThan(stopped.downtime);
    }
  });

  it('refuses an m that is not of the set', () => {
    expect(() => mixed(set, 0.1, { together: 9, rest: 'stopped' })).toThrow(RangeError);
  });
});
