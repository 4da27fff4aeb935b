/**
 * The proof that comes with every answer. From below: the dual value Σ min (f + π R) − μ·c of the prices, by weak
 * duality never above the optimum. From above: the cost of rates that fit.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { DemandTable } from './demand-table.ts';
import type { Network } from './network.ts';
import { Repair } from './repair.ts';
import { curveAt } from './response.ts';

export interface Certificate {
  readonly primal: number;
  readonly dual: number;
  /** (primal − dual) / |primal|; 0 when both are 0. */
  readonly gap: number;
}

/** Of the gap that is asked for, what the links may have left over all together. */
const SPARE_SHARE = 0.6;

export class Certifier {
  private readonly repair: Repair;

  constructor(private readonly network: Network) {
    this.repair = new Repair(network);
  }

  /**
   * Makes the rates fit and weighs them against the prices. Filling up what links have left proves a gap of `gapMax`
   * farther from the top, where rates are less exact.
   */
  certify(gapMax: number, fills: boolean): Certificate {
    const dual = this.sumValues() - this.paid();
    const spare = fills
      ? (SPARE_SHARE * gapMax * Math.abs(dual)) / this.network.links.contended.length
      : Number.POSITIVE_INFINITY;
    const primal = this.sumCosts() + this.costOfMoves(this.repair.fit(spare));
    const size = Math.abs(primal);
    return { primal, dual, gap: size === 0 ? 0 : Math.max(0, primal - dual) / size };
  }

  private sumValues(): number {
    const { value, slots } = this.network.demands;
    let sum = 0;
    for (let slot = 0; slot < slots; slot += 1) sum += value[slot] as number;
    return sum;
  }

  /** What the answers cost, without what they pay. */
  private sumCosts(): number {
    const { value, price, rate, slots } = this.network.demands;
    let sum = 0;
    for (let slot = 0; slot < slots; slot += 1)
      sum += (value[slot] as number) - (price[slot] as number) * (rate[slot] as number);
    return sum;
  }

  private paid(): number {
    const { contended, price, capacity } = this.network.links;
    let sum = 0;
    for (let at = 0; at < contended.length; at += 1) {
      const link = contended[at] as number;
      sum += (price[link] as number) * (capacity[link] as number);
    }
    return sum;
  }

  /** What the rates that were moved cost more than the answers. */
  private costOfMoves(moved: readonly number[]): number {
    const { demands } = this.network;
    const { rate, price, value, reach, fitting } = demands;
    let more = 0;
    for (let at = 0; at < moved.length; at += 1) {
      const slot = moved[at] as number;
      const fits = fitting[slot] as number;
      const answer = rate[slot] as number;
      more +=
        Math.abs(answer - fits) < (reach[slot] as number)
          ? costOfLess(demands, slot, answer - fits)
          : (curveAt(demands, slot, fits)[0] as number) -
            ((value[slot] as number) - (price[slot] as number) * answer);
    }
    return more;
  }
}

/** Near the answer, by the cost's derivatives there: −π, 1/give and bow/give³. */
function costOfLess({ price, basePrice, give, bow }: DemandTable, slot: number, less: number): number {
  const bowing = bow[slot] as number;
  const now = price[slot] as number;
  const gives = (give[slot] as number) + (now - (basePrice[slot] as number)) * bowing;
  return less * (now + (less / gives) * (0.5 - (bowing / (gives * gives)) * (less / 6)));
}
