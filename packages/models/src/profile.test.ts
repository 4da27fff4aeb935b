import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrecopyPlan, precopy } from './precopy.ts';
import { meanOver, profile, timeToMove } from './profile.ts';
import { flat } from './rate-policies/rate-policy.ts';
import { fixedRounds, volumeThreshold } from './stop-policies/threshold.ts';

const mbit = (value: number) => bitsPerSec(value * 1e6);
const dirty = (value: number) => bytesPerSec((value * 1e6) / 8);

describe('a rate over time', () => {
  const steps = profile([
    { from: millis(0), value: mbit(100) },
    { from: millis(1000), value: mbit(20) },
    { from: millis(3000), value: mbit(50) },
  ]);

  it('has a mean over any stretch', () => {
    expect(meanOver(steps, millis(0), millis(1000))).toBe(100e6);
    expect(meanOver(steps, millis(500), millis(1000))).toBe(60e6);
    expect(meanOver(steps, millis(2000), millis(2000))).toBe(35e6);
    expect(meanOver(steps, millis(1000), millis(0))).toBe(20e6);
  });

  it('moves a volume at what there is, and not faster than asked', () => {
    const move = (megabits: number, asked: number) =>
      timeToMove(steps, { volume: megabits * 1e6, asked: mbit(asked), from: millis(0) }).duration;
    expect(move(100, 1000)).toBe(1000);
    expect(move(120, 1000)).toBe(2000);
    expect(move(190, 1000)).toBe(4000);
    expect(move(30, 10)).toBe(3000);
  });

  it('is in order, and begins at the beginning', () => {
    const at = (...from: number[]) => profile(from.map((ms) => ({ from: millis(ms), value: mbit(1) })));
    expect(() => at(1)).toThrow(RangeError);
    expect(() => at(0, 5, 5)).toThrow('step 2');
    expect(() =>
      timeToMove(profile([{ from: millis(0), value: mbit(0) }]), {
        volume: 1,
        asked: mbit(1),
        from: millis(0),
      }),
    ).toThrow('never ends');
  });
});

describe('the engine over time', () => {
  const plan = (changes: Partial<PrecopyPlan> = {}): PrecopyPlan => ({
    memory: bytes(100e6),
    dirtyRate: dirty(20),
    workingSet: bytes(100e6),
    free: mbit(80),
    ratePolicy: flat(mbit(80)),
    stopPolicy: fixedRounds(1),
    switchoverRate: mbit(80),
    energy: { k0: 1e-3, alpha: 2 },
    ...changes,
  });

  it('counts what was dirtied while a round ran, before and after a jump', () => {
    // Round 0 takes 10 s: 5 s at 20, 5 s at 60 Mbit/s = 400 Mbit.
    const result = precopy(
      plan({
        dirtyRate: profile([
          { from: millis(0), value: dirty(20) },
          { from: millis(5000), value: dirty(60) },
        ]),
      }),
    );
    expect(result.rounds.map((round) => (round.sent * 8) / 1e6)).toEqual([800, 400, 300]);
  });

  it('runs at what the path gives, and pays for that', () => {
    const result = precopy(
      plan({
        pathRate: profile([
          { from: millis(0), value: mbit(80) },
          { from: millis(5000), value: mbit(40) },
        ]),
      }),
    );
    // 400 Mbit in 5 s, 400 in 10 s; then 300 Mbit at 40.
    expect(result.rounds.map((round) => round.duration)).toEqual([15_000, 7500, 3750]);
    expect(result.rounds[0]?.rate).toBeCloseTo(800e6 / 15, 3);
    // 6.4 W for 5 s, 1.6 W for all the rest.
    expect(result.energy).toBeCloseTo(6.4 * 5 + 1.6 * 21.25, 9);
  });

  it('is the same over a profile of one step as with a constant', () => {
    const constant = precopy(plan());
    const stepped = precopy(
      plan({
        dirtyRate: profile([{ from: millis(0), value: dirty(20) }]),
        pathRate: profile([{ from: millis(0), value: mbit(200) }]),
      }),
    );
    expect(stepped).toEqual(constant);
  });

  it('adds commit and activation to the downtime, not to the copying', () => {
    const result = precopy(plan({ commit: millis(30), activation: millis(200) }));
    expect(result).toMatchObject({
      stopAndCopyTime: 625,
      downtime: 855,
      downtimeParts: { stopAndCopy: 625, commit: 30, activation: 200 },
      totalTime: 10_000 + 2500 + 625,
    });
  });

  it('sends a memory below the threshold with the VM stopped at once', () => {
    const cold = { threshold: bytes(200e6), roundsMax: 8 };
    const result = precopy(plan({ stopPolicy: volumeThreshold(cold), coldBelow: cold.threshold }));
    expect(result.rounds).toMatchObject([{ phase: 'stop_and_copy', sent: 100e6, duration: 10_000 }]);
    expect(result.stopReason).toBe('small_rest');
  });

  it('never takes longer or stands still longer for a higher rate', () => {
    const plans = fc.record({
      memory: fc.double({ min: 1e6, max: 1e10, noNaN: true }),
      w: fc.double({ min: 0, max: 900, noNaN: true }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      rate: fc.double({ min: 1, max: 1000, noNaN: true }),
      more: fc.double({ min: 1, max: 10, noNaN: true }),
      rounds: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(plans, ({ memory, w, share, rate, more, rounds }) => {
        const at = (value: number) =>
          precopy(
            plan({
              memory: bytes(memory),
              workingSet: bytes(memory * share),
              dirtyRate: dirty(w),
              ratePolicy: flat(mbit(value)),
              switchoverRate: mbit(value),
              stopPolicy: fixedRounds(rounds),
            }),
          );
        const [slow, fast] = [at(rate), at(rate * more)];
        expect(fast.totalTime).toBeLessThanOrEqual(slow.totalTime * (1 + 1e-12));
        expect(fast.downtime).toBeLessThanOrEqual(slow.downtime * (1 + 1e-12));
      }),
    );
  });
});
