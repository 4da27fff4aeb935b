/**
 * Mehrotra's predictor-corrector method for max Σ x, A x ≤ b, 0 ≤ x ≤ u with A ≥ 0 and b, u > 0. Both sides start inside
 * and stay inside, whatever the Newton systems are worth: a step that is inexact costs progress, never validity. So the
 * method may solve large systems by conjugate gradients with a limit, and the gap still tells the truth.
 * Of several optima it comes to one inside of them, not to a corner: equal demands get equal rates.
 */
import { factorSymmetric } from '../linear-solve.ts';
import { Matrix } from './packing-matrix.ts';
import type { LinkUse } from './problem.ts';

export interface PackingProgram {
  /** Above 0. */
  readonly bounds: Float64Array;
  /** Above 0. */
  readonly limits: Float64Array;
  /** Rows that each variable is in. */
  readonly uses: readonly (readonly LinkUse[])[];
}

export interface PackingSolution {
  readonly x: Float64Array;
  /** Multipliers of the rows. */
  readonly prices: Float64Array;
  readonly iterations: number;
}

/** With so many rows or fewer the Newton systems are solved exactly; with more, by conjugate gradients. */
export const DENSE_ROWS_MAX = 600;
/** Products of two numbers in all; about two seconds. */
const WORK_MAX = 1_500_000_000;
const ITERATIONS_MAX = 80;
const GRADIENTS_MAX = 400;

/** Ends at a gap of `gapMax` of Σ x, when it comes no closer, or at the limit of work. */
export function maximizePacking({ bounds, limits, uses }: PackingProgram, gapMax: number): PackingSolution {
  const matrix = new Matrix(uses, limits.length);
  const point = startOf(matrix, bounds, limits);
  let iterations = 0;
  for (; iterations < ITERATIONS_MAX && matrix.work < WORK_MAX; iterations += 1) {
    const gap = gapOf(point);
    if (gap <= gapMax * point.x.reduce((sum, x) => sum + x, 0)) break;
    const count = 2 * point.x.length + point.s.length;
    const solve = newtonOf(matrix, point);
    const predictor = directionOf(matrix, point, { solve, target: 0, second: null });
    const ahead = gapAfter(point, predictor);
    const centring = (ahead / gap) ** 3;
    const step = directionOf(matrix, point, { solve, target: (centring * gap) / count, second: predictor });
    // Two in, two out.
    const [primal, dual] = stepsOf(point, step).map((most) => Math.min(1, INSIDE * most)) as [number, number];
    move(point, step, { primal, dual });
    if (Math.max(primal, dual) < STEP_MIN) break;
  }
  return { x: point.x, prices: point.prices, iterations };
}

/** How far towards the boundary. */
const INSIDE = 0.995;
const STEP_MIN = 1e-7;

/** x + y = u, A x + s = b; t − z = 1 − Aᵀ prices. All above 0. */
interface Point {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly s: Float64Array;
  readonly prices: Float64Array;
  readonly z: Float64Array;
  readonly t: Float64Array;
}

interface Direction {
  readonly dx: Float64Array;
  readonly ds: Float64Array;
  readonly dp: Float64Array;
  readonly dz: Float64Array;
  readonly dt: Float64Array;
}

// Indices stay within.
const at = (values: Float64Array, index: number): number => values[index] as number;

function startOf(matrix: Matrix, bounds: Float64Array, limits: Float64Array): Point {
  const full = matrix.times(bounds);
  const x = bounds.map((bound, k) => (bound * matrix.least(k, (row) => at(limits, row) / at(full, row))) / 2);
  const load = matrix.times(x);
  const longest = matrix.transposedTimes(new Float64Array(limits.length).fill(1));
  const dearest = longest.reduce((most, length) => Math.max(most, length), 1);
  const prices = new Float64Array(limits.length).fill(1 / dearest);
  const reduced = matrix.transposedTimes(prices).map((paid) => 1 - paid);
  return {
    x,
    y: bounds.map((bound, k) => bound - at(x, k)),
    s: limits.map((limit, l) => limit - at(load, l)),
    prices,
    z: reduced.map((value) => Math.max(0, -value) + 1),
    t: reduced.map((value) => Math.max(0, value) + 1),
  };
}

const gapOf = ({ x, y, s, prices, z, t }: Point): number => dot(x, z) + dot(y, t) + dot(s, prices);

type Solve = (right: Float64Array) => Float64Array;

interface Aim {
  readonly solve: Solve;
  /** What each product of a variable and its multiplier shall become. */
  readonly target: number;
  /** The predictor, whose second-order error is taken off. */
  readonly second: Direction | null;
}

