/**
 * Small dense systems: H·d = g for a symmetric positive definite H, by Cholesky's factors.
 * Indices stay within the arrays they were made for, hence the casts.
 */

/**
 * Throws RangeError when H is not positive definite even after a little is added to its diagonal, which the Newton
 * matrices of a strictly convex problem never need.
 */
export const solveSymmetric = (hessian: readonly Float64Array[], right: Float64Array): Float64Array =>
  factorSymmetric(hessian)(right);

/** H's factors once, for several right sides. Throws as `solveSymmetric` does; reads the lower triangle only. */
export function factorSymmetric(hessian: readonly Float64Array[]): (right: Float64Array) => Float64Array {
  let largest = 0;
  for (let k = 0; k < hessian.length; k += 1)
    largest = Math.max(largest, Math.abs((hessian[k] as Float64Array)[k] as number));
  for (let shift = 0; shift <= largest; shift = shift === 0 ? largest * 1e-14 : shift * 10) {
    const factor = cholesky(hessian, shift);
    if (factor !== null) return (right) => substitute(factor, right);
  }
  throw new RangeError('the matrix is not positive definite');
}

/** L with L·Lᵀ = H + shift·1, or null where a pivot is not positive. */
function cholesky(hessian: readonly Float64Array[], shift: number): readonly Float64Array[] | null {
  const factor: Float64Array[] = [];
  for (let i = 0; i < hessian.length; i += 1) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j += 1) {
      let value = ((hessian[i] as Float64Array)[j] as number) + (i === j ? shift : 0);
      const other = j === i ? row : (factor[j] as Float64Array);
      for (let k = 0; k < j; k += 1) value -= (row[k] as number) * (other[k] as number);
      if (i === j && !(value > 0)) return null;
      row[j] = i === j ? Math.sqrt(value) : value / (other[j] as number);
    }
    factor.push(row);
  }
  return factor;
}

function substitute(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const count = right.length;
  const solved = Float64Array.from(right);
  for (let i = 0; i < count; i += 1) {
    const row = factor[i] as Float64Array;
    for (let k = 0; k < i; k += 1)
      solved[i] = (solved[i] as number) - (row[k] as number) * (solved[k] as number);
    solved[i] = (solved[i] as number) / (row[i] as number);
  }
  for (let i = count - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < count; k += 1)
      solved[i] = (solved[i] as number) - ((factor[k] as Float64Array)[i] as number) * (solved[k] as number);
    solved[i] = (solved[i] as number) / ((factor[i] as Float64Array)[i] as number);
  }
  return solved;
}
