/**
 * Mehrotra's predictor-corrector method for max Σ x, A x ≤ b, 0 ≤ x ≤ u with A ≥ 0 and b, u > 0. Both sides start inside
 * and stay inside, whatever the Newton systems are worth: a step that is inexact costs progress, never validity. So the
 * method may solve large systems by conjugate gradients with a limit, and the gap still tells the truth.
 * Of several optima it comes to one inside of them, not to a corner: equal demands get equal rates.
 */
import { factorSymmetric } from '../linear-solve.ts';
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
const ITERATIONS_MAX = 80;
const GRADIENTS_MAX = 400;

/** Ends at a gap of `gapMax` of Σ x, or when it comes no closer. */
export function maximizePacking(program: PackingProgram, gapMax: number): PackingSolution {
  const point = startOf(program);
  let iterations = 0;
  for (; iterations < ITERATIONS_MAX; iterations += 1) {
    const gap = gapOf(point);
    if (gap <= gapMax * point.x.reduce((sum, x) => sum + x, 0)) break;
    const count = 2 * point.x.length + point.s.length;
    const solve = newtonOf(program, point);
    const none = { dx: null, dz: null, dt: null, ds: null, dp: null };
    const predictor = directionOf(program, point, { solve, target: 0, second: none });
    const ahead = gapAfter(point, predictor);
    const centring = (ahead / gap) ** 3;
    const step = directionOf(program, point, { solve, target: (centring * gap) / count, second: predictor });
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

const at = (values: Float64Array, index: number): number => values[index] as number;

function startOf({ bounds, limits, uses }: PackingProgram): Point {
  const full = times(uses, bounds, limits.length);
  const x = Float64Array.from(bounds, (bound, k) => {
    const parts = (uses[k] ?? []).map(({ link }) => at(limits, link) / at(full, link));
    return (bound * Math.min(1, ...parts)) / 2;
  });
  const load = times(uses, x, limits.length);
  const longest = Math.max(1, ...uses.map((path) => path.reduce((sum, { share }) => sum + share, 0)));
  const prices = new Float64Array(limits.length).fill(1 / longest);
  const reduced = transposedTimes(uses, prices).map((paid) => 1 - paid);
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
  readonly second: Direction | { readonly [name in keyof Direction]: null };
}

function directionOf(program: PackingProgram, point: Point, { solve, target, second }: Aim): Direction {
  const { x, y, s, prices, z, t } = point;
  const { uses } = program;
  const product = (a: Float64Array | null, b: Float64Array | null, k: number) =>
    a === null || b === null ? 0 : at(a, k) * at(b, k);
  const theta = thetaOf(point);
  const ofX = x.map((value, k) => target - value * at(z, k) - product(second.dx, second.dz, k));
  const ofY = y.map((value, k) => target - value * at(t, k) + product(second.dx, second.dt, k));
  const ofS = s.map((value, l) => target - value * at(prices, l) - product(second.ds, second.dp, l));
  const shift = ofY.map((value, k) => value / at(y, k) - at(ofX, k) / at(x, k));
  const shifted = times(
    uses,
    shift.map((value, k) => value * at(theta, k)),
    s.length,
  );
  const dp = solve(ofS.map((value, l) => value / at(prices, l) - at(shifted, l)));
  const paid = transposedTimes(uses, dp);
  const dx = paid.map((value, k) => -at(theta, k) * (value + at(shift, k)));
  return {
    dp,
    dx,
    ds: times(uses, dx, s.length).map((value) => -value),
    dz: dx.map((value, k) => (at(ofX, k) - at(z, k) * value) / at(x, k)),
    dt: dx.map((value, k) => (at(ofY, k) + at(t, k) * value) / at(y, k)),
  };
}

const thetaOf = ({ x, y, z, t }: Point): Float64Array =>
  x.map((value, k) => 1 / (at(t, k) / at(y, k) + at(z, k) / value));

/** Solves (S / prices + A Θ Aᵀ) d = right, with a unit diagonal, so that links of all sizes weigh the same. */
function newtonOf({ uses }: PackingProgram, point: Point): Solve {
  const theta = thetaOf(point);
  const own = point.s.map((value, l) => value / at(point.prices, l));
  const diagonal = Float64Array.from(own);
  for (const [k, path] of uses.entries())
    for (const { link, share } of path) diagonal[link] = at(diagonal, link) + share * share * at(theta, k);
  const scale = diagonal.map((value) => 1 / Math.sqrt(value));
  const solve =
    own.length <= DENSE_ROWS_MAX
      ? factorSymmetric(denseOf(uses, { theta, own, scale }))
      : (right: Float64Array) =>
          conjugateGradients(right, (v) => {
            const scaled = v.map((value, l) => value * at(scale, l));
            const inner = transposedTimes(uses, scaled).map((value, k) => value * at(theta, k));
            return times(uses, inner, own.length).map(
              (value, l) => at(scale, l) * (value + at(own, l) * at(scaled, l)),
            );
          });
  return (right) =>
    solve(right.map((value, l) => value * at(scale, l))).map((value, l) => value * at(scale, l));
}

function denseOf(
  uses: PackingProgram['uses'],
  {
    theta,
    own,
    scale,
  }: { readonly theta: Float64Array; readonly own: Float64Array; readonly scale: Float64Array },
): readonly Float64Array[] {
  const rows = Array.from(own, (value, l) => {
    const row = new Float64Array(l + 1);
    row[l] = value * at(scale, l) ** 2;
    return row;
  });
  for (const [k, path] of uses.entries())
    for (const a of path)
      for (const b of path) {
        if (b.link > a.link) continue;
        const row = rows[a.link] as Float64Array;
        row[b.link] =
          at(row, b.link) + a.share * b.share * at(theta, k) * at(scale, a.link) * at(scale, b.link);
      }
  return rows;
}

function conjugateGradients(right: Float64Array, matrix: (v: Float64Array) => Float64Array): Float64Array {
  const solution = new Float64Array(right.length);
  const rest = Float64Array.from(right);
  const direction = Float64Array.from(right);
  let square = dot(rest, rest);
  const enough = square * RESIDUAL ** 2;
  for (let step = 0; step < GRADIENTS_MAX && square > enough; step += 1) {
    const image = matrix(direction);
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

function times(uses: PackingProgram['uses'], x: Float64Array, rows: number): Float64Array {
  const sums = new Float64Array(rows);
  for (let k = 0; k < uses.length; k += 1)
    for (const { link, share } of uses[k] as readonly LinkUse[])
      sums[link] = at(sums, link) + share * at(x, k);
  return sums;
}

const transposedTimes = (uses: PackingProgram['uses'], prices: Float64Array): Float64Array =>
  Float64Array.from(uses, (path) => {
    let sum = 0;
    for (const { link, share } of path) sum += share * at(prices, link);
    return sum;
  });

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += at(a, k) * at(b, k);
  return sum;
}
