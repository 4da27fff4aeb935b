/**
 * The problem as a mixed-integer program in CPLEX LP text, for any solver that reads it. The solver is handed in, so that
 * this stays a pure function: `const solver = await highs()` of the package `highs` gives one that fits.
 *
 *   min Σ c_{d,t}(P_R·y + P_S·x + p_v·n) + Σ move cost·m
 *   n_{d,t} = n_{d,t−1} − Σ_e m_{d,e,t} + Σ_e m_{e,d,t};  Σ_e m_{d,e,t} ≤ n_{d,t−1};  n ≤ N^max;
 *   n ≤ κ·x;  x ≤ β·y;  Σ_{(d,e) over l} m·V ≤ C_l·τ.
 */
import {
  brokenBy,
  type ElectricityMove,
  type ElectricityProblem,
  type ElectricitySchedule,
  hoursOf,
  linkRoom,
  moveCost,
  refuseBroken,
  routesOf,
  scheduleCost,
} from './problem.ts';

/** As HiGHS answers; other solvers are easily made to. */
export interface LinearSolver {
  solve(
    text: string,
    options?: {
      readonly time_limit?: number;
      readonly mip_rel_gap?: number;
      readonly mip_abs_gap?: number;
    },
  ): {
    readonly Status: string;
    readonly ObjectiveValue: number;
    readonly Columns: Readonly<Record<string, { readonly Primal?: number } | object>>;
  };
}

export interface MilpOptions {
  /** False: the linear relaxation, a lower bound. */
  readonly integer?: boolean;
  readonly timeLimitSec?: number;
}

export type MilpResult =
  | { readonly status: 'optimal'; readonly cost: number; readonly schedule: ElectricitySchedule }
  /** The best schedule met when the time was over: it keeps every rule. */
  | {
      readonly status: 'stopped';
      readonly cost: number;
      readonly schedule: ElectricitySchedule;
      readonly solverStatus: string;
    }
  /** Infeasible, or nothing found within the time: the solver's own word. */
  | { readonly status: 'none'; readonly solverStatus: string };

/** An optimum is called one when the solver's bound is so near, as a share of the cost. */
export const MILP_GAP = 1e-9;

/** Larger programs rarely end within minutes: hour by hour with its bound is for them. */
export const MILP_VARIABLES_MAX = 2000;

/** Variables of the program, one for each count: VMs, servers and racks of a site, moves of a pair. */
export const milpVariables = (problem: ElectricityProblem): number =>
  hoursOf(problem) * (3 * problem.sites.length + pairs(problem).length);

/** @throws RangeError with everything that `problemsOf` finds */
export function solveMilp(
  problem: ElectricityProblem,
  solver: LinearSolver,
  { integer = true, timeLimitSec = 60 }: MilpOptions = {},
): MilpResult {
  refuseBroken(problem);
  // The default gaps of a solver, 1e-4 of the value or 1e-6 of currency, would hide a wrong rounding.
  const limits = { time_limit: timeLimitSec, mip_rel_gap: MILP_GAP, mip_abs_gap: 0 };
  const solved = solver.solve(milpText(problem, integer), limits);
  const isOptimal = solved.Status === 'Optimal';
  if (!isOptimal && solved.Status !== 'Time limit reached')
    return { status: 'none', solverStatus: solved.Status };
  const value = (name: string) => {
    const primal = (solved.Columns[name] as { Primal?: number } | undefined)?.Primal ?? 0;
    return integer ? Math.round(primal) : primal;
  };
  const hours = Array.from({ length: hoursOf(problem) }, (_, hour) => hour);
  const moves = hours.flatMap((hour) =>
    pairs(problem).map(
      ({ from, to }): ElectricityMove => ({ hour, from, to, vms: value(`m_${from}_${to}_${hour}`) }),
    ),
  );
  const schedule: ElectricitySchedule = {
    vms: hours.map((hour) => problem.sites.map((_, site) => value(`n_${site}_${hour}`))),
    moves: moves.filter((move) => move.vms > 0),
  };
  if (isOptimal) return { status: 'optimal', cost: solved.ObjectiveValue, schedule };
  // A solver that ran out of time may have columns that are no solution yet.
  return integer && brokenBy(problem, schedule).length === 0
    ? { status: 'stopped', cost: scheduleCost(problem, schedule), schedule, solverStatus: solved.Status }
    : { status: 'none', solverStatus: solved.Status };
}

export function milpText(problem: ElectricityProblem, integer: boolean): string {
  const { sites, links, power } = problem;
  const ways = pairs(problem);
  const goal: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  const whole: string[] = [];
  for (let hour = 0; hour < hoursOf(problem); hour += 1) {
    for (const [site, { pricesPerKwh, vmsMax, vmsAtStart }] of sites.entries()) {
      const price = (pricesPerKwh[hour] ?? 0) / 1000;
      const [n, x, y] = ['n', 'x', 'y'].map((letter) => `${letter}_${site}_${hour}`) as [
        string,
        string,
        string,
      ];
      goal.push(
        term(price * power.vmWatt, n),
        term(price * power.serverWatt, x),
        term(price * power.rackWatt, y),
      );
      const leave = ways.filter(({ from }) => from === site).map(({ to }) => `m_${site}_${to}_${hour}`);
      const arrive = ways.filter(({ to }) => to === site).map(({ from }) => `m_${from}_${site}_${hour}`);
      const before = hour === 0 ? '' : `- n_${site}_${hour - 1}`;
      const start = hour === 0 ? vmsAtStart : 0;
      const plus = (names: readonly string[], sign: string) =>
        names.map((name) => `${sign} ${name}`).join(' ');
      rows.push(`${n} ${before} ${plus(leave, '+')} ${plus(arrive, '-')} = ${start}`);
      if (leave.length > 0) rows.push(`${plus(leave, '+')} ${before} <= ${start}`);
      rows.push(`${n} - ${power.vmsPerServer} ${x} <= 0`, `${x} - ${power.serversPerRack} ${y} <= 0`);
      bounds.push(`0 <= ${n} <= ${vmsMax}`);
      whole.push(n, x, y);
    }
    for (const { from, to, route } of ways) {
      goal.push(term(moveCost(problem, route, hour), `m_${from}_${to}_${hour}`));
      whole.push(`m_${from}_${to}_${hour}`);
    }
    for (const [index, link] of links.entries()) {
      const over = ways.filter(({ route }) => route.links.includes(index));
      const room = linkRoom(problem, link);
      if (over.length > 0 && Number.isFinite(room))
        rows.push(`${over.map(({ from, to }) => `+ m_${from}_${to}_${hour}`).join(' ')} <= ${room}`);
    }
  }
  return [
    'Minimize',
    ` cost: ${wrapped(goal)}`,
    'Subject To',
    ...rows.map((row, index) => ` r${index}: ${row}`),
    'Bounds',
    ...bounds.map((bound) => ` ${bound}`),
    ...(integer ? ['General', ...whole.map((name) => ` ${name}`)] : []),
    'End',
  ].join('\n');
}

const term = (factor: number, name: string): string => `+ ${factor} ${name}`;

/** Readers of the format limit the length of a line. */
const wrapped = (terms: readonly string[]): string => terms.join('\n ');

function pairs(problem: ElectricityProblem) {
  return routesOf(problem).flatMap((routes, from) =>
    routes.flatMap((route, to) => (route === null || from === to ? [] : [{ from, to, route }])),
  );
}
