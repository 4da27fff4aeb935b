import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type MinimumEnergyProblem,
  minimumEnergy,
  minimumEnergyPolicy,
  rateBounds,
  roundsByFormula,
} from './minimum-energy.ts';

const mbit = (value: number) => bitsPerSec(value * 1e6);
const megabits = (value: number) => bytes((value * 1e6) / 8);
const dirty = (value: number) => bytesPerSec((value * 1e6) / 8);

/** The scenario of Figs 6 and 7 with M0 = 512 MB read as 4096 Mb. */
const figure = (w: number, changes: Partial<MinimumEnergyProblem> = {}): MinimumEnergyProblem => ({
  memory: megabits(4096),
  dirtyRate: dirty(w),
  rounds: 3,
  totalTimeLimit: millis(13_500),
  stopAndCopyLimit: millis(600),
  speedup: 1.15,
  rateMax: mbit(900),
  rateMin: mbit(1),
  switchoverRate: null,
  energy: { k0: 1, alpha: 2 },
  ...changes,
});

// Brute force over 200,000 rates, done once and independently: w, R*, binding, R_mmt, R_sc, βw, E/K0, T_MMT, T_SC.
const ORACLE = [
  [100, 403.122, 'total_time', 403.12, 232.72, 115, 2.19385e6, 13.5, 0.0385],
  [200, 500.31, 'total_time', 500.31, 405.2, 230, 3.37919e6, 13.5, 0.2091],
  [300, 593.386, 'total_time', 593.39, 560.45, 345, 4.75344e6, 13.5, 0.451],
  [400, 705.488, 'stop_and_copy', 682.41, 705.49, 460, 6.28235e6, 12.6224, 0.6],
  [500, 880.689, 'interior', 767.9, 843.37, 575, 7.85293e6, 10.1248, 0.4832],
] as const;

describe('minimum-energy', () => {
  it.each(ORACLE)(
    'w = %d Mbit/s gives R* = %d Mbit/s by %s',
    (w, rate, binding, mmt, sc, speedup, energy, total, last) => {
      const result = minimumEnergy(figure(w));
      if (!result.feasible) throw new Error('infeasible');
      expect(result.rate / 1e6).toBeCloseTo(rate, 2);
      expect(result.binding).toBe(binding);
      expect(result.energy / energy).toBeCloseTo(1, 4);
      expect(result.totalTime / 1000).toBeCloseTo(total, 3);
      expect(result.stopAndCopyTime / 1000).toBeCloseTo(last, 3);
      const bounds = rateBounds(figure(w));
      expect(bounds.totalTime).toBeCloseTo(mmt, 1);
      expect(bounds.stopAndCopy).toBeCloseTo(sc, 1);
      expect(bounds.speedup).toBeCloseTo(speedup, 6);
    },
  );

  it('knows the best rate and energy for every number of rounds at w = 100', () => {
    const expected = [
      [826.2, 3.7939],
      [408.7, 2.1838],
      [402.2, 2.1844],
      [403.1, 2.1939],
      [403.3, 2.1962],
      [403.4, 2.1968],
      [403.4, 2.1969],
      [403.4, 2.1969],
      [403.4, 2.197],
    ];
    const found = expected.map((_, rounds) => {
      const result = minimumEnergy(figure(100, { rounds }));
      return result.feasible ? [round(result.rate / 1e6, 1), round(result.energy / 1e6, 4)] : null;
    });
    expect(found).toEqual(expected);
  });

  // Ī_MAX by (4) against Δ_SC = 0.6 s: w, I, R*, binding, T_MMT, T_SC.
  it.each([
    [50, 0, 584.24, 'stop_and_copy', 7.611, 0.6],
    [200, 1, 648.77, 'stop_and_copy', 8.86, 0.6],
    [500, 3, 880.69, 'interior', 10.125, 0.4832],
  ] as const)(
    'with the rounds of the formula w = %d gives I = %d',
    (w, rounds, rate, binding, total, last) => {
      const problem = figure(w);
      const byFormula = roundsByFormula({ ...problem, stopAndCopyLimit: millis(600) });
      expect(byFormula).toBe(rounds);
      const result = minimumEnergy({ ...problem, rounds });
      expect(result).toMatchObject({ feasible: true, binding });
      if (!result.feasible) return;
      expect(result.rate / 1e6).toBeCloseTo(rate, 1);
      expect(result.totalTime / 1000).toBeCloseTo(total, 2);
      expect(result.stopAndCopyTime / 1000).toBeCloseTo(last, 3);
    },
  );

  // Against R̄ in every round with the same I, in per cent.
  it.each([
    [100, 3, 2, 47.1],
    [200, 3, 2, 28.67],
    [300, 3, 2, 13.68],
    [400, 3, 2, 3.65],
    [500, 3, 2, 0.03],
    [100, 3, 2.5, 64.59],
    [100, 3, 3, 76.3],
  ] as const)('w = %d, I = %d, alpha = %d saves %d %% of the energy', (w, rounds, alpha, saving) => {
    const problem = figure(w, { rounds, energy: { k0: 1, alpha } });
    const result = minimumEnergy(problem);
    if (!result.feasible) throw new Error('infeasible');
    const flat = playThrough(problem, 900);
    expect(flat.meetsAll).toBe(true);
    expect((1 - result.energy / flat.energy) * 100).toBeCloseTo(saving, 1);
  });

  it('counts rounds by equation (4)', () => {
    const formula = (w: number) => roundsByFormula({ ...figure(w), stopAndCopyLimit: millis(600) });
    expect([118.6, 118.7, 326.7, 326.9, 458, 458.1, 542.3, 542.4, 600.1, 642].map(formula)).toEqual([
      0, 1, 1, 2, 2, 3, 3, 4, 4, 5,
    ]);
    expect([formula(0), formula(899), formula(900)]).toEqual([0, expect.any(Number), null]);
  });

  it('names every limit that the largest rate breaks, and what would do', () => {
    const result = minimumEnergy(figure(800, { stopAndCopyLimit: millis(600) }));
    expect(result).toEqual({
      feasible: false,
      limits: [
        expect.objectContaining({ limit: 'total_time', allowed: 13_500 }),
        expect.objectContaining({ limit: 'stop_and_copy', allowed: 600 }),
        { limit: 'speedup', actual: 1.125, allowed: 1.15, wouldDo: expect.closeTo(920e6, 0) },
      ],
    });
    if (result.feasible) return;
    for (const limit of result.limits) {
      const again = minimumEnergy(figure(800, { rateMax: bitsPerSec(Number(limit.wouldDo) * 1.000001) }));
      const still = again.feasible ? [] : again.limits.map((entry) => entry.limit);
      expect(still).not.toContain(limit.limit);
    }
  });

  it('does not move with K0, which scales the energy alone', () => {
    const once = minimumEnergy(figure(300));
    const tenfold = minimumEnergy(figure(300, { energy: { k0: 10, alpha: 2 } }));
    if (!once.feasible || !tenfold.feasible) throw new Error('infeasible');
    expect(tenfold.rate).toBe(once.rate);
    expect(tenfold.energy / once.energy).toBeCloseTo(10, 9);
  });

  it('asks for everything when energy depends on the volume alone', () => {
    expect(minimumEnergy(figure(300, { energy: { k0: 1, alpha: 1 } }))).toMatchObject({
      rate: 900e6,
      binding: 'rate_max',
    });
  });

  it('is never beaten by any rate of a grid', () => {
    fc.assert(fc.property(problems, beatsGrid), { numRuns: 100 });
  });

  it('is asked again before every round and follows the dirty rate', () => {
    const policy = minimumEnergyPolicy({
      rounds: 3,
      deadline: millis(13_500),
      stopAndCopyLimit: millis(600),
      speedup: 1.15,
      switchoverRate: mbit(900),
      energy: { k0: 1e-6, alpha: 2 },
    });
    const ask = (...rates: number[]) =>
      policy({
        round: rates.length - 1,
        remaining: megabits(1000),
        dirtyRates: rates.map(dirty),
        free: mbit(900),
        elapsed: millis(5000),
      }) / 1e6;
    expect(ask(100, 100)).toBeLessThan(ask(100, 300));
    expect(ask(100, 300)).toBeLessThan(ask(100, 600));
    expect(ask(100, 850)).toBeGreaterThanOrEqual(900);
  });
});

