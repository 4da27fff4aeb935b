import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MinimumEnergyProblem, minimumEnergy, minimumEnergyPolicy } from './minimum-energy.ts';
import { PRIMAL_DUAL_DEFAULTS, primalDual, primalDualPolicy } from './primal-dual.ts';

const figure = (w: number, alpha = 2, changes: Partial<MinimumEnergyProblem> = {}): MinimumEnergyProblem => ({
  memory: bytes(512e6),
  dirtyRate: bytesPerSec((w * 1e6) / 8),
  rounds: 3,
  totalTimeLimit: millis(13_500),
  stopAndCopyLimit: millis(600),
  speedup: 1.15,
  rateMax: bitsPerSec(900e6),
  rateMin: bitsPerSec(0),
  switchoverRate: null,
  energy: { k0: 1, alpha },
  ...changes,
});

/** Wide random problems; limits are drawn around what R̄ gives, so that most are feasible and every kind binds. */
const wide = fc
  .record({
    memory: fc.double({ min: 1, max: 6, noNaN: true }),
    rateMax: fc.double({ min: 1.5, max: 4.5, noNaN: true }),
    ratio: fc.double({ min: 0.01, max: 0.97, noNaN: true }),
    rounds: fc.integer({ min: 0, max: 30 }),
    alpha: fc.double({ min: 1, max: 4, noNaN: true }),
    speedup: fc.double({ min: 1, max: 1.5, noNaN: true }),
    slackTotal: fc.double({ min: 1.0001, max: 6, noNaN: true }),
    slackLast: fc.double({ min: 0, max: 8, noNaN: true }),
  })
  .map((draw): MinimumEnergyProblem => {
    const memory = 10 ** draw.memory;
    const rateMax = 10 ** draw.rateMax;
    const w = rateMax * draw.ratio;
    const sum = Array.from({ length: draw.rounds + 2 }, (_, i) => draw.ratio ** i).reduce((a, b) => a + b, 0);
    const last = (memory / rateMax) * draw.ratio ** (draw.rounds + 1);
    return {
      memory: bytes((memory * 1e6) / 8),
      dirtyRate: bytesPerSec((w * 1e6) / 8),
      rounds: draw.rounds,
      totalTimeLimit: millis((memory / rateMax) * sum * draw.slackTotal * 1000),
      stopAndCopyLimit: millis(last * 10 ** draw.slackLast * 1000),
      speedup: draw.speedup,
      rateMax: bitsPerSec(rateMax * 1e6),
      rateMin: bitsPerSec(0),
      switchoverRate: null,
      energy: { k0: 1, alpha: draw.alpha },
    };
  });

describe('primal-dual', () => {
  it.each([100, 200, 300, 400, 500])('finds the optimum of the scenario at w = %d', (w) => {
    for (const alpha of [2, 3]) {
      const exact = minimumEnergy(figure(w, alpha));
      const found = primalDual(figure(w, alpha));
      if (!exact.feasible || !found.feasible) throw new Error('infeasible');
      expect(found).toMatchObject({ converged: true, binding: exact.binding });
      expect(found.rate / exact.rate).toBeCloseTo(1, 4);
    }
  });

  it('is within 0.1 % of the optimal energy on 99 % of wide random problems, and says so where it is not', () => {
    const outcome = judge(2000, 'damped-log');
    expect(outcome.count).toBeGreaterThanOrEqual(1000);
    expect(outcome.close / outcome.count).toBeGreaterThanOrEqual(0.99);
    expect(outcome.silentlyWrong).toBe(0);
  });

  it('as a live policy asks for what the exact one asks for, with a switchover at its own rate', () => {
    const plan = {
      rounds: 3,
      deadline: millis(13_500),
      stopAndCopyLimit: millis(600),
      speedup: 1.15,
      switchoverRate: bitsPerSec(900e6),
      energy: { k0: 1e-6, alpha: 2 },
    };
    const [exact, iterated] = [minimumEnergyPolicy(plan), primalDualPolicy(plan)];
    for (let w = 10; w <= 700; w += 30)
      for (const round of [0, 1, 2, 3]) {
        const ahead = {
          round,
          remaining: bytes(512e6 / 2 ** round),
          dirtyRates: [bytesPerSec((w * 1e6) / 8)],
          free: bitsPerSec(900e6),
          elapsed: millis(2000 * round),
        };
        expect(iterated(ahead) / exact(ahead)).toBeCloseTo(1, 3);
      }
  });

  it('says so too in its plain form, which fails more often', () => {
    expect(judge(300, 'plain').silentlyWrong).toBe(0);
  });
});

function judge(draws: number, form: 'damped-log' | 'plain') {
  let count = 0;
  let close = 0;
  let silentlyWrong = 0;
  for (const problem of fc.sample(wide, { numRuns: draws, seed: 20150724 })) {
    const exact = minimumEnergy(problem);
    if (!exact.feasible) continue;
    count += 1;
    const found = primalDual(problem, { ...PRIMAL_DUAL_DEFAULTS, form });
    if (!found.feasible) throw new Error('infeasible for one, feasible for the other');
    const isClose = Math.abs(found.energy / exact.energy - 1) <= 1e-3;
    if (isClose && found.converged) close += 1;
    if (!isClose && found.converged) silentlyWrong += 1;
  }
  return { count, close, silentlyWrong };
}
