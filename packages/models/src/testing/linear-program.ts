/** HiGHS as the independent solver of the tests: linear programs, and convex ones by cutting planes over them. */
import highs, { type LegacyHighs } from 'highs';

// The package's types describe its CommonJS form; what Node imports is the function itself.
const load = highs as unknown as () => Promise<LegacyHighs>;
const solver = await load();

export interface Row {
  readonly terms: Readonly<Record<string, number>>;
  readonly sense: '<=' | '>=' | '=';
  readonly right: number;
}

export interface LinearProgram {
  readonly goal: 'Minimize' | 'Maximize';
  readonly objective: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
  /** Name → bounds; a name without bounds is at least 0. */
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;
}

/** Optimal value and the value of every variable. Throws when there is no optimum. */
export function solveLinear(program: LinearProgram): {
  readonly value: number;
  readonly at: Readonly<Record<string, number>>;
} {
  const sum = (terms: Readonly<Record<string, number>>) =>
    Object.entries(terms)
      .map(([name, factor]) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} ${name}`)
      .join(' ');
  const text = [
    program.goal,
    ` goal: ${sum(program.objective)}`,
    'Subject To',
    ...program.rows.map((row, index) => ` r${index}: ${sum(row.terms)} ${row.sense} ${row.right}`),
    'Bounds',
    ...Object.entries(program.bounds).map(([name, [low, high]]) => ` ${low} <= ${name} <= ${high}`),
    'End',
  ].join('\n');
  const solution = solver.solve(text);
  if (solution.Status !== 'Optimal') throw new Error(`${solution.Status}\n${text}`);
  const columns = Object.entries(solution.Columns) as [string, { Primal?: number }][];
  const at = Object.fromEntries(columns.map(([name, column]) => [name, column.Primal ?? 0]));
  return { value: solution.ObjectiveValue, at };
}

/** A convex function: its value and its gradient at a point. */
export type Convex = (x: readonly number[]) => {
  readonly value: number;
  readonly gradient: readonly number[];
};

/**
 * Kelley's cutting planes: min f(x), g_k(x) ≤ 0 in a box. Every tangent of a convex function lies below it, so the
 * linear program's value is a lower bound that rises to the optimum; it ends when its point breaks nothing by more
 * than `tolerance`.
 */
export function cuttingPlanes(problem: {
  readonly objective: Convex;
  readonly constraints: readonly Convex[];
  readonly box: readonly (readonly [number, number])[];
  readonly tolerance: number;
}): { readonly lowerBound: number; readonly x: readonly number[] } {
  const names = problem.box.map((_, index) => `x${index}`);
  const bounds = Object.fromEntries(problem.box.map((range, index) => [`x${index}`, range]));
  const rows: Row[] = [];
  const cut = (tangent: ReturnType<Convex>, x: readonly number[], onto: Readonly<Record<string, number>>) => {
    const offset = tangent.gradient.reduce((sum, slope, k) => sum + slope * (x[k] ?? 0), 0) - tangent.value;
    const terms = Object.fromEntries(names.map((name, k) => [name, tangent.gradient[k] ?? 0]));
    rows.push({ terms: { ...terms, ...onto }, sense: '<=', right: offset });
  };
  let x: readonly number[] = problem.box.map(([low, high]) => (low + high) / 2);
  for (let step = 0; step < CUTS_MAX; step += 1) {
    const objective = problem.objective(x);
    cut(objective, x, { t: -1 });
    const limits = problem.constraints.map((constraint) => constraint(x));
    for (const limit of limits) cut(limit, x, {});
    const { value, at } = solveLinear({
      goal: 'Minimize',
      objective: { t: 1 },
      rows,
      bounds: { ...bounds, t: [-1e6, 1e6] },
    });
    x = names.map((name) => at[name] ?? 0);
    const broken = Math.max(
      problem.objective(x).value - value,
      ...problem.constraints.map((constraint) => constraint(x).value),
    );
    if (broken <= problem.tolerance) return { lowerBound: value, x };
  }
  throw new Error(`no convergence within ${CUTS_MAX} cuts`);
}

const CUTS_MAX = 400;
