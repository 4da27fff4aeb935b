/**
 * A sparse matrix A ≥ 0 by columns, with the products that an interior point method needs; it counts its work.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { LinkUse } from './problem.ts';

export class Matrix {
  /** Products of two numbers so far. */
  work = 0;
  private readonly starts: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly values: Float64Array;

  /** One column for each element of `columns`: its rows and values. */
  constructor(
    columns: readonly (readonly LinkUse[])[],
    private readonly rows: number,
  ) {
    this.starts = new Int32Array(columns.length + 1);
    for (const [k, column] of columns.entries())
      this.starts[k + 1] = (this.starts[k] as number) + column.length;
    const entries = columns.flat();
    this.rowOf = Int32Array.from(entries, ({ link }) => link);
    this.values = Float64Array.from(entries, ({ share }) => share);
  }

  times(x: Float64Array): Float64Array {
    const sums = new Float64Array(this.rows);
    for (let k = 0; k < x.length; k += 1) this.scatter(k, x[k] as number, sums);
    this.work += this.values.length;
    return sums;
  }

  transposedTimes(prices: Float64Array): Float64Array {
    const sums = new Float64Array(this.starts.length - 1);
    for (let k = 0; k < sums.length; k += 1) sums[k] = this.gather(k, prices);
    this.work += this.values.length;
    return sums;
  }

  /** A diag(theta) Aᵀ v, in one pass. */
  normal(theta: Float64Array, v: Float64Array): Float64Array {
    const sums = new Float64Array(this.rows);
    for (let k = 0; k < theta.length; k += 1) this.scatter(k, (theta[k] as number) * this.gather(k, v), sums);
    this.work += 2 * this.values.length;
    return sums;
  }

  /** The diagonal of A diag(theta) Aᵀ. */
  diagonal(theta: Float64Array): Float64Array {
    const sums = new Float64Array(this.rows);
    for (let k = 0; k < theta.length; k += 1)
      for (let e = this.starts[k] as number; e < (this.starts[k + 1] as number); e += 1) {
        const row = this.rowOf[e] as number;
        sums[row] = (sums[row] as number) + (this.values[e] as number) ** 2 * (theta[k] as number);
      }
    this.work += this.values.length;
    return sums;
  }

  /** The lower triangle of diag(scale) (diag(own) + A diag(theta) Aᵀ) diag(scale). Counts its factoring, too. */
  dense({
    theta,
    own,
    scale,
  }: {
    readonly theta: Float64Array;
    readonly own: Float64Array;
    readonly scale: Float64Array;
  }): readonly Float64Array[] {
    const triangle = Array.from(own, (value, row) => {
      const line = new Float64Array(row + 1);
      line[row] = value * (scale[row] as number) ** 2;
      return line;
    });
    for (let k = 0; k < theta.length; k += 1)
      for (let e = this.starts[k] as number; e < (this.starts[k + 1] as number); e += 1) {
        const row = this.rowOf[e] as number;
        const line = triangle[row] as Float64Array;
        const factor = (theta[k] as number) * (this.values[e] as number) * (scale[row] as number);
        for (let f = this.starts[k] as number; f < (this.starts[k + 1] as number); f += 1) {
          const column = this.rowOf[f] as number;
          if (column > row) continue;
          line[column] =
            (line[column] as number) + factor * (this.values[f] as number) * (scale[column] as number);
        }
      }
    this.work += this.rows ** 3 / 6;
    return triangle;
  }

  /** The least of 1 and the values of `of` over the rows of a column. */
  least(k: number, of: (row: number) => number): number {
    let least = 1;
    for (let e = this.starts[k] as number; e < (this.starts[k + 1] as number); e += 1)
      least = Math.min(least, of(this.rowOf[e] as number));
    return least;
  }

  private scatter(k: number, x: number, sums: Float64Array): void {
    for (let e = this.starts[k] as number; e < (this.starts[k + 1] as number); e += 1) {
      const row = this.rowOf[e] as number;
      sums[row] = (sums[row] as number) + (this.values[e] as number) * x;
    }
  }

  private gather(k: number, prices: Float64Array): number {
    let sum = 0;
    for (let e = this.starts[k] as number; e < (this.starts[k + 1] as number); e += 1)
      sum += (this.values[e] as number) * (prices[this.rowOf[e] as number] as number);
    return sum;
  }
}
