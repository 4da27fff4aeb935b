/**
 * What a demand answers to a price: the rate R at which cost(R) + price · R is least within its bounds. In x = ln R
 * that is the root of slope(x) + price · R, which rises in x. Three ways lead there, the cheapest that is exact enough:
 * by the derivatives of an answer near by; by Taylor's series of the cost from where it was last evaluated; by
 * evaluating it anew. Falling costs are near powers of R, for which ln(−slope) is straight: far from the root the step
 * is taken there, near it Newton's step is as good. Indices stay within the arrays they were made for, hence the casts.
 */
import { evaluateTerms } from './cost-curve.ts';
import { type DemandTable, PLACE } from './demand-table.ts';

/**
 * So far a rate follows its derivatives, for a cost without steepness; steeper ones reach less far. The value, least at
 * the answer, is off by the fourth power.
 */
const FOLLOW_MAX = 5e-3;
/** The first derivative changes by at most this share on the way, and so a bound is not passed. */
const BOW_MAX = 0.05;
const SHORT_OF_BOUND = 0.95;
/** So far in x, likewise, the series is used: three derivatives are known, so values are off by the fourth power. */
const SERIES_MAX = 1e-2;
/** Newton's steps along the series double the digits of d²; three are exact. */
const SERIES_STEPS_MAX = 3;
const SERIES_EXACT = 1e-12;
/** Newton needs two to four; halving the bracket 60 times is exact. */
const ROOT_STEPS_MAX = 64;
/** A cost bent more than a power like this falls towards its own optimum, where only Newton's step is short enough. */
const POWER_MAX = 8;
const BRACKET_END = 1e-15;

const curve = new Float64Array(4);

/** Answers the price and returns how often the cost had to be evaluated. */
export function respond(demands: DemandTable, slot: number, price: number): number {
  if (price >= (demands.nearLow[slot] as number) && price <= (demands.nearHigh[slot] as number)) {
    const rise = price - (demands.basePrice[slot] as number);
    const base = demands.baseRate[slot] as number;
    const loss = rise * (demands.give[slot] as number);
    const more = 0.5 * rise * rise * (demands.bow[slot] as number);
    demands.price[slot] = price;
    demands.rate[slot] = base - loss - more;
    demands.value[slot] = (demands.baseValue[slot] as number) + rise * (base - 0.5 * loss - more / 3);
    return 0;
  }
  return respondAnew(demands, slot, price);
}

/** The same where the derivative does not reach. */
export function respondAnew(demands: DemandTable, slot: number, price: number): number {
  if (price >= (demands.priceOfMin[slot] as number)) return atBound(demands, slot, PLACE.rateMin, price);
  if (price <= (demands.priceOfMax[slot] as number)) return atBound(demands, slot, PLACE.rateMax, price);
  return inside(demands, slot, price);
}

function atBound(demands: DemandTable, slot: number, place: number, price: number): number {
  const isMin = place === PLACE.rateMin;
  const rate = (isMin ? demands.rateMin[slot] : demands.rateMax[slot]) as number;
  const x = (isMin ? demands.xMin[slot] : demands.xMax[slot]) as number;
  const isKnown = demands.x[slot] === x;
  if (!isKnown) demands.evaluateAt(slot, x, rate);
  demands.place[slot] = place;
  demands.give[slot] = 0;
  demands.bow[slot] = 0;
  demands.reach[slot] = 0;
  demands.nearLow[slot] = isMin ? (demands.priceOfMin[slot] as number) : Number.NEGATIVE_INFINITY;
  demands.nearHigh[slot] = isMin ? Number.POSITIVE_INFINITY : (demands.priceOfMax[slot] as number);
  keep(demands, slot, price, rate, (demands.cost[slot] as number) + price * rate);
  return isKnown ? 0 : 1;
}

