import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { precopy } from '../precopy.ts';
import { fixedRounds } from '../stop-policies/threshold.ts';
import {
  type MinimumEnergyProblem,
  minimumEnergy,
  roundsByEnergy,
  roundsByFormula,
} from './minimum-energy.ts';
import { minimumEnergyPerRound } from './per-round-rates.ts';
import { PRIMAL_DUAL_DEFAULTS, primalDualStart, primalDualStep } from './primal-dual.ts';
import { ratesInOrder } from './rate-policy.ts';

const mbit = (value: number) => bitsPerSec(value * 1e6);

/** The plain sums, written once more and differently: nothing is shared with the code under test. */
function plain(problem: MinimumEnergyProblem, rateMbitPerSec: number) {
  const m0 = (problem.memory * 8) / 1e6;
  const w = (problem.dirtyRate * 8) / 1e6;
  let volume = m0;
  let totalTime = 0;
  let stopAndCopy = 0;
  for (let transfer = 0; transfer <= problem.rounds + 1; transfer += 1) {
    stopAndCopy = volume / rateMbitPerSec;
    totalTime += stopAndCopy;
    volume = w * stopAndCopy;
  }
  const energy = problem.energy.k0 * rateMbitPerSec ** problem.energy.alpha * totalTime;
  const meets =
    totalTime <= (problem.totalTimeLimit ?? Number.POSITIVE_INFINITY) / 1000 &&
    stopAndCopy <= (problem.stopAndCopyLimit ?? Number.POSITIVE_INFINITY) / 1000 &&
    rateMbitPerSec >= problem.speedup * w;
  return { totalTime, stopAndCopy, energy, meets };
}

const problems = fc
  .record({
    memory: fc.double({ min: 10, max: 1e5, noNaN: true }),
    w: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    rounds: fc.integer({ min: 0, max: 15 }),
    total: fc.double({ min: 1, max: 500, noNaN: true }),
    last: fc.double({ min: 0.01, max: 20, noNaN: true }),
    speedup: fc.double({ min: 1, max: 2, noNaN: true }),
    alpha: fc.double({ min: 1, max: 4, noNaN: true }),
  })
  .map(
    ({ memory, w, rounds, total, last, speedup, alpha }): MinimumEnergyProblem => ({
      memory: bytes((memory * 1e6) / 8),
      dirtyRate: bytesPerSec((w * 1e6) / 8),
      rounds,
      totalTimeLimit: millis(total * 1000),
      stopAndCopyLimit: millis(last * 1000),
      speedup,
      rateMax: mbit(900),
      rateMin: bitsPerSec(0),
      switchoverRate: null,
      energy: { k0: 1, alpha },
    }),
  );

describe('minimum-energy', () => {
  it('is feasible exactly when the highest rate is', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        expect(minimumEnergy(problem).feasible).toBe(plain(problem, 900).meets);
      }),
      { numRuns: 500 },
    );
  });

  it('meets every limit, and R* by halving between the limits is the same', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const result = minimumEnergy(problem);
        if (!result.feasible) return;
        const rate = result.rate / 1e6;
        const at = plain(problem, rate * (1 + 1e-9));
        expect(at.meets || rate === 900).toBe(true);
        expect(result.totalTime / 1000 / plain(problem, rate).totalTime).toBeCloseTo(1, 9);
        expect(result.energy / plain(problem, rate).energy).toBeCloseTo(1, 9);
        expect(rate / halved(problem)).toBeCloseTo(1, 6);
      }),
      { numRuns: 300 },
    );
  });

  it('has an energy with one valley: it falls up to the cheapest rate and rises from there', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const energies = Array.from({ length: 200 }, (_, i) => plain(problem, 10 * 1.03 ** i).energy);
        const lowest = energies.indexOf(Math.min(...energies));
        for (let i = 1; i < energies.length; i += 1) {
          const [before, now] = [energies[i - 1] ?? 0, energies[i] ?? 0];
          if (i <= lowest) expect(now).toBeLessThanOrEqual(before * (1 + 1e-12));
          else expect(now).toBeGreaterThanOrEqual(before * (1 - 1e-12));
        }
      }),
    );
  });

  it('costs no more with a rate for every round, which is feasible for the same problems', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const one = minimumEnergy(problem);
        const many = minimumEnergyPerRound(problem);
        expect(many.feasible).toBe(one.feasible);
        if (!one.feasible || !many.feasible) return;
        expect(many.energy).toBeLessThanOrEqual(one.energy * (1 + 1e-8));
        expect(many.totalTime).toBeLessThanOrEqual(Number(problem.totalTimeLimit) * (1 + 1e-9));
        expect(many.stopAndCopyTime).toBeLessThanOrEqual(Number(problem.stopAndCopyLimit) * (1 + 1e-9));
        for (const rate of many.rates) expect(rate).toBeLessThanOrEqual(900e6 * (1 + 1e-12));
      }),
      { numRuns: 200 },
    );
  });

  it('with a rate for every round is what the engine plays at those rates', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const planned = minimumEnergyPerRound(problem);
        if (!planned.feasible) return;
        const [first, ...others] = planned.rates;
        if (first === undefined) throw new Error('no rate');
        const played = precopy({
          memory: problem.memory,
          dirtyRate: problem.dirtyRate,
          workingSet: problem.memory,
          free: problem.rateMax,
          ratePolicy: ratesInOrder([first, ...others]),
          stopPolicy: fixedRounds(problem.rounds),
          switchoverRate: others.at(-1) ?? first,
          energy: problem.energy,
        });
        expect(played.totalTime / planned.totalTime).toBeCloseTo(1, 9);
        expect(played.stopAndCopyTime / planned.stopAndCopyTime).toBeCloseTo(1, 9);
        expect(Number(played.energy) / planned.energy).toBeCloseTo(1, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('needs at least the rounds of equation (4), and the cheapest number is never dearer than that', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const byFormula = roundsByFormula({
          ...problem,
          stopAndCopyLimit: problem.stopAndCopyLimit ?? millis(1),
        });
        if (byFormula === null || byFormula > 60) return;
        const cheapest = minimumEnergy({ ...problem, rounds: roundsByEnergy(problem, 60) });
        const first = minimumEnergy({ ...problem, rounds: byFormula });
        if (byFormula > 0) expect(minimumEnergy({ ...problem, rounds: byFormula - 1 }).feasible).toBe(false);
        if (first.feasible) expect(cheapest).toMatchObject({ feasible: true });
        if (first.feasible && cheapest.feasible)
          expect(cheapest.energy).toBeLessThanOrEqual(first.energy * (1 + 1e-9));
      }),
      { numRuns: 100 },
    );
  });

  it('does not overflow with a thousand rounds', () => {
    const result = minimumEnergy({
      memory: bytes(512e6),
      dirtyRate: bytesPerSec(100e6),
      rounds: 1000,
      totalTimeLimit: millis(60_000),
      stopAndCopyLimit: millis(1),
      speedup: 1,
      rateMax: mbit(900),
      rateMin: bitsPerSec(0),
      switchoverRate: null,
      energy: { k0: 1, alpha: 2 },
    });
    expect(result).toMatchObject({ feasible: true });
  });
});

