/**
 * A barrier method for the joint problem min Σ f_k(R_k), A R ≤ c, L ≤ R ≤ U in d = ln (R / L), where it is convex. Slow
 * next to an ascent of prices, but bounds that all but meet, equal costs and other kinks of the dual do not hold it up:
 * it walks through the inside and sees none of them. The Newton matrix is a diagonal and one rank for each link, so a
 * step costs a dense system of the links: it is the oracle of the tests, and shares no code with the solver.
 *
 * Rates that it gives are inside of all limits but for rounding; prices are those of the last point: barrier / room.
 */
import { factorSymmetric } from '../../linear-solve.ts';
import { loadsOf } from '../feasibility.ts';
import { Matrix } from '../packing-matrix.ts';
import type { AllocationProblem, CostedDemand } from '../problem.ts';

export interface InteriorPoint {
  readonly rates: Float64Array;
  /** Of every link; 0 where it is not crossed by anything that can move. */
  readonly prices: Float64Array;
  /** Newton steps. */
  readonly iterations: number;
}

const NEWTON_MAX = 400;
/** Steps to one point of the path: from the last one it is about five. */
const CENTRING_MAX = 60;
/** Least relative room on a link, and least width of a range, in which anything can be weighed in doubles. */
const CLOSED = 1e-13;
/** The barrier falls by this much once its point is found. */
const FALL = 0.15;

/** The lower bounds must fit. The gap that it aims at is relative to the cost. */
export function interiorJoint(problem: AllocationProblem<CostedDemand>, gapAim: number): InteriorPoint {
  const { capacities, demands } = problem;
  const least = Float64Array.from(demands, ({ rateMin }) => rateMin);
  const prices = new Float64Array(capacities.length);
  const base = loadsOf(capacities.length, demands, least);
  const room = (link: number) => (capacities[link] as number) - (base[link] as number);
  const isClosed = (link: number) => room(link) <= CLOSED * (capacities[link] as number);
  const open = demands.flatMap(({ uses, rateMin, rateMax }, k) =>
    rateMax > rateMin * (1 + CLOSED) && !uses.some(({ link }) => isClosed(link)) ? [k] : [],
  );
  const rows = [...new Set(open.flatMap((k) => (demands[k] as CostedDemand).uses.map(({ link }) => link)))];
  const rowOf = new Map(rows.map((link, row) => [link, row]));
  const walk = new Walk(
    open.map((k) => demands[k] as CostedDemand),
    open.map((k) =>
      (demands[k] as CostedDemand).uses.map(({ link, share }) => ({
        link: rowOf.get(link) as number,
        share,
      })),
    ),
    Float64Array.from(rows, room),
  );
  const iterations = open.length === 0 ? 0 : walk.toTheEnd(gapAim, fixedCost(problem, open));
  const rates = least;
  for (const [i, k] of open.entries())
    rates[k] = Math.min((demands[k] as CostedDemand).rateMax, walk.rate(i));
  for (const [row, link] of rows.entries()) prices[link] = walk.price(row);
  closeUp(problem, { prices, isClosed });
  return { rates, prices, iterations };
}

/** What those cost that cannot move. */
function fixedCost({ demands }: AllocationProblem<CostedDemand>, open: readonly number[]): number {
  const moving = new Set(open);
  return demands.reduce((sum, demand, k) => (moving.has(k) ? sum : sum + curveAt(demand, 0)[0]), 0);
}

/** A link without room gets the least price at which nobody who crosses it wants more than the lower bound. */
function closeUp(
  { demands }: AllocationProblem<CostedDemand>,
  { prices, isClosed }: { readonly prices: Float64Array; readonly isClosed: (link: number) => boolean },
): void {
  for (const demand of demands) {
    const closed = demand.uses.find(({ link }) => isClosed(link));
    if (closed === undefined) continue;
    const paid = demand.uses.reduce((sum, { link, share }) => sum + share * (prices[link] as number), 0);
    const wish = -curveAt(demand, 0)[1] / demand.rateMin - paid;
    if (wish > 0) prices[closed.link] = (prices[closed.link] as number) + wish / closed.share;
  }
}

/** f and its first two derivatives by d = ln (R / L). */
function curveAt({ cost, rateMin }: CostedDemand, d: number): readonly [number, number, number] {
  let value = 0;
  let slope = 0;
  let bend = 0;
  const rate = rateMin * Math.exp(d);
  for (const { scale, exponent, dirtyRate, terms } of cost) {
    const ratio = dirtyRate / rate;
    let term = scale * rate ** exponent;
    for (let i = 0; i < terms && term > 0; i += 1) {
      const power = exponent - i;
      value += term;
      slope += power * term;
      bend += power * power * term;
      term *= ratio;
    }
  }
  return [value, slope, bend];
}

/** The walk along the central path of those that can move. */
class Walk {
  private d: Float64Array;
  private readonly top: Float64Array;
  private readonly matrix: Matrix;
  private readonly least: Float64Array;
  private barrier = 0;