function inside(demands: DemandTable, slot: number, price: number): number {
  let evaluations = 0;
  let low = demands.xMin[slot] as number;
  let high = demands.xOwn[slot] as number;
  for (let steps = 0; steps < ROOT_STEPS_MAX; steps += 1) {
    const x = demands.x[slot] as number;
    const slope = demands.slope[slot] as number;
    const bend = demands.bend[slot] as number;
    const asked = price * (demands.xRate[slot] as number);
    if (asked + slope > 0) high = Math.min(x, high);
    else low = Math.max(x, low);
    const newton = -(slope + asked) / (bend + asked);
    if (Math.abs(newton) * steepness(demands, slot) <= SERIES_MAX) {
      alongSeries(demands, slot, price, newton);
      return evaluations;
    }
    const over = -slope / asked;
    const isPower = over > 2 || (over < 0.5 && bend < -POWER_MAX * slope);
    let next = price === 0 ? high : x + (isPower ? Math.log(over) / (1 - bend / slope) : newton);
    // Far below its own optimum a cost is about a power again; 2 is that of a time.
    if (steps === 0 && over < 0.1) next = low + 0.5 * Math.log((demands.priceOfMin[slot] as number) / price);
    if (!(next > low && (next < high || price === 0))) {
      if (high - low <= BRACKET_END) break;
      next = 0.5 * (low + high);
    }
    demands.evaluateAt(slot, next, Math.exp(next));
    evaluations += 1;
  }
  alongSeries(demands, slot, price, 0);
  return evaluations;
}

/** About the power that the cost is of, and one. */
function steepness(demands: DemandTable, slot: number): number {
  const bend = demands.bend[slot] as number;
  const twist = Math.abs(demands.twist[slot] as number);
  const cost = demands.cost[slot] as number;
  return bend > 0 ? 1 + Math.max(twist / bend, Math.sqrt(bend / cost)) : 1;
}

/** The answer near the last evaluation, from a first step there. */
function alongSeries(demands: DemandTable, slot: number, price: number, first: number): void {
  const { rateMin, rateMax } = demands;
  const xRate = demands.xRate[slot] as number;
  const cost = demands.cost[slot] as number;
  const slope = demands.slope[slot] as number;
  const bend = demands.bend[slot] as number;
  const twist = demands.twist[slot] as number;
  const asked = price * xRate;
  let d = first;
  for (let step = 0; step < SERIES_STEPS_MAX; step += 1) {
    const paid = asked * exponential(d);
    const over = slope + d * (bend + 0.5 * d * twist) + paid;
    const change = over / (bend + d * twist + paid);
    if (!(Math.abs(change) <= SERIES_MAX)) break;
    d -= change;
    if (Math.abs(change) <= SERIES_EXACT) break;
  }
  const least = rateMin[slot] as number;
  const most = rateMax[slot] as number;
  const wished = xRate * exponential(d);
  const rate = Math.min(Math.max(wished, least), most);
  if (rate !== wished) d = Math.log(rate / xRate);
  const bending = bend + d * twist + price * rate;
  const give = (rate * rate) / bending;
  // d give/dπ, in shares of give and of what the rate has lost.
  const bowing = 3 - (twist + price * rate) / bending;
  const reach = rate * Math.min(FOLLOW_MAX / steepness(demands, slot), BOW_MAX / Math.abs(bowing));
  demands.place[slot] = PLACE.inside;
  demands.give[slot] = give;
  demands.bow[slot] = (-bowing * give * give) / rate;
  demands.reach[slot] = reach;
  // The derivatives must not lead over a bound either.
  demands.nearLow[slot] = Math.max(
    demands.priceOfMax[slot] as number,
    price - Math.min(reach, SHORT_OF_BOUND * (most - rate)) / give,
  );
  demands.nearHigh[slot] = Math.min(
    demands.priceOfMin[slot] as number,
    price + Math.min(reach, SHORT_OF_BOUND * (rate - least)) / give,
  );
  const value = cost + d * (slope + d * (0.5 * bend + (d / 6) * twist)) + price * rate;
  keep(demands, slot, price, rate, value);
}

/** e^d for small d, to the last digit but one. */
const exponential = (d: number): number =>
  1 + d * (1 + d * (1 / 2 + d * (1 / 6 + d * (1 / 24 + d * (1 / 120)))));

function keep(demands: DemandTable, slot: number, price: number, rate: number, value: number): void {
  demands.price[slot] = price;
  demands.rate[slot] = rate;
  demands.value[slot] = value;
  demands.basePrice[slot] = price;
  demands.baseRate[slot] = rate;
  demands.baseValue[slot] = value;
}

/** The cost with its derivatives in ln R at any rate; what is returned is overwritten by the next call. */
export function curveAt(demands: DemandTable, slot: number, rate: number): Float64Array {
  evaluateTerms(
    demands.terms,
    demands.termStart[slot] as number,
    demands.termCount[slot] as number,
    Math.log(rate),
    rate,
    curve,
  );
  return curve;
}
