/**
 * Rates for many migrations over shared links: what every allocator takes. Links and demands are numbered from 0 in
 * the order of their arrays. A demand may use a link only in part: acknowledgements on the way back take a small share.
 */
import type { BitsPerSec } from '@sluice/units';

export interface LinkUse {
  /** Index into `capacities`. */
  readonly link: number;
  /** Share of the demand's rate that crosses the link: 1 forward, 0.03 or so on the way back. Above 0. */
  readonly share: number;
}

export interface RateDemand {
  readonly uses: readonly LinkUse[];
  /** Least rate that keeps every limit of the migration, and the most it can use; 0 < rateMin ≤ rateMax. */
  readonly rateMin: BitsPerSec;
  readonly rateMax: BitsPerSec;
}

/**
 * A cost that falls or rises with the rate R as scale · R^exponent · Σ_{i=0}^{terms−1} (dirtyRate / R)^i, with R and
 * dirtyRate in bit/s. Energy of the coming rounds has exponent alpha − 1, time has exponent −1; a cost is the sum of
 * any of them. Each is a posynomial in R, hence convex in ln R. scale ≥ 0, terms ≥ 1.
 */
export interface PowerSeries {
  readonly scale: number;
  readonly exponent: number;
  readonly dirtyRate: BitsPerSec;
  readonly terms: number;
}

export interface CostedDemand extends RateDemand {
  readonly cost: readonly PowerSeries[];
}

/** `capacities`: what of each link may be given away, floor and headroom set aside already. */
export interface AllocationProblem<D extends RateDemand = RateDemand> {
  readonly capacities: readonly BitsPerSec[];
  readonly demands: readonly D[];
}
