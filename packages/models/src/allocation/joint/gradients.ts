/**
 * Conjugate gradients for a system with a coupling matrix, preconditioned by symmetric Gauss–Seidel in the form of
 * Eisenstat (1981): with E = D + L the matrix is E + Eᵀ − D, so that one sweep back and one forth are preconditioner and
 * product at once. Rows that are not open keep the value they have.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { CouplingMatrix } from './coupling-matrix.ts';

export class Gradients {
  private room = 0;
  private residual = new Float64Array(0);
  private search = new Float64Array(0);
  private back = new Float64Array(0);
  private forth = new Float64Array(0);
  private product = new Float64Array(0);
  private inverse = new Float64Array(0);

  /**
   * Brings the residual's norm down to `tolerance` of the right side's, from what `solution` holds. Returns the
   * products that took.
   */
  solve(
    matrix: CouplingMatrix,
    system: {
      readonly right: Float64Array;
      readonly open: Uint8Array;
      readonly solution: Float64Array;
      readonly tolerance: number;
      readonly productsMax: number;
      /** Whether the solution is 0 so far. */
      readonly isFresh: boolean;
    },
  ): number {
    const { size, diagonal } = matrix;
    const { right, open, solution, tolerance, productsMax } = system;
    this.makeRoom(size);
    const { residual, search, back, forth, product, inverse } = this;
    let first = 0;
    for (let row = 0; row < size; row += 1) {
      inverse[row] = open[row] === 1 ? 1 / (diagonal[row] as number) : 0;
      residual[row] = right[row] as number;
      first += (right[row] as number) * (right[row] as number) * (inverse[row] as number);
    }
    if (!system.isFresh) takeProduct(matrix, solution, residual);
    this.sweepForth(matrix, residual, forth);
    let power = 0;
    for (let row = 0; row < size; row += 1) {
      const swept = forth[row] as number;
      residual[row] = swept;
      search[row] = (diagonal[row] as number) * swept;
      power += swept * (search[row] as number);
    }
    const goal = tolerance * tolerance * first;
    let products = 0;
    while (products < productsMax && power > goal) {
      products += 1;
      this.sweepBack(matrix);
      const bend = this.sweepProduct(matrix);
      if (!(bend > 0)) break;
      const length = power / bend;
      let next = 0;
      for (let row = 0; row < size; row += 1) {
        solution[row] = (solution[row] as number) + length * (back[row] as number);
        const left = (residual[row] as number) - length * (product[row] as number);
        residual[row] = left;
        next += (diagonal[row] as number) * left * left;
      }
      const keep = next / power;
      power = next;
      for (let row = 0; row < size; row += 1)
        search[row] = (diagonal[row] as number) * (residual[row] as number) + keep * (search[row] as number);
    }
    return products;
  }

  /** E⁻¹ from, on the open rows; 0 on the others. `from` and `into` may be the same. */
  private sweepForth(
    { size, rowStart, rowEnd, column, value }: CouplingMatrix,
    from: Float64Array,
    into: Float64Array,
  ): void {
    const { inverse } = this;
    for (let row = 0; row < size; row += 1) {
      const scale = inverse[row] as number;
      if (scale === 0) {
        into[row] = 0;
        continue;
      }
      let entry = rowStart[row] as number;
      const end = rowEnd[row] as number;
      // Two sums at a time: each waits for itself alone.
      let rest = from[row] as number;
      let other = 0;
      for (; entry + 1 < end; entry += 2) {
        rest -= (value[entry] as number) * (into[column[entry] as number] as number);
        other -= (value[entry + 1] as number) * (into[column[entry + 1] as number] as number);
      }
      if (entry < end) rest -= (value[entry] as number) * (into[column[entry] as number] as number);
      into[row] = (rest + other) * scale;
    }
  }

  /** `back` = E⁻ᵀ search on the open rows, 0 on the others; `forth` = search − D back. */
  private sweepBack({ size, rowStart, rowEnd, column, value, diagonal }: CouplingMatrix): void {
    const { inverse, search, back, forth } = this;
    back.set(search);
    for (let row = size - 1; row >= 0; row -= 1) {
      const answer = (back[row] as number) * (inverse[row] as number);
      back[row] = answer;
      forth[row] = (search[row] as number) - (diagonal[row] as number) * answer;
      if (answer === 0) continue;
      const end = rowEnd[row] as number;
      let entry = rowStart[row] as number;
      for (; entry + 1 < end; entry += 2) {
        const one = column[entry] as number;
        const other = column[entry + 1] as number;
        back[one] = (back[one] as number) - (value[entry] as number) * answer;
        back[other] = (back[other] as number) - (value[entry + 1] as number) * answer;
      }
      if (entry < end) {
        const one = column[entry] as number;
        back[one] = (back[one] as number) - (value[entry] as number) * answer;
      }
    }
  }

  /** Sweeps `forth` forth, and `product` = back + forth is what the search comes to; returns search · product. */
  private sweepProduct(matrix: CouplingMatrix): number {
    const { search, back, forth, product } = this;
    this.sweepForth(matrix, forth, forth);
    let bend = 0;
    for (let row = 0; row < matrix.size; row += 1) {
      const sum = (back[row] as number) + (forth[row] as number);
      product[row] = sum;
      bend += (search[row] as number) * sum;
    }
    return bend;
  }

  private makeRoom(size: number): void {
    if (this.room >= size) return;
    this.room = 2 * size;
    for (const name of ['residual', 'search', 'back', 'forth', 'product', 'inverse'] as const)
      this[name] = new Float64Array(this.room);
  }
}

/** `from` −= matrix · vector. */
export function takeProduct(
  { size, rowStart, rowEnd, column, value, diagonal }: CouplingMatrix,
  vector: Float64Array,
  from: Float64Array,
): void {
  for (let row = 0; row < size; row += 1) {
    const own = vector[row] as number;
    let sum = (diagonal[row] as number) * own;
    const end = rowEnd[row] as number;
    for (let entry = rowStart[row] as number; entry < end; entry += 1) {
      const at = column[entry] as number;
      sum += (value[entry] as number) * (vector[at] as number);
      from[at] = (from[at] as number) - (value[entry] as number) * own;
    }
    from[row] = (from[row] as number) - sum;
  }
}
