/**
 * Rates for several VMs that move at the same time over one channel (Cerroni and Esposito, GeoMig 2016):
 *
 *   least Σ_j C_mig·T_mig,j + C_down·T_down,j,   D ≤ R_j,   Σ R_j ≤ R,
 *   T_mig,j = (V_j/R_j) Σ_{i=0}^{n} (D/R_j)^i,   T_down,j = V_j·D^n / R_j^{n+1}.
 *
 * The goal is the sum of completion times, not the last completion. Every term falls in R_j, so the channel is used up,
 * and with a price μ on it each VM is on its own: −f_j'(R_j) = μ. In ln R_j that is a convex falling function, so Newton
 * from the left finds R_j(μ); the price is the one root at which the rates add up to R.
 *
 * (The authors' program leaves the term i = 1 out of T_mig; the textbook sum is used here.)
 */

/** All rates in one unit and volumes in that unit × seconds: the paper has MB/s and MB. */
export interface GeometricProgram {
  /** V_j */
  readonly volumes: readonly number[];
  /** R */
  readonly rate: number;
  /** D */
  readonly dirtyRate: number;
  /** n: rounds after the first, the last of them the stop-and-copy. */
  readonly rounds: number;
  readonly weightTotal: number;
  readonly weightDowntime: number;
}

export type GeometricProgramResult =
  | {
      readonly feasible: true;
      readonly rates: readonly number[];
      readonly objective: number;
      /** Of R/M for everybody. */
      readonly equalSplitObjective: number;
      /** The price: what one more unit of R would take off the objective, in seconds. */
      readonly price: number;
    }
  | {
      readonly feasible: false;
      /** M·D > R: not everybody can be faster than it dirties. */
      readonly rateNeeded: number;
    };

export function geometricProgram(program: GeometricProgram): GeometricProgramResult {
  const { volumes, rate, dirtyRate } = program;
  const equal = rate / volumes.length;
  if (dirtyRate > equal * (1 + 1e-12)) return { feasible: false, rateNeeded: dirtyRate * volumes.length };
  const equalRates = volumes.map(() => equal);
  const equalSplitObjective = objective(program, equalRates);
  const { rates, price } = equalSplitObjective === 0 ? { rates: equalRates, price: 0 } : solve(program);
  return { feasible: true, rates, objective: objective(program, rates), equalSplitObjective, price };
}

/** Σ_j C_mig·T_mig,j + C_down·T_down,j in seconds. */
export const objective = (program: GeometricProgram, rates: readonly number[]): number =>
  program.volumes.reduce((sum, volume, j) => sum + costOf(program, volume, rates[j] as number).cost, 0);

interface Cost {
  readonly cost: number;
  /** −R·f'(R) and −R·d(−R·f')/dR: first and second derivative in ln R, both positive. */
  readonly fall: number;
  readonly bend: number;
}

function costOf(program: GeometricProgram, volume: number, rate: number): Cost {
  if (volume === 0) return { cost: 0, fall: 0, bend: 0 };
  const ratio = program.dirtyRate / rate;
  let term = volume / rate;
  let cost = 0;
  let fall = 0;
  let bend = 0;
  for (let i = 0; i <= program.rounds; i += 1) {
    const weight = program.weightTotal + (i === program.rounds ? program.weightDowntime : 0);
    cost += weight * term;
    fall += weight * term * (i + 1);
    bend += weight * term * (i + 1) ** 2;
    term *= ratio;
  }
  return { cost, fall, bend };
}

function solve(program: GeometricProgram): { readonly rates: readonly number[]; readonly price: number } {
  const used = (price: number) => {
    const rates = program.volumes.map((volume) => rateAt(program, volume, price));
    return { rates, total: rates.reduce((sum, rate) => sum + rate, 0) };
  };
  const marginal = (volume: number, rate: number) => costOf(program, volume, rate).fall / rate;
  const equal = program.rate / program.volumes.length;
  const atEqual = program.volumes.map((volume) => marginal(volume, equal));
  // At the cheapest of these prices nobody takes less than an equal share, at the dearest nobody more.
  let under = Math.log(Math.min(...atEqual.filter((price) => price > 0)));
  let over = Math.log(Math.max(...atEqual));
  // A VM without memory stays at D whatever the price is, so the others may take more than an equal share.
  while (used(Math.exp(under)).total < program.rate) under -= 1;
  for (let halving = 0; halving < HALVINGS_MAX && over - under > PRICE_STEP_MIN; halving += 1) {
    const middle = (under + over) / 2;
    if (used(Math.exp(middle)).total > program.rate) under = middle;
    else over = middle;
  }
  const price = Math.exp(over);
  const { rates, total } = used(price);
  // What halving left over is a matter of rounding; nobody is to be told more than the channel has, nor less.
  return { rates: rates.map((rate) => (rate * program.rate) / total), price };
}

/** Halving doubles needs about sixty. */
const HALVINGS_MAX = 200;
/** In ln μ. */
const PRICE_STEP_MIN = 1e-14;

/** R_j(μ) ≥ D */
function rateAt(program: GeometricProgram, volume: number, price: number): number {
  const floor = program.dirtyRate;
  if (volume === 0) return floor;
  // One term alone makes the marginal cost this high, so the root is not to the left.
  const first = program.weightTotal + (program.rounds === 0 ? program.weightDowntime : 0);
  const last = program.weightDowntime * (program.rounds + 1);
  const power = program.rounds === 0 ? 0 : program.rounds * Math.log(program.dirtyRate);
  let x = Math.max(
    Math.log((first * volume) / price) / 2,
    (Math.log((last * volume) / price) + power) / (program.rounds + 2),
    floor > 0 ? Math.log(floor) : Number.NEGATIVE_INFINITY,
  );
  for (let step = 0; step < NEWTON_STEPS_MAX; step += 1) {
    const rate = Math.exp(x);
    const { fall, bend } = costOf(program, volume, rate);
    const excess = Math.log(fall / rate / price);
    const move = excess / (bend / fall + 1);
    if (move <= 1e-15) break;
    x += move;
  }
  return Math.max(Math.exp(x), floor);
}

const NEWTON_STEPS_MAX = 100;
