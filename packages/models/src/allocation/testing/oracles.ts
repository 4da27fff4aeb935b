/**
 * Two slow and plain ways to the optimum of an allocation problem, for comparison with the fast one. They share no code
 * with it: a barrier method, and linear programs over tangents by HiGHS.
 */
import { type Row, solveLinear } from '../../testing/linear-program.ts';
import { checkOptimality } from '../certificate.ts';
import type { AllocationProblem, CostedDemand } from '../problem.ts';
import { interiorJoint } from './interior-joint.ts';

export interface Optimum {
  /** The cost of rates that fit, and a bound below every such cost. */
  readonly value: number;
  readonly lowerBound: number;
  readonly rates: readonly number[];
}

/** f and its derivative by x = ln R. */
function inLogarithm(demand: CostedDemand, x: number): readonly [number, number] {
  const of: [number, number] = [0, 0];
  for (const { scale, exponent, dirtyRate, terms } of demand.cost)
    for (let i = 0; i < terms; i += 1) {
      if (dirtyRate === 0 && i > 0) continue;
      const power = exponent - i;
      const value = scale * Math.exp(power * x + (i === 0 ? 0 : i * Math.log(dirtyRate)));
      of[0] += value;
      of[1] += power * value;
    }
  return of;
}

const totalOf = (demands: readonly CostedDemand[], rates: readonly number[]): number =>
  demands.reduce((sum, demand, k) => sum + inLogarithm(demand, Math.log(rates[k] as number))[0], 0);

/** For up to a few hundred links. */
export function byBarrier(problem: AllocationProblem<CostedDemand>): Optimum {
  const { rates, prices } = interiorJoint(problem, BARRIER_GAP);
  const { primalValue, dualValue } = checkOptimality(problem, { rates: [...rates], prices: [...prices] });
  return { value: primalValue, lowerBound: dualValue, rates: [...rates] };
}

const BARRIER_GAP = 1e-9;

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

const FIRST_TANGENTS = 6;
const TURNS_MAX = 60;