function directionOf(matrix: Matrix, point: Point, { solve, target, second }: Aim): Direction {
  const { x, y, s, prices, z, t } = point;
  const error = (a: keyof Direction, b: keyof Direction, k: number) =>
    second === null ? 0 : at(second[a], k) * at(second[b], k);
  const theta = thetaOf(point);
  const ofX = x.map((value, k) => target - value * at(z, k) - error('dx', 'dz', k));
  const ofY = y.map((value, k) => target - value * at(t, k) + error('dx', 'dt', k));
  const ofS = s.map((value, l) => target - value * at(prices, l) - error('ds', 'dp', l));
  const shift = ofY.map((value, k) => value / at(y, k) - at(ofX, k) / at(x, k));
  const shifted = matrix.times(shift.map((value, k) => value * at(theta, k)));
  const dp = solve(ofS.map((value, l) => value / at(prices, l) - at(shifted, l)));
  const paid = matrix.transposedTimes(dp);
  const dx = paid.map((value, k) => -at(theta, k) * (value + at(shift, k)));
  return {
    dp,
    dx,
    ds: matrix.times(dx).map((value) => -value),
    dz: dx.map((value, k) => (at(ofX, k) - at(z, k) * value) / at(x, k)),
    dt: dx.map((value, k) => (at(ofY, k) + at(t, k) * value) / at(y, k)),
  };
}

const thetaOf = ({ x, y, z, t }: Point): Float64Array =>
  x.map((value, k) => 1 / (at(t, k) / at(y, k) + at(z, k) / value));

/** Solves (S / prices + A Θ Aᵀ) d = right, with a unit diagonal, so that links of all sizes weigh the same. */
function newtonOf(matrix: Matrix, point: Point): Solve {
  const theta = thetaOf(point);
  const own = point.s.map((value, l) => value / at(point.prices, l));
  const scale = matrix.diagonal(theta).map((value, l) => 1 / Math.sqrt(at(own, l) + value));
  const scaled = (v: Float64Array) => v.map((value, l) => value * at(scale, l));
  const solve: Solve =
    own.length <= DENSE_ROWS_MAX
      ? factorSymmetric(matrix.dense({ theta, own, scale }))
      : (right) =>
          conjugateGradients(right, (v) => {
            const d = scaled(v);
            return scaled(matrix.normal(theta, d).map((value, l) => value + at(own, l) * at(d, l)));
          });
  return (right) => scaled(solve(scaled(right)));
}

function conjugateGradients(right: Float64Array, times: Solve): Float64Array {
  const solution = new Float64Array(right.length);
  const rest = Float64Array.from(right);
  const direction = Float64Array.from(right);
  let square = dot(rest, rest);
  const enough = square * RESIDUAL ** 2;
  for (let step = 0; step < GRADIENTS_MAX && square > enough; step += 1) {
    const image = times(direction);
    const length = square / dot(direction, image);
    for (let l = 0; l < right.length; l += 1) {
      solution[l] = at(solution, l) + length * at(direction, l);
      rest[l] = at(rest, l) - length * at(image, l);
    }
    const next = dot(rest, rest);
    for (let l = 0; l < right.length; l += 1) direction[l] = at(rest, l) + (next / square) * at(direction, l);
    square = next;
  }
  return solution;
}

const RESIDUAL = 1e-10;

/** The largest steps of both sides that stay inside. */
function stepsOf(
  { x, y, s, prices, z, t }: Point,
  { dx, ds, dp, dz, dt }: Direction,
): readonly [number, number] {
  const back = dx.map((value) => -value);
  return [
    Math.min(reach(x, dx), reach(y, back), reach(s, ds)),
    Math.min(reach(prices, dp), reach(z, dz), reach(t, dt)),
  ];
}

function reach(values: Float64Array, direction: Float64Array): number {
  let most = Number.POSITIVE_INFINITY;
  for (let k = 0; k < values.length; k += 1)
    if (at(direction, k) < 0) most = Math.min(most, -at(values, k) / at(direction, k));
  return most;
}

function gapAfter(point: Point, direction: Direction): number {
  // Two in, two out.
  const [primal, dual] = stepsOf(point, direction).map((most) => Math.min(1, most)) as [number, number];
  const copy: Point = {
    x: Float64Array.from(point.x),
    y: Float64Array.from(point.y),
    s: Float64Array.from(point.s),
    prices: Float64Array.from(point.prices),
    z: Float64Array.from(point.z),
    t: Float64Array.from(point.t),
  };
  move(copy, direction, { primal, dual });
  return Math.max(0, gapOf(copy));
}

function move(
  { x, y, s, prices, z, t }: Point,
  { dx, ds, dp, dz, dt }: Direction,
  { primal, dual }: { readonly primal: number; readonly dual: number },
): void {
  for (let k = 0; k < x.length; k += 1) {
    x[k] = at(x, k) + primal * at(dx, k);
    y[k] = at(y, k) - primal * at(dx, k);
    z[k] = at(z, k) + dual * at(dz, k);
    t[k] = at(t, k) + dual * at(dt, k);
  }
  for (let l = 0; l < s.length; l += 1) {
    s[l] = at(s, l) + primal * at(ds, l);
    prices[l] = at(prices, l) + dual * at(dp, l);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += at(a, k) * at(b, k);
  return sum;
}
