// The optima against a general solver that shares no code with them: cutting planes over HiGHS, in x = ln R.
import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Convex, cuttingPlanes } from '../testing/linear-program.ts';
import { type GeometricProgram, geometricProgram } from './geometric-program.ts';
import { type MinimumEnergyProblem, minimumEnergy } from './minimum-energy.ts';
import { minimumEnergyPerRound } from './per-round-rates.ts';

const figure = (w: number, changes: Partial<MinimumEnergyProblem> = {}): MinimumEnergyProblem => ({
  memory: bytes(512e6),
  dirtyRate: bytesPerSec((w * 1e6) / 8),
  rounds: 3,
  totalTimeLimit: millis(13_500),
  stopAndCopyLimit: millis(600),
  speedup: 1.15,
  rateMax: bitsPerSec(900e6),
  rateMin: bitsPerSec(0),
  switchoverRate: null,
  energy: { k0: 1, alpha: 2 },
  ...changes,
});

/** ln Σ exp(a·x + b) with its gradient. */
const logSumExp =
  (terms: readonly { readonly slopes: readonly number[]; readonly offset: number }[]): Convex =>
  (x) => {
    const values = terms.map(({ slopes, offset }) =>
      slopes.reduce((sum, a, k) => sum + a * (x[k] ?? 0), offset),
    );
    const most = Math.max(...values);
    const weights = values.map((value) => Math.exp(value - most));
    const total = weights.reduce((a, b) => a + b, 0);
    const gradient = x.map((_, k) =>
      terms.reduce((sum, term, i) => sum + ((weights[i] ?? 0) / total) * (term.slopes[k] ?? 0), 0),
    );
    return { value: most + Math.log(total), gradient };
  };

/** One rate for all rounds when `count` is 1, else one for each. */
function byCuttingPlanes(problem: MinimumEnergyProblem, isPerRound: boolean) {
  const m0 = (problem.memory * 8) / 1e6;
  const w = (problem.dirtyRate * 8) / 1e6;
  const { alpha } = problem.energy;
  const transfers = Array.from({ length: problem.rounds + 2 }, (_, i) => i);
  const variables = isPerRound ? transfers : [0];
  const timeSlopes = (i: number) => (isPerRound ? variables.map((k) => (k <= i ? -1 : 0)) : [-(i + 1)]);
  const times = transfers.map((i) => ({ slopes: timeSlopes(i), offset: Math.log(m0) + i * Math.log(w) }));
  const energies = times.map(({ slopes, offset }, i) => ({
    slopes: slopes.map((slope, k) => slope + (k === (isPerRound ? i : 0) ? alpha : 0)),
    offset,
  }));
  const within =
    (function_: Convex, limit: number): Convex =>
    (x) => {
      const at = function_(x);
      return { ...at, value: at.value - Math.log(limit) };
    };
  const last = times.slice(-1);
  return cuttingPlanes({
    objective: logSumExp(energies),
    constraints: [
      ...(problem.totalTimeLimit === null ? [] : [within(logSumExp(times), problem.totalTimeLimit / 1000)]),
      ...(problem.stopAndCopyLimit === null
        ? []
        : [within(logSumExp(last), problem.stopAndCopyLimit / 1000)]),
    ],
    box: variables.map(() => [Math.log(problem.speedup * w), Math.log(problem.rateMax / 1e6)]),
    tolerance: 1e-7,
  });
}

