/**
 * The demands as columns of numbers, one slot each, so that a pass over ten thousand of them touches memory in order.
 * A demand's answer to a price lives here too: the rate at which cost + price · rate is least within its bounds, with
 * the cost's value and derivatives there in x = ln R. Freed slots are given again.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { CostedDemand } from '../problem.ts';
import { checkDemand, mergedUses } from './checks.ts';
import { evaluateTerms, VALUES_OF_TERM } from './cost-curve.ts';
import { grown, grownInts, Pool } from './pool.ts';

/** Where an answer lies between its bounds. */
export const PLACE = { free: 0, rateMin: 1, rateMax: 2, inside: 3 } as const;

const SLOTS_AT_START = 64;
const OWN_OPTIMUM_STEPS_MAX = 100;
const OWN_OPTIMUM_TOLERANCE = 1e-13;

/** What one evaluation of a cost leaves: its value and three derivatives in x. */
const curve = new Float64Array(4);

export class DemandTable {
  /** Slots below this have been used; some may be free. */
  slots = 0;
  count = 0;
  rateMin = new Float64Array(SLOTS_AT_START);
  rateMax = new Float64Array(SLOTS_AT_START);
  xMin = new Float64Array(SLOTS_AT_START);
  xMax = new Float64Array(SLOTS_AT_START);
  /** ln of the rate at price 0; no price makes it larger. */
  xOwn = new Float64Array(SLOTS_AT_START);
  /** From this price on it takes rateMin; up to the other it takes rateMax. */
  priceOfMin = new Float64Array(SLOTS_AT_START);
  priceOfMax = new Float64Array(SLOTS_AT_START);
  /** The answer: price asked along the path, rate, and cost + price · rate. */
  price = new Float64Array(SLOTS_AT_START);
  rate = new Float64Array(SLOTS_AT_START);
  value = new Float64Array(SLOTS_AT_START);
  /**
   * While the price is between these, the answer follows its derivatives from a base: −dR/dπ there is `give`, 0 at a
   * bound, and d give/dπ is `bow`. They are good for changes of the rate by `reach`.
   */
  nearLow = new Float64Array(SLOTS_AT_START);
  nearHigh = new Float64Array(SLOTS_AT_START);
  basePrice = new Float64Array(SLOTS_AT_START);
  baseRate = new Float64Array(SLOTS_AT_START);
  baseValue = new Float64Array(SLOTS_AT_START);
  give = new Float64Array(SLOTS_AT_START);
  bow = new Float64Array(SLOTS_AT_START);
  reach = new Float64Array(SLOTS_AT_START);
  /** The `give` that the couplings of the links have of it. */
  coupled = new Float64Array(SLOTS_AT_START);
  /** Where the cost was last evaluated: ln of the rate, the rate, and the cost with three derivatives in x. */
  x = new Float64Array(SLOTS_AT_START);
  xRate = new Float64Array(SLOTS_AT_START);
  cost = new Float64Array(SLOTS_AT_START);
  slope = new Float64Array(SLOTS_AT_START);
  bend = new Float64Array(SLOTS_AT_START);
  twist = new Float64Array(SLOTS_AT_START);
  place = new Uint8Array(SLOTS_AT_START);
  /** The rate that fits with everybody else's; NaN before the first solve. */
  fitting = new Float64Array(SLOTS_AT_START);

  useStart = new Int32Array(SLOTS_AT_START);
  useCount = new Int32Array(SLOTS_AT_START);
  /** So many of its uses, the first ones, are of contended links. */
  contendedUses = new Int32Array(SLOTS_AT_START);
  termStart = new Int32Array(SLOTS_AT_START);
  termCount = new Int32Array(SLOTS_AT_START);

  private readonly usePool = new Pool();
  useLink = new Int32Array(this.usePool.room);
  useShare = new Float64Array(this.usePool.room);
  private readonly termPool = new Pool();
  terms = new Float64Array(this.termPool.room);

  private readonly freeSlots: number[] = [];

  /** @throws RangeError naming the number that is wrong; then nothing has changed */
  add(demand: CostedDemand, linkCount: number): number {
    checkDemand(demand, linkCount);
    const slot = this.freeSlots.pop() ?? this.nextSlot();
    this.place[slot] = PLACE.inside;
    this.count += 1;
    this.storeUses(slot, demand);
    this.storeTerms(slot, demand);
    this.rateMin[slot] = demand.rateMin;
    this.rateMax[slot] = demand.rateMax;
    this.xMin[slot] = Math.log(demand.rateMin);
    this.xMax[slot] = Math.log(demand.rateMax);
    this.fitting[slot] = Number.NaN;
    try {
      this.findTurns(slot);
    } catch (error) {
      this.free(slot);
      throw error;
    }
    return slot;
  }

  free(slot: number): void {
    this.usePool.give(this.at(this.useStart, slot), this.at(this.useCount, slot));
    this.termPool.give(this.at(this.termStart, slot), this.at(this.termCount, slot) * VALUES_OF_TERM);
    this.place[slot] = PLACE.free;
    this.contendedUses[slot] = 0;
    this.useCount[slot] = 0;
    // Nobody asks for nothing, whatever the price: passes over all slots need not look.
    this.follow(slot, { price: 0, rate: 0, value: 0 });
    this.nearLow[slot] = Number.NEGATIVE_INFINITY;
    this.nearHigh[slot] = Number.POSITIVE_INFINITY;
    this.freeSlots.push(slot);
    this.count -= 1;
  }

  private at(column: Int32Array, slot: number): number {
    return column[slot] as number;
  }

