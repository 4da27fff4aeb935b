/**
 * What a demand answers to a price: the rate R at which cost(R) + price · R is least within its bounds. In x = ln R
 * that is the root of slope(x) + price · R, which rises in x. Falling costs are near powers of R, for which
 * ln(−slope) is straight: far from the root the step is taken there, near it Newton's step is as good. The last
 * evaluation is kept: the answer to a price that hardly moved follows from it.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { evaluateTerms } from './cost-curve.ts';
import { type DemandTable, PLACE } from './demand-table.ts';

/** A last step below this is taken by Taylor's series; what it leaves is its square. */
const TAYLOR_STEP_MAX = 1e-6;
/**
 * While the rate moves less than this, for a cost that falls as the first power, it follows its derivative from where
 * the cost was evaluated; steeper powers reach less far. The value, which is least at the answer, is then off by the
 * third power of this.
 */
const FOLLOW_MAX = 1e-3;
/** Newton needs two to four; halving the bracket 60 times is exact. */
const ROOT_STEPS_MAX = 64;
/** A cost bent more than a power like this falls towards its own optimum, where only Newton's step is short enough. */
const POWER_MAX = 8;
const BRACKET_END = 1e-15;

const curve = new Float64Array(3);

/** Answers the price and returns how often the cost had to be evaluated. */
export function respond(demands: DemandTable, slot: number, price: number): number {
  if (price >= (demands.priceOfMin[slot] as number)) return atBound(demands, slot, PLACE.rateMin, price);
  if (price <= (demands.priceOfMax[slot] as number)) return atBound(demands, slot, PLACE.rateMax, price);
  if (demands.place[slot] === PLACE.inside) {
    const rise = price - (demands.basePrice[slot] as number);
    const loss = rise * (demands.give[slot] as number);
    const base = demands.baseRate[slot] as number;
    if (Math.abs(loss) <= (demands.reach[slot] as number)) {
      demands.price[slot] = price;
      demands.rate[slot] = Math.min(
        Math.max(base - loss, demands.rateMin[slot] as number),
        demands.rateMax[slot] as number,
      );
      demands.value[slot] = (demands.baseValue[slot] as number) + rise * (base - 0.5 * loss);
      return 0;
    }
  }
  return inside(demands, slot, price);
}

function atBound(demands: DemandTable, slot: number, place: number, price: number): number {
  let evaluations = 0;
  if (demands.place[slot] !== place) {
    const isMin = place === PLACE.rateMin;
    const rate = (isMin ? demands.rateMin[slot] : demands.rateMax[slot]) as number;
    evaluateAt(demands, slot, (isMin ? demands.xMin[slot] : demands.xMax[slot]) as number, rate);
    demands.place[slot] = place;
    demands.rate[slot] = rate;
    demands.baseRate[slot] = rate;
    demands.give[slot] = 0;
    demands.reach[slot] = 0;
    evaluations = 1;
  }
  demands.price[slot] = price;
  demands.value[slot] = (demands.cost[slot] as number) + price * (demands.rate[slot] as number);
  return evaluations;
}

function inside(demands: DemandTable, slot: number, price: number): number {
  let evaluations = 0;
  let low = demands.xMin[slot] as number;
  let high = demands.xOwn[slot] as number;
  let x = demands.x[slot] as number;
  let rate = demands.baseRate[slot] as number;
  let cost = demands.cost[slot] as number;
  let slope = demands.slope[slot] as number;
  let bend = demands.bend[slot] as number;
  for (let steps = 0; steps < ROOT_STEPS_MAX; steps += 1) {
    const asked = price * rate;
    if (asked + slope > 0) high = Math.min(x, high);
    else low = Math.max(x, low);
    const over = -slope / asked;
    const step =
      over > 2 || (over < 0.5 && bend < -POWER_MAX * slope)
        ? Math.log(over) / (1 - bend / slope)
        : -(slope + asked) / (bend + asked);
    if (Math.abs(step) <= TAYLOR_STEP_MAX) {
      cost += step * (slope + 0.5 * step * bend);
      slope += step * bend;
      x += step;
      rate += rate * (step + 0.5 * step * step);
      break;
    }
    let next = x + step;
    // Far below its own optimum a cost is about a power again; 2 is that of a time.
    if (steps === 0 && over < 0.1) next = low + 0.5 * Math.log((demands.priceOfMin[slot] as number) / price);
    if (!(next > low && next < high)) {
      if (high - low <= BRACKET_END) break;
      next = 0.5 * (low + high);
    }
    x = next;
    rate = Math.exp(x);
    evaluateAt(demands, slot, x, rate);
    evaluations += 1;
    cost = demands.cost[slot] as number;
    slope = demands.slope[slot] as number;
    bend = demands.bend[slot] as number;
  }
  rate = Math.min(Math.max(rate, demands.rateMin[slot] as number), demands.rateMax[slot] as number);
  const value = cost + price * rate;
  demands.reach[slot] = (FOLLOW_MAX * rate) / (1 + bend / (price * rate));
  demands.place[slot] = PLACE.inside;
  demands.x[slot] = x;
  demands.cost[slot] = cost;
  demands.slope[slot] = slope;
  demands.give[slot] = (rate * rate) / (bend + price * rate);
  demands.price[slot] = price;
  demands.rate[slot] = rate;
  demands.value[slot] = value;
  demands.basePrice[slot] = price;
  demands.baseRate[slot] = rate;
  demands.baseValue[slot] = value;
  return evaluations;
}

function evaluateAt(demands: DemandTable, slot: number, x: number, rate: number): void {
  evaluateTerms(
    demands.terms,
    demands.termStart[slot] as number,
    demands.termCount[slot] as number,
    x,
    rate,
    curve,
  );
  demands.x[slot] = x;
  demands.cost[slot] = curve[0] as number;
  demands.slope[slot] = curve[1] as number;
  demands.bend[slot] = curve[2] as number;
}

/** The cost at a rate that is not the answer: near it by the answer's own curvature, else evaluated. */
export function costAt(demands: DemandTable, slot: number, rate: number): number {
  const less = (demands.rate[slot] as number) - rate;
  const give = demands.give[slot] as number;
  if (give > 0 && Math.abs(less) <= (demands.reach[slot] as number))
    return (
      (demands.value[slot] as number) + (0.5 * less * less) / give - (demands.price[slot] as number) * rate
    );
  return curveAt(demands, slot, rate)[0] as number;
}

/** The cost with its slope and bend in ln R at any rate; what is returned is overwritten by the next call. */
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
