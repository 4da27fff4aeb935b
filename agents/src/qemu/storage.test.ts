import { expect, it } from 'vitest';
import { leavingTimeForDisks } from './storage.ts';

it('of a downtime limit, disks get the time to be settled, but never more than half', () => {
  const limits = [2, 0.8, 0.3].map(
    (downtimeLimitSec) => leavingTimeForDisks({ rateBitsPerSec: 50e6, downtimeLimitSec }).downtimeLimitSec,
  );
  expect(limits).toEqual([1.75, expect.closeTo(0.55), 0.15]);
});