const problems = fc
  .record({
    memory: fc.double({ min: 10, max: 1e5, noNaN: true }),
    w: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1000, noNaN: true })),
    rounds: fc.integer({ min: 0, max: 12 }),
    total: fc.option(fc.double({ min: 1, max: 1000, noNaN: true })),
    last: fc.option(fc.double({ min: 0.01, max: 10, noNaN: true })),
    switchover: fc.option(fc.double({ min: 50, max: 1000, noNaN: true })),
    alpha: fc.oneof(fc.constant(1), fc.double({ min: 1.01, max: 4, noNaN: true })),
  })
  .map(({ memory, w, rounds, total, last, switchover, alpha }) =>
    figure(w, {
      memory: megabits(memory),
      rounds,
      totalTimeLimit: total === null ? null : millis(total * 1000),
      stopAndCopyLimit: last === null ? null : millis(last * 1000),
      switchoverRate: switchover === null ? null : mbit(switchover),
      energy: { k0: 1, alpha },
    }),
  );

/** The oracle: every rate of a grid that meets all limits by the plain sums costs at least as much as R*. */
function beatsGrid(problem: MinimumEnergyProblem): void {
  const result = minimumEnergy(problem);
  for (let step = 1; step <= 500; step += 1) {
    const rate = 1 + (899 * step) / 500;
    const played = playThrough(problem, rate);
    if (!played.meetsAll) continue;
    expect(result.feasible).toBe(true);
    if (result.feasible) expect(result.energy).toBeLessThanOrEqual(played.energy * (1 + 1e-9));
  }
}

function playThrough(problem: MinimumEnergyProblem, rate: number): { meetsAll: boolean; energy: number } {
  const w = (problem.dirtyRate * 8) / 1e6;
  const alpha = problem.energy.alpha;
  let volume = (problem.memory * 8) / 1e6;
  let time = 0;
  let energy = 0;
  for (let i = 0; i <= problem.rounds; i += 1) {
    const duration = volume / rate;
    time += duration;
    energy += rate ** alpha * duration;
    volume = w * duration;
  }
  const final = problem.switchoverRate === null ? rate : problem.switchoverRate / 1e6;
  const last = volume / final;
  energy += final ** alpha * last;
  const within = (value: number, limit: number | null) => limit === null || value * 1000 <= limit;
  return {
    meetsAll:
      within(time + last, problem.totalTimeLimit) &&
      within(last, problem.stopAndCopyLimit) &&
      rate >= problem.speedup * w,
    energy,
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
