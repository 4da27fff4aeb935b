import { instant, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { startLease } from './lease.ts';

function lease() {
  let nowMs = 0;
  const lost: number[] = [];
  const held = startLease({
    duration: millis(1000),
    now: () => instant(nowMs),
    onLost: (silent) => lost.push(silent),
  });
  const at = (ms: number, redis: boolean, controller: boolean | null) => {
    nowMs = ms;
    held.renew({ redis, controller });
  };
  return { at, lost, held };
}

describe('the lease of an agent', () => {
  it('is lost once, when Redis has been away for as long', () => {
    const { at, lost, held } = lease();
    at(500, true, true);
    for (const ms of [1000, 1400, 1500, 2000]) at(ms, false, null);
    expect(lost).toEqual([1000]);
    expect(held.isHeld).toBe(false);
  });

  it('is lost when the controller is silent although Redis answers, and held again when it is back', () => {
    const { at, lost, held } = lease();
    at(100, true, true);
    for (const ms of [600, 1100]) at(ms, true, false);
    expect(lost).toEqual([1000]);
    at(1200, true, true);
    expect(held.isHeld).toBe(true);
    for (const ms of [1700, 2200]) at(ms, true, false);
    expect(lost).toEqual([1000, 1000]);
  });

  it('does not miss a controller that has never been there', () => {
    const { at, lost } = lease();
    for (const ms of [1000, 2000, 9000]) at(ms, true, null);
    expect(lost).toEqual([]);
  });
});
