/**
 * Two slow and plain ways to the optimum of an allocation problem, for comparison with the fast one. They share no code
 * with it: a barrier method in x = ln R with dense Newton steps, and linear programs over tangents by HiGHS.
 */
import { solveSymmetric } from '../../linear-solve.ts';
import { type Row, solveLinear } from '../../testing/linear-program.ts';
import type { AllocationProblem, CostedDemand } from '../problem.ts';

export interface Optimum {
  /** The cost of rates that fit, and a bound below every such cost. */
  readonly value: number;
  readonly lowerBound: number;
  readonly rates: readonly number[];
}

/** f and its first two derivatives by x = ln R. */
function inLogarithm(demand: CostedDemand, x: number): readonly [number, number, number] {
  const of: [number, number, number] = [0, 0, 0];
  for (const { scale, exponent, dirtyRate, terms } of demand.cost)
    for (let i = 0; i < terms; i += 1) {
      if (dirtyRate === 0 && i > 0) continue;
      const power = exponent - i;
      const value = scale * Math.exp(power * x + (i === 0 ? 0 : i * Math.log(dirtyRate)));
      of[0] += value;
      of[1] += power * value;
      of[2] += power * power * value;
    }
  return of;
}

const totalOf = (demands: readonly CostedDemand[], rates: readonly number[]): number =>
  demands.reduce((sum, demand, k) => sum + inLogarithm(demand, Math.log(rates[k] as number))[0], 0);

/** For problems with some room on every link above the lower bounds. */
export function byBarrier({ capacities, demands }: AllocationProblem<CostedDemand>): Optimum {
  const free = demands.flatMap(({ rateMin, rateMax }, k) => (rateMax > rateMin * (1 + 1e-12) ? [k] : []));
  const demandOf = (i: number) => demands[free[i] as number] as CostedDemand;
  const rates: number[] = demands.map(({ rateMin }) => rateMin);
  const shareOf = (k: number, link: number) =>
    demands[k]?.uses.reduce((sum, use) => (use.link === link ? sum + use.share : sum), 0) ?? 0;
  const links = capacities.flatMap((_, link) => (free.some((k) => shareOf(k, link) > 0) ? [link] : []));
  const loadWith = (link: number, x: Float64Array) =>
    demands.reduce((sum, demand, k) => {
      const at = free.indexOf(k);
      return sum + shareOf(k, link) * (at === -1 ? demand.rateMin : Math.exp(x[at] as number));
    }, 0);
  const start = Math.min(
    0.5,
    ...links.map((link) => {
      const base = demands.reduce((sum, { rateMin }, k) => sum + shareOf(k, link) * rateMin, 0);
      const full = demands.reduce((sum, { rateMax }, k) => sum + shareOf(k, link) * rateMax, 0);
      return full > base ? (((capacities[link] as number) - base) / (full - base)) * 0.5 : 0.5;
    }),
  );
  const x = Float64Array.from(free, (k) => {
    const { rateMin, rateMax } = demands[k] as CostedDemand;
    return Math.log(rateMin + start * (rateMax - rateMin));
  });
  const unit = Math.max(totalOf(demands, rates), Number.MIN_VALUE);
  const evaluate = (weight: number, point: Float64Array) => {
    let value = 0;
    const gradient = new Float64Array(free.length);
    const hessian = free.map(() => new Float64Array(free.length));
    const add = (i: number, j: number, by: number) => {
      const row = hessian[i] as Float64Array;
      row[j] = (row[j] as number) + by;
    };
    for (let i = 0; i < free.length; i += 1) {
      const [f, slope, curve] = inLogarithm(demandOf(i), point[i] as number);
      const low = (point[i] as number) - Math.log(demandOf(i).rateMin);
      const high = Math.log(demandOf(i).rateMax) - (point[i] as number);
      if (low <= 0 || high <= 0) return null;
      value += (weight * f) / unit - Math.log(low) - Math.log(high);
      gradient[i] = (weight * slope) / unit - 1 / low + 1 / high;
      add(i, i, (weight * curve) / unit + 1 / low ** 2 + 1 / high ** 2);
    }
    for (const link of links) {
      const capacity = capacities[link] as number;
      const room = 1 - loadWith(link, point) / capacity;
      if (room <= 0) return null;
      value -= Math.log(room);
      const parts = free.map((k, i) => (shareOf(k, link) * Math.exp(point[i] as number)) / capacity);
      for (const [i, a] of parts.entries()) {
        gradient[i] = (gradient[i] as number) + a / room;
        add(i, i, a / room);
        for (const [j, b] of parts.entries()) add(i, j, (a * b) / room ** 2);
      }
    }
    return { value, gradient, hessian };
  };
  const conditions = links.length + 2 * free.length;
  let weight = 1;
  for (; free.length > 0 && conditions / weight > BARRIER_GAP; weight *= 6)
    for (let turn = 0; turn < NEWTON_MAX; turn += 1) {
      const here = evaluate(weight, x);
      if (here === null) throw new Error('the barrier was left');
      const step = solveSymmetric(here.hessian, here.gradient);
      const fall = step.reduce((sum, d, i) => sum + d * (here.gradient[i] as number), 0);
      if (fall < 1e-9) break;
      let length = 1;
      for (; length > 1e-12; length /= 2) {
        const next = evaluate(
          weight,
          x.map((value, i) => value - length * (step[i] as number)),
        );
        if (next !== null && next.value <= here.value - 0.2 * length * fall) break;
      }
      if (length <= 1e-12) break;
      for (let i = 0; i < x.length; i += 1) x[i] = (x[i] as number) - length * (step[i] as number);
    }
  for (const [i, k] of free.entries()) rates[k] = Math.exp(x[i] as number);
  const value = totalOf(demands, rates);
  // The last weight that was used is a sixth of it; centred to rounding, the gap is twice the ideal one at most.
  return { value, lowerBound: value - (12 * conditions * unit) / weight, rates };
}

