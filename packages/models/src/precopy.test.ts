import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { energyOf, totalEnergy } from './energy.ts';
import { ENGINE_ROUNDS_MAX, type PrecopyPlan, precopy } from './precopy.ts';
import { minimumEnergy } from './rate-policies/minimum-energy.ts';
import { flat } from './rate-policies/rate-policy.ts';
import { fixedRounds, threshold } from './stop-policies/threshold.ts';

const mbit = (value: number) => bitsPerSec(value * 1e6);
const megabits = (value: number) => bytes((value * 1e6) / 8);
const dirty = (value: number) => bytesPerSec((value * 1e6) / 8);

const plan = (changes: Partial<PrecopyPlan> = {}): PrecopyPlan => ({
  memory: megabits(800),
  dirtyRate: dirty(20),
  workingSet: megabits(400),
  free: mbit(80),
  ratePolicy: flat(mbit(80)),
  stopPolicy: fixedRounds(2),
  switchoverRate: mbit(80),
  ...changes,
});

describe('pre-copy', () => {
  it('sends in every round what was dirtied in the one before', () => {
    const result = precopy(plan());
    expect(result.rounds.map((entry) => (entry.sent * 8) / 1e6)).toEqual([800, 200, 50, 12.5]);
    expect(result.rounds.map((entry) => entry.duration)).toEqual([10_000, 2500, 625, 156.25]);
    expect(result).toMatchObject({ stopReason: 'rounds_max', totalTime: 13_281.25, stopAndCopyTime: 156.25 });
  });

  it('never has more to send again than the working set', () => {
    const result = precopy(plan({ dirtyRate: dirty(200) }));
    expect(result.rounds.map((entry) => (entry.sent * 8) / 1e6)).toEqual([800, 400, 400, 400]);
  });

  it('stops as soon as the rest fits into the downtime limit', () => {
    const limits = {
      downtimeLimit: millis(700),
      switchoverRate: mbit(80),
      overhead: millis(50),
      roundsMax: 30,
    };
    const result = precopy(plan({ stopPolicy: threshold(limits) }));
    expect(result).toMatchObject({ stopReason: 'downtime_reachable', stopAndCopyTime: 625 });
    expect(precopy(plan({ dirtyRate: dirty(0), stopPolicy: threshold(limits) })).rounds).toHaveLength(2);
  });

  it('follows a dirty rate that changes by round', () => {
    const result = precopy(plan({ dirtyRate: (round) => dirty(round === 0 ? 20 : 40) }));
    expect(result.rounds.map((entry) => (entry.sent * 8) / 1e6)).toEqual([800, 200, 100, 50]);
  });

  it('ends although the stop rule never fires', () => {
    const result = precopy(plan({ stopPolicy: () => null }));
    expect(result.stopReason).toBe('engine_limit');
    expect(result.rounds).toHaveLength(ENGINE_ROUNDS_MAX + 1);
  });

  it('refuses to wait forever', () => {
    expect(() => precopy(plan({ ratePolicy: flat(mbit(0)) }))).toThrow(RangeError);
  });

  it('agrees with the closed sums of minimum-energy', () => {
    const energy = { k0: 1e-3, alpha: 2 };
    const memory = megabits(4096);
    const optimum = minimumEnergy({
      memory,
      dirtyRate: dirty(300),
      rounds: 3,
      totalTimeLimit: millis(13_500),
      stopAndCopyLimit: millis(600),
      speedup: 1.15,
      rateMax: mbit(900),
      rateMin: mbit(1),
      switchoverRate: null,
      energy,
    });
    if (!optimum.feasible) throw new Error('infeasible');
    const played = precopy({
      ...plan({ memory, dirtyRate: dirty(300), workingSet: memory, stopPolicy: fixedRounds(3) }),
      ratePolicy: flat(optimum.rate),
      switchoverRate: optimum.rate,
    });
    expect(played.totalTime).toBeCloseTo(optimum.totalTime, 3);
    expect(played.stopAndCopyTime).toBeCloseTo(optimum.stopAndCopyTime, 3);
    expect(totalEnergy(played.rounds, energy) / optimum.energy).toBeCloseTo(1, 9);
  });
});

describe('energy', () => {
  it('is K0 times the rate in Mbit/s to the alpha, times the seconds', () => {
    expect(energyOf(mbit(100), millis(2000), { k0: 1e-3, alpha: 2 })).toBeCloseTo(20, 9);
    expect(energyOf(mbit(0), millis(2000), { k0: 1e-3, alpha: 2 })).toBe(0);
  });
});