const random = fc
  .record({
    memory: fc.double({ min: 100, max: 1e5, noNaN: true }),
    ratio: fc.double({ min: 0.05, max: 0.8, noNaN: true }),
    rounds: fc.integer({ min: 0, max: 6 }),
    alpha: fc.double({ min: 1.1, max: 3.5, noNaN: true }),
    total: fc.option(fc.double({ min: 1.01, max: 4, noNaN: true })),
    last: fc.option(fc.double({ min: 1.01, max: 50, noNaN: true })),
  })
  .map(({ memory, ratio, rounds, alpha, total, last }) => {
    const sum = Array.from({ length: rounds + 2 }, (_, i) => ratio ** i).reduce((a, b) => a + b, 0);
    return figure(900 * ratio, {
      memory: bytes((memory * 1e6) / 8),
      rounds,
      energy: { k0: 1, alpha },
      totalTimeLimit: total === null ? null : millis((memory / 900) * sum * total * 1000),
      stopAndCopyLimit: last === null ? null : millis((memory / 900) * ratio ** (rounds + 1) * last * 1000),
    });
  });

describe('against a general solver', () => {
  it.each([100, 200, 300, 400, 500])('minimum-energy is the optimum at w = %d', (w) => {
    const exact = minimumEnergy(figure(w));
    if (!exact.feasible) throw new Error('infeasible');
    const other = byCuttingPlanes(figure(w), false);
    expect(Math.log(exact.energy)).toBeCloseTo(other.lowerBound, 5);
    expect(exact.rate / 1e6 / Math.exp(other.x[0] ?? 0)).toBeCloseTo(1, 2);
  });

  it('minimum-energy is the optimum of random problems', () => {
    fc.assert(
      fc.property(random, (problem) => {
        const exact = minimumEnergy(problem);
        if (!exact.feasible) throw new Error('infeasible');
        expect(Math.log(exact.energy)).toBeCloseTo(byCuttingPlanes(problem, false).lowerBound, 5);
      }),
      { numRuns: 40 },
    );
  });

  it.each([100, 200, 300])('a rate for every round is the optimum at w = %d', (w) => {
    const exact = minimumEnergyPerRound(figure(w, { rounds: 1 }));
    if (!exact.feasible) throw new Error('infeasible');
    const other = byCuttingPlanes(figure(w, { rounds: 1 }), true);
    expect(Math.log(exact.energy)).toBeCloseTo(other.lowerBound, 5);
  });

  it('the geometric program finds the optimum of random groups', () => {
    const groups = fc.record({
      volumes: fc.array(fc.double({ min: 10, max: 5000, noNaN: true }), { minLength: 2, maxLength: 3 }),
      dirtyRate: fc.double({ min: 1, max: 30, noNaN: true }),
      rounds: fc.integer({ min: 0, max: 5 }),
      weightTotal: fc.double({ min: 0.01, max: 1, noNaN: true }),
      weightDowntime: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(groups, (group) => {
        const program: GeometricProgram = { ...group, rate: 125 };
        const exact = geometricProgram(program);
        if (!exact.feasible) throw new Error('infeasible');
        expect(exact.rates.reduce((a, b) => a + b, 0)).toBeCloseTo(125, 9);
        expect(exact.objective).toBeLessThanOrEqual(exact.equalSplitObjective * (1 + 1e-12));
        expect(Math.log(exact.objective)).toBeCloseTo(groupByCuttingPlanes(program), 4);
      }),
      { numRuns: 25 },
    );
  });
});

function groupByCuttingPlanes(program: GeometricProgram): number {
  const { volumes, dirtyRate, rounds, rate } = program;
  const unit = (j: number, slope: number) => volumes.map((_, k) => (k === j ? slope : 0));
  const terms = volumes.flatMap((volume, j) =>
    Array.from({ length: rounds + 1 }, (_, i) => ({
      slopes: unit(j, -(i + 1)),
      offset: Math.log(
        volume * dirtyRate ** i * (program.weightTotal + (i === rounds ? program.weightDowntime : 0)),
      ),
    })),
  );
  const sum = logSumExp(volumes.map((_, j) => ({ slopes: unit(j, 1), offset: -Math.log(rate) })));
  return cuttingPlanes({
    objective: logSumExp(terms),
    constraints: [sum],
    box: volumes.map(() => [Math.log(dirtyRate), Math.log(rate)]),
    tolerance: 1e-6,
  }).lowerBound;
}
