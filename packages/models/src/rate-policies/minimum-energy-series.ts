/**
 * The sums behind minimum-energy, in the paper's units: Mbit, Mbit/s, seconds, joules. Terms are V_i = M0·(w/R)^i.
 * Every function costs O(rounds); roots are found by bisection, which cannot miss because both times and the slope of
 * the energy are monotone in R.
 */

export interface Single {
  /** M0, Mbit. */
  readonly memory: number;
  /** w, Mbit/s. */
  readonly dirty: number;
  /** I */
  readonly rounds: number;
  /** Rate of the stop-and-copy, Mbit/s; null = R. */
  readonly switchover: number | null;
  readonly k0: number;
  readonly alpha: number;
}

export const megabits = (rate: number): number => rate / 1e6;

export const series = {
  totalTime: (model: Single, rate: number): number =>
    precopyTime(model, rate) + series.stopAndCopyTime(model, rate),

  stopAndCopyTime: (model: Single, rate: number): number =>
    (model.memory * (model.dirty / rate) ** (model.rounds + 1)) / (model.switchover ?? rate),

  /** K0·R^α for the time of the rounds, and for the stop-and-copy at its own rate. */
  energy: (model: Single, rate: number): number =>
    model.k0 *
    (rate ** model.alpha * precopyTime(model, rate) +
      (model.switchover ?? rate) ** model.alpha * series.stopAndCopyTime(model, rate)),

  /** R_mmt: the root of T_MMT(R) = limit; 0 without a limit or memory, Infinity when no rate meets it. */
  rateForTotalTime(model: Single, limit: number | null): number {
    if (limit === null || model.memory === 0) return 0;
    if (limit <= 0) return Number.POSITIVE_INFINITY;
    const low = model.memory / limit; // The first transfer alone takes that long.
    if (model.dirty === 0) return low;
    return bisect((rate) => series.totalTime(model, rate) > limit, low);
  },

  /** R_sc in closed form: (M0·w^{I+1}/Δ)^{1/(I+2)}, or with a fixed last rate S: w·(M0/(Δ·S))^{1/(I+1)}. */
  rateForStopAndCopy(model: Single, limit: number | null): number {
    if (limit === null || model.dirty === 0 || model.memory === 0) return 0;
    if (limit <= 0) return Number.POSITIVE_INFINITY;
    const last = model.rounds + 1;
    if (model.switchover === null)
      return model.dirty * (model.memory / (limit * model.dirty)) ** (1 / (last + 1));
    return model.dirty * (model.memory / (limit * model.switchover)) ** (1 / last);
  },

  /** R_int: where the slope of the energy changes sign; 0 when it never falls, Infinity when it never rises. */
  interiorRate(model: Single): number {
    if (model.dirty === 0) return model.alpha > 1 ? 0 : Number.POSITIVE_INFINITY;
    if (model.alpha <= 1) return Number.POSITIVE_INFINITY;
    const falls = (rate: number) => slope(model, rate) < 0;
    const tiny = model.dirty * 1e-6;
    return falls(tiny) ? bisect(falls, tiny) : 0;
  },
};

/** Σ_{i=0}^{I} T_i */
function precopyTime(model: Single, rate: number): number {
  const ratio = model.dirty / rate;
  let total = 0;
  let term = 1;
  for (let i = 0; i <= model.rounds; i += 1) {
    total += term;
    term *= ratio;
  }
  return (model.memory / rate) * total;
}

/** Sign of dE/d ln R: Σ (α−1−i)·ρ^i for what is sent at R; a last term at a fixed rate S only falls with R. */
function slope(model: Single, rate: number): number {
  const ratio = model.dirty / rate;
  const last = model.rounds + 1;
  // Divided by ρ^{I+1} from the start, so that a small R does not overflow.
  let total = 0;
  let term = ratio ** -last;
  for (let i = 0; i <= model.rounds; i += 1) {
    total += (model.alpha - 1 - i) * term;
    term *= ratio;
  }
  const final =
    model.switchover === null
      ? model.alpha - 1 - last
      : -last * (model.switchover / rate) ** (model.alpha - 1);
  return total + final;
}

/** Enough to halve any interval of doubles down to neighbours. */
const BISECTIONS = 100;
/** The upper end is doubled at most this often from the lower one. */
const DOUBLINGS = 200;

/** The point above `low` where `tooLow` turns false; Infinity when it never does. */
function bisect(tooLow: (rate: number) => boolean, low: number): number {
  let under = low;
  let over = low;
  for (let i = 0; tooLow(over); i += 1) {
    if (i === DOUBLINGS) return Number.POSITIVE_INFINITY;
    under = over;
    over *= 2;
  }
  for (let i = 0; i < BISECTIONS; i += 1) {
    const middle = (under + over) / 2;
    if (middle <= under || middle >= over) break;
    if (tooLow(middle)) under = middle;
    else over = middle;
  }
  return over;
}