  private storeUses(slot: number, demand: CostedDemand): void {
    const uses = mergedUses(demand.uses);
    const start = this.usePool.take(uses.length);
    if (this.useLink.length < this.usePool.room) {
      this.useLink = grownInts(this.useLink, this.usePool.room);
      this.useShare = grown(this.useShare, this.usePool.room);
    }
    for (const [index, use] of uses.entries()) {
      this.useLink[start + index] = use.link;
      this.useShare[start + index] = use.share;
    }
    this.useStart[slot] = start;
    this.useCount[slot] = uses.length;
    this.contendedUses[slot] = 0;
  }

  private storeTerms(slot: number, demand: CostedDemand): void {
    // A term without weight says nothing.
    const terms = demand.cost.filter(({ scale }) => scale > 0);
    const start = this.termPool.take(terms.length * VALUES_OF_TERM);
    if (this.terms.length < this.termPool.room) this.terms = grown(this.terms, this.termPool.room);
    for (const [index, term] of terms.entries())
      this.terms.set(
        [term.scale, Math.log(term.scale), term.exponent, term.dirtyRate, term.terms],
        start + index * VALUES_OF_TERM,
      );
    this.termStart[slot] = start;
    this.termCount[slot] = terms.length;
  }

  /** Prices at which the bounds let go, and the optimum without a price, where the answer starts. */
  private findTurns(slot: number): void {
    const low = this.xMin[slot] as number;
    const high = this.xMax[slot] as number;
    const slopeMin = this.curveAt(slot, low)[1] as number;
    this.priceOfMin[slot] = Math.max(0, -slopeMin / (this.rateMin[slot] as number));
    const slopeMax = this.curveAt(slot, high)[1] as number;
    this.priceOfMax[slot] = -slopeMax / (this.rateMax[slot] as number);
    const own = slopeMin >= 0 ? low : slopeMax <= 0 ? high : this.ownOptimum(slot, low, high);
    this.xOwn[slot] = own;
    this.evaluateAt(slot, own, Math.exp(own));
    const rate = Math.min(
      Math.max(Math.exp(own), this.rateMin[slot] as number),
      this.rateMax[slot] as number,
    );
    this.follow(slot, { price: 0, rate, value: this.cost[slot] as number });
  }

  /** An answer that no other can be told from by its derivative. */
  private follow(
    slot: number,
    answer: { readonly price: number; readonly rate: number; readonly value: number },
  ): void {
    this.price[slot] = answer.price;
    this.rate[slot] = answer.rate;
    this.value[slot] = answer.value;
    this.basePrice[slot] = answer.price;
    this.baseRate[slot] = answer.rate;
    this.baseValue[slot] = answer.value;
    this.give[slot] = 0;
    this.bow[slot] = 0;
    this.reach[slot] = 0;
    this.nearLow[slot] = Number.POSITIVE_INFINITY;
    this.nearHigh[slot] = Number.NEGATIVE_INFINITY;
  }

  /** Cost and derivatives at R = e^x, to answer from. */
  evaluateAt(slot: number, x: number, rate: number): void {
    evaluateTerms(this.terms, this.at(this.termStart, slot), this.at(this.termCount, slot), x, rate, curve);
    this.x[slot] = x;
    this.xRate[slot] = rate;
    this.cost[slot] = curve[0] as number;
    this.slope[slot] = curve[1] as number;
    this.bend[slot] = curve[2] as number;
    this.twist[slot] = curve[3] as number;
  }

  /** Where the slope is 0 between two ends of different signs: Newton's steps, halving where they leave the bracket. */
  private ownOptimum(slot: number, xLow: number, xHigh: number): number {
    let low = xLow;
    let high = xHigh;
    let x = (low + high) / 2;
    for (let step = 0; step < OWN_OPTIMUM_STEPS_MAX && high - low > OWN_OPTIMUM_TOLERANCE; step += 1) {
      this.curveAt(slot, x);
      const slope = curve[1] as number;
      const bend = curve[2] as number;
      if (slope > 0) high = x;
      else low = x;
      const next = x - slope / bend;
      if (Math.abs(next - x) <= OWN_OPTIMUM_TOLERANCE) return x;
      x = next > low && next < high ? next : (low + high) / 2;
    }
    return x;
  }

  private curveAt(slot: number, x: number): Float64Array {
    evaluateTerms(
      this.terms,
      this.at(this.termStart, slot),
      this.at(this.termCount, slot),
      x,
      Math.exp(x),
      curve,
    );
    for (let at = 0; at < curve.length; at += 1)
      if (!Number.isFinite(curve[at] as number))
        throw new RangeError(`the cost at ${Math.exp(x)} bit/s is too large for a number`);
    return curve;
  }

  private nextSlot(): number {
    if (this.slots === this.rate.length) this.grow(2 * this.slots);
    this.slots += 1;
    return this.slots - 1;
  }

  private grow(room: number): void {
    for (const name of COLUMNS) this[name] = grown(this[name], room);
    for (const name of INT_COLUMNS) this[name] = grownInts(this[name], room);
    const places = new Uint8Array(room);
    places.set(this.place);
    this.place = places;
  }
}

const COLUMNS = [
  'rateMin',
  'rateMax',
  'xMin',
  'xMax',
  'xOwn',
  'priceOfMin',
  'priceOfMax',
  'price',
  'rate',
  'value',
  'nearLow',
  'nearHigh',
  'basePrice',
  'baseRate',
  'baseValue',
  'give',
  'bow',
  'reach',
  'coupled',
  'x',
  'xRate',
  'cost',
  'slope',
  'bend',
  'twist',
  'fitting',
] as const;

const INT_COLUMNS = ['useStart', 'useCount', 'contendedUses', 'termStart', 'termCount'] as const;