const BARRIER_GAP = 1e-9;
const NEWTON_MAX = 60;

/**
 * For costs that are convex in R itself: whole exponents. Every tangent of a cost lies below it, so the linear program
 * over tangents is a lower bound; it ends when the cost at its point is no more than `tolerance` above, relative. HiGHS
 * itself keeps rows to 1e-7.
 */
export function byTangents(
  { capacities, demands }: AllocationProblem<CostedDemand>,
  tolerance = 4e-7,
): Optimum {
  // Every rate in units of its upper bound, for HiGHS drops what is small.
  const unitOf = (k: number) => (demands[k] as CostedDemand).rateMax;
  const money = Math.max(
    totalOf(
      demands,
      demands.map(({ rateMin }) => rateMin),
    ) / demands.length,
    Number.MIN_VALUE,
  );
  const rows: Row[] = capacities.flatMap((capacity, link): Row[] => {
    const terms: Record<string, number> = {};
    for (const [k, { uses }] of demands.entries())
      for (const use of uses) if (use.link === link) terms[`r${k}`] = (use.share * unitOf(k)) / capacity;
    return Object.keys(terms).length === 0 ? [] : [{ terms, sense: '<=', right: 1 }];
  });
  const tangent = (k: number, rate: number): void => {
    const [f, slope] = inLogarithm(demands[k] as CostedDemand, Math.log(rate));
    const slopeHere = ((slope / rate) * unitOf(k)) / money;
    rows.push({
      terms: { [`r${k}`]: slopeHere, [`t${k}`]: -1 },
      sense: '<=',
      right: (slopeHere * rate) / unitOf(k) - f / money,
    });
  };
  const objective = Object.fromEntries(demands.map((_, k) => [`t${k}`, 1]));
  const bounds = Object.fromEntries(
    demands.map(({ rateMin, rateMax }, k) => [`r${k}`, [rateMin / rateMax, 1] as const]),
  );
  for (const [k, { rateMin, rateMax }] of demands.entries())
    for (let part = 0; part <= FIRST_TANGENTS; part += 1)
      tangent(k, rateMin * (rateMax / rateMin) ** (part / FIRST_TANGENTS));
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const { value, at } = solveLinear({ goal: 'Minimize', objective, rows, bounds });
    const rates = demands.map(({ rateMin, rateMax }, k) =>
      Math.min(rateMax, Math.max(rateMin, (at[`r${k}`] as number) * rateMax)),
    );
    const cost = totalOf(demands, rates);
    if (cost - value * money <= tolerance * cost) return { value: cost, lowerBound: value * money, rates };
    for (const [k, rate] of rates.entries()) tangent(k, rate);
  }
  throw new Error(`no convergence within ${TURNS_MAX} turns`);
}

const FIRST_TANGENTS = 8;
const TURNS_MAX = 60;