  constructor(
    private readonly demands: readonly CostedDemand[],
    uses: ConstructorParameters<typeof Matrix>[0],
    private readonly room: Float64Array,
  ) {
    this.matrix = new Matrix(uses, room.length);
    this.least = Float64Array.from(demands, ({ rateMin }) => rateMin);
    this.top = Float64Array.from(demands, ({ rateMin, rateMax }) =>
      Math.log1p((rateMax - rateMin) / rateMin),
    );
    const widths = Float64Array.from(demands, ({ rateMin, rateMax }) => rateMax - rateMin);
    const full = this.matrix.times(widths);
    this.d = widths.map((width, k) => {
      const part = this.matrix.least(k, (row) => (room[row] as number) / (full[row] as number)) / 2;
      return Math.log1p((part * width) / (this.least[k] as number));
    });
  }

  rate(k: number): number {
    const least = this.least[k] as number;
    return least + least * Math.expm1(this.d[k] as number);
  }

  price(row: number): number {
    return this.barrier / (this.spare(this.d)[row] as number);
  }

  /** Lowers the barrier until what it can hide is within the aim. Newton steps that it took. */
  toTheEnd(gapAim: number, fixed: number): number {
    const conditions = this.room.length + 2 * this.demands.length;
    this.barrier = Math.max(this.cost(this.d), Number.MIN_VALUE) / conditions;
    let steps = 0;
    for (;;) {
      steps += this.centre(Math.min(CENTRING_MAX, NEWTON_MAX - steps));
      const cost = fixed + this.cost(this.d);
      if (conditions * this.barrier <= gapAim * cost || steps >= NEWTON_MAX || this.barrier === 0)
        return steps;
      this.barrier *= FALL;
    }
  }

  private cost(d: Float64Array): number {
    return this.demands.reduce((sum, demand, k) => sum + curveAt(demand, d[k] as number)[0], 0);
  }

  /** What is left of the links. */
  private spare(d: Float64Array): Float64Array {
    const used = this.matrix.times(d.map((value, k) => (this.least[k] as number) * Math.expm1(value)));
    return this.room.map((most, row) => most - (used[row] as number));
  }

  /** Cost / barrier − Σ ln of all that must stay above 0; Infinity outside. */
  private merit(d: Float64Array): number {
    let sum = this.cost(d) / this.barrier;
    for (const rest of this.spare(d)) {
      if (!(rest > 0)) return Number.POSITIVE_INFINITY;
      sum -= Math.log(rest);
    }
    for (let k = 0; k < d.length; k += 1) {
      const low = d[k] as number;
      const high = (this.top[k] as number) - low;
      if (!(low > 0 && high > 0)) return Number.POSITIVE_INFINITY;
      sum -= Math.log(low) + Math.log(high);
    }
    return sum;
  }

  /** Newton's method to the point of this barrier. */
  private centre(stepsMax: number): number {
    for (let steps = 0; steps < stepsMax; steps += 1) {
      const { step, fall } = this.newton();
      if (!(fall > CENTRED)) return steps;
      const here = this.merit(this.d);
      let length = 1;
      let next = this.d;
      for (; length > SHORTEST; length /= 2) {
        next = this.d.map((value, k) => value + length * (step[k] as number));
        const there = this.merit(next);
        // Near the point of the path the merit's own rounding hides the fall; Newton's method needs no guard there.
        if (there <= here - 0.1 * length * fall || (fall < NEAR && Number.isFinite(there))) break;
      }
      if (length <= SHORTEST) return steps;
      this.d = next;
    }
    return stepsMax;
  }

  /** The step, and how far the merit falls along it to first order. */
  private newton(): { readonly step: Float64Array; readonly fall: number } {
    const { d, top, barrier, matrix } = this;
    const spare = this.spare(d);
    const rates = d.map((_, k) => this.rate(k));
    const inverse = spare.map((rest) => 1 / rest);
    const pull = matrix.transposedTimes(inverse);
    const slope = new Float64Array(d.length);
    const bend = new Float64Array(d.length);
    for (let k = 0; k < d.length; k += 1) {
      const low = d[k] as number;
      const high = (top[k] as number) - low;
      const [, first, second] = curveAt(this.demands[k] as CostedDemand, low);
      const load = (rates[k] as number) * (pull[k] as number);
      slope[k] = first / barrier + load - 1 / low + 1 / high;
      bend[k] = second / barrier + load + 1 / low ** 2 + 1 / high ** 2;
    }
    // H = bend + Gᵀ S G with G = A·R and S = 1 / spare²: by the links' system (1 / S + G / bend Gᵀ) y = G / bend slope.
    const theta = rates.map((rate, k) => rate ** 2 / (bend[k] as number));
    const own = spare.map((rest) => rest ** 2);
    const scale = matrix.diagonal(theta).map((value, row) => 1 / Math.sqrt((own[row] as number) + value));
    const right = matrix.times(rates.map((rate, k) => (rate * (slope[k] as number)) / (bend[k] as number)));
    const solve = factorSymmetric(matrix.dense({ theta, own, scale }));
    const y = solve(right.map((value, row) => value * (scale[row] as number))).map(
      (value, row) => value * (scale[row] as number),
    );
    const through = matrix.transposedTimes(y);
    const step = slope.map(
      (value, k) => ((rates[k] as number) * (through[k] as number) - value) / (bend[k] as number),
    );
    return { step, fall: -step.reduce((sum, value, k) => sum + value * (slope[k] as number), 0) };
  }
}

/** Newton's decrement, squared, at which a point is near enough to the path. */
const CENTRED = 1e-6;
const NEAR = 1e-3;
const SHORTEST = 1e-10;
