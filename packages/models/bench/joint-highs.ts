/**
 * The same allocation by HiGHS: costs of whole exponents up to 1 are convex in the rate itself, so tangents bound them
 * from below. Each program's rates fit, which gives a cost from above; where the two differ a tangent is added.
 */
import type { AllocationProblem, CostedDemand, LinearSolver } from '@sluice/models';

/** Tangents of each demand to begin with, spread evenly in ln R. */
const TANGENTS = 12;
const PROGRAMS_MAX = 30;
/** Of a cost, so that it hardly ever is the size of the whole. */
const GIGA = 1e9;

export function byTangents(
  solver: LinearSolver,
  problem: AllocationProblem<CostedDemand>,
  gapMax: number,
): { readonly cost: number; readonly gap: number; readonly programs: number } {
  const { demands } = problem;
  const unit = demands.reduce((sum, demand) => sum + costOf(demand, demand.rateMax), 0) / demands.length;
  const cuts = demands.flatMap((demand, k) =>
    Array.from({ length: TANGENTS }, (_, i) => {
      const rate = demand.rateMin * (demand.rateMax / demand.rateMin) ** (i / (TANGENTS - 1));
      return tangent(demand, k, rate, unit);
    }),
  );
  const links = linkRows(problem);
  for (let programs = 1; ; programs += 1) {
    const solved = solver.solve(program(problem, [...links, ...cuts]));
    if (solved.Status !== 'Optimal') throw new Error(`HiGHS says ${solved.Status}`);
    const rates = demands.map((demand, k) => {
      const found = (solved.Columns[`r${k}`] as { Primal?: number } | undefined)?.Primal ?? 0;
      return Math.min(demand.rateMax, Math.max(demand.rateMin, found * GIGA));
    });
    const cost = demands.reduce((sum, demand, k) => sum + costOf(demand, rates[k] as number), 0);
    const gap = (cost - solved.ObjectiveValue * unit) / cost;
    if (gap <= gapMax || programs === PROGRAMS_MAX) return { cost, gap, programs };
    for (const [k, demand] of demands.entries()) cuts.push(tangent(demand, k, rates[k] as number, unit));
  }
}

function program({ demands }: AllocationProblem<CostedDemand>, rows: readonly string[]): string {
  return [
    'Minimize',
    ` cost: ${demands.map((_, k) => `+ t${k}`).join('\n ')}`,
    'Subject To',
    ...rows.map((row, index) => ` c${index}: ${row}`),
    'Bounds',
    ...demands.flatMap(({ rateMin, rateMax }, k) => [
      ` ${rateMin / GIGA} <= r${k} <= ${rateMax / GIGA}`,
      ` t${k} free`,
    ]),
    'End',
  ].join('\n');
}

function linkRows({ capacities, demands }: AllocationProblem<CostedDemand>): string[] {
  const users = capacities.map((): string[] => []);
  for (const [k, { uses }] of demands.entries())
    for (const { link, share } of uses) users[link]?.push(`+ ${share} r${k}`);
  return users.flatMap((terms, link) =>
    terms.length === 0 ? [] : [`${terms.join('\n ')} <= ${(capacities[link] as number) / GIGA}`],
  );
}

/** t ≥ f(a) + f′(a)(r − a). */
function tangent(demand: CostedDemand, k: number, rate: number, unit: number): string {
  let slope = 0;
  for (const { scale, exponent, dirtyRate, terms } of demand.cost)
    for (let i = 0; i < terms; i += 1)
      slope += scale * (exponent - i) * rate ** (exponent - i - 1) * dirtyRate ** i;
  const steep = (slope * GIGA) / unit;
  const right = (costOf(demand, rate) - slope * rate) / unit;
  return `t${k} ${steep < 0 ? '+' : '-'} ${Math.abs(steep)} r${k} >= ${right}`;
}

function costOf(demand: CostedDemand, rate: number): number {
  let cost = 0;
  for (const { scale, exponent, dirtyRate, terms } of demand.cost)
    for (let i = 0; i < terms; i += 1) cost += scale * rate ** (exponent - i) * dirtyRate ** i;
  return cost;
}
