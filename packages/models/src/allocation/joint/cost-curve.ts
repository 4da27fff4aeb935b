/**
 * A demand's cost and its first three derivatives in x = ln R. A term s · R^e · Σ ρ^i with ρ = w/R has, with the
 * moments S_j = Σ i^j ρ^i, the value s R^e S_0, the slope s R^e (e S_0 − S_1), the bend s R^e (e² S_0 − 2 e S_1 + S_2)
 * and the twist s R^e (e³ S_0 − 3 e² S_1 + 3 e S_2 − S_3).
 * Indices stay within the arrays they were made for, hence the casts.
 */

/** scale, ln scale, exponent, dirty rate, number of terms of the series. */
export const VALUES_OF_TERM = 5;

/** A tail that cannot change a sum any more is left out. */
const NEGLIGIBLE = 1e-19;

/** Leaves value, slope, bend and twist at R = e^x in `into`. */
export function evaluateTerms(
  terms: Float64Array,
  start: number,
  count: number,
  x: number,
  rate: number,
  into: Float64Array,
): void {
  let value = 0;
  let slope = 0;
  let bend = 0;
  let twist = 0;
  let dirty = -1;
  let length = -1;
  let sum = 1;
  let first = 0;
  let second = 0;
  let third = 0;
  for (let at = start, end = start + count * VALUES_OF_TERM; at < end; at += VALUES_OF_TERM) {
    const exponent = terms[at + 2] as number;
    if (terms[at + 3] !== dirty || terms[at + 4] !== length) {
      dirty = terms[at + 3] as number;
      length = terms[at + 4] as number;
      const ratio = dirty / rate;
      sum = 1;
      first = 0;
      second = 0;
      third = 0;
      let power = ratio;
      for (let i = 1; i < length; i += 1) {
        const moment = i * power;
        const next = i * moment;
        sum += power;
        first += moment;
        second += next;
        third += i * next;
        // Beyond this every further term is smaller than half of the one before.
        if (ratio < 0.25 && next <= NEGLIGIBLE * sum) break;
        power *= ratio;
      }
    }
    const factor =
      exponent === -1 ? (terms[at] as number) / rate : Math.exp((terms[at + 1] as number) + exponent * x);
    value += factor * sum;
    slope += factor * (exponent * sum - first);
    bend += factor * (exponent * (exponent * sum - 2 * first) + second);
    twist += factor * (exponent * (exponent * (exponent * sum - 3 * first) + 3 * second) - third);
  }
  into[0] = value;
  into[1] = slope;
  into[2] = bend;
  into[3] = twist;
}