describe('tracking', () => {
  const at = (w: number, k0: number): MinimumEnergyProblem => ({
    memory: bytes(512e6),
    dirtyRate: bytesPerSec((w * 1e6) / 8),
    rounds: 3,
    totalTimeLimit: millis(13_500),
    stopAndCopyLimit: millis(600),
    speedup: 1.15,
    rateMax: mbit(900),
    rateMin: bitsPerSec(0),
    switchoverRate: null,
    energy: { k0, alpha: 2 },
  });
  const optimum = (problem: MinimumEnergyProblem) => {
    const result = minimumEnergy(problem);
    if (!result.feasible) throw new Error('infeasible');
    return result.rate / 1e6;
  };

  it('of the dirty rate is at the new optimum within 60 steps of a jump', () => {
    let state = primalDualStart(at(300, 1), PRIMAL_DUAL_DEFAULTS);
    for (const w of [300, 450, 150, 500, 100]) {
      for (let n = 0; n < 60; n += 1) state = primalDualStep(at(w, 1), state, PRIMAL_DUAL_DEFAULTS);
      expect(Math.exp(state.x) / optimum(at(w, 1))).toBeCloseTo(1, 3);
    }
  });

  it('of K0 leaves the rate alone in the logarithmic form, and disturbs the plain one for a while', () => {
    const plainForm = { ...PRIMAL_DUAL_DEFAULTS, form: 'plain' } as const;
    let log = primalDualStart(at(300, 1), PRIMAL_DUAL_DEFAULTS);
    let direct = primalDualStart(at(300, 1), plainForm);
    for (let n = 0; n < 1000; n += 1) {
      log = primalDualStep(at(300, 1), log, PRIMAL_DUAL_DEFAULTS);
      direct = primalDualStep(at(300, 1), direct, plainForm);
    }
    const rate = optimum(at(300, 1));
    let disturbed = 0;
    for (let n = 0; n < 1000; n += 1) {
      log = primalDualStep(at(300, 3), log, PRIMAL_DUAL_DEFAULTS);
      direct = primalDualStep(at(300, 3), direct, plainForm);
      expect(Math.exp(log.x) / rate).toBeCloseTo(1, 6);
      disturbed = Math.max(disturbed, Math.abs(Math.exp(direct.x) / rate - 1));
    }
    expect(disturbed).toBeGreaterThan(0.01);
    expect(Math.exp(direct.x) / rate).toBeCloseTo(1, 3);
  });
});

/** clamp(cheapest, lowest rate that meets the limits, 900), each by halving an interval. */
function halved(problem: MinimumEnergyProblem): number {
  const halve = (isLow: (rate: number) => boolean) => {
    let [under, over] = [1e-3, 900];
    for (let i = 0; i < 80; i += 1) {
      const middle = (under + over) / 2;
      if (isLow(middle)) under = middle;
      else over = middle;
    }
    return over;
  };
  const least = halve((rate) => !plain(problem, rate).meets);
  // The sign of dE/dR: a transfer of volume V_i costs R^(alpha-1-i) times what does not depend on R.
  const falls = (rate: number) => {
    let term = 1;
    let slope = 0;
    for (let i = 0; i <= problem.rounds + 1; i += 1) {
      slope += (problem.energy.alpha - 1 - i) * term;
      term *= (problem.dirtyRate * 8) / 1e6 / rate;
    }
    return slope < 0;
  };
  return Math.max(least, halve(falls));
}
