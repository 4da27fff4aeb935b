/**
 * What a demand answers to a price: the rate R at which cost(R) + price · R is least within its bounds. In x = ln R
 * that is the root of slope(x) + price · R, which rises in x. Falling costs are near powers of R, for which
 * ln(−slope) is straight: far from the root the step is taken there, near it Newton's step is as good. The last
 * evaluation is kept, so that the answer to a price that hardly moved costs none.
 */
import { evaluateTerms } from './cost-curve.ts';
import { type DemandTable, PLACE } from './demand-table.ts';

/** A step below this is taken by Taylor's series; what it leaves is its square. */
const TAYLOR_STEP_MAX = 1e-6;
/** So far may x move from where its cost was evaluated before it is evaluated anew. */
const TAYLOR_DRIFT_MAX = 1e-5;
/** Newton needs two to four; halving the bracket 60 times is exact. */
const ROOT_STEPS_MAX = 64;
/** A cost bent more than a power like this falls towards its own optimum, where only Newton's step is short enough. */
const POWER_MAX = 8;
const BRACKET_END = 1e-15;

const curve = new Float64Array(3);

/** Answers the price and returns how often the cost had to be evaluated. */
export function respond(demands: DemandTable, slot: number, price: number): number {
  demands.price[slot] = price;
  if (price >= (demands.priceOfMin[slot] as number))
    return atBound(demands, slot, {
      place: PLACE.rateMin,
      x: demands.xMin[slot] as number,
      rate: demands.rateMin[slot] as number,
    });
  if (price <= (demands.priceOfMax[slot] as number))
    return atBound(demands, slot, {
      place: PLACE.rateMax,
      x: demands.xMax[slot] as number,
      rate: demands.rateMax[slot] as number,
    });
  return inside(demands, slot, price);
}

function atBound(
  demands: DemandTable,
  slot: number,
  bound: { readonly place: number; readonly x: number; readonly rate: number },
): number {
  if (demands.place[slot] === bound.place) return 0;
  evaluateAt(demands, slot, bound.x, bound.rate);
  demands.place[slot] = bound.place;
  demands.give[slot] = 0;
  return 1;
}

function inside(demands: DemandTable, slot: number, price: number): number {
  let evaluations = 0;
  let low = demands.xMin[slot] as number;
  let high = demands.xOwn[slot] as number;
  let x = demands.x[slot] as number;
  let rate = demands.rate[slot] as number;
  let slope = demands.slope[slot] as number;
  let bend = demands.bend[slot] as number;
  let drift = demands.drift[slot] as number;
  for (let steps = 0; steps < ROOT_STEPS_MAX; steps += 1) {
    const asked = price * rate;
    if (asked + slope > 0) high = Math.min(x, high);
    else low = Math.max(x, low);
    const over = -slope / asked;
    const step =
      over > 2 || (over < 0.5 && bend < -POWER_MAX * slope)
        ? Math.log(over) / (1 - bend / slope)
        : -(slope + asked) / (bend + asked);
    const size = Math.abs(step);
    if (size <= TAYLOR_STEP_MAX && drift + size <= TAYLOR_DRIFT_MAX) {
      demands.cost[slot] = (demands.cost[slot] as number) + step * (slope + 0.5 * step * bend);
      slope += step * bend;
      x += step;
      rate += rate * (step + 0.5 * step * step);
      demands.x[slot] = x;
      demands.rate[slot] = rate;
      demands.slope[slot] = slope;
      demands.drift[slot] = drift + size;
      break;
    }
    let next = x + step;
    if (!(next > low && next < high)) {
      if (high - low <= BRACKET_END) break;
      next = 0.5 * (low + high);
    }
    x = next;
    rate = Math.exp(x);
    evaluateAt(demands, slot, x, rate);
    evaluations += 1;
    slope = demands.slope[slot] as number;
    bend = demands.bend[slot] as number;
    drift = 0;
  }
  demands.place[slot] = PLACE.inside;
  demands.give[slot] = (rate * rate) / (bend + price * rate);
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
  demands.rate[slot] = rate;
  demands.cost[slot] = curve[0] as number;
  demands.slope[slot] = curve[1] as number;
  demands.bend[slot] = curve[2] as number;
  demands.drift[slot] = 0;
}

/** The cost at another rate than the answer: near it by Taylor's series, else evaluated. */
export function costAt(demands: DemandTable, slot: number, rate: number): number {
  const step = rate / (demands.rate[slot] as number) - 1;
  if (step === 0) return demands.cost[slot] as number;
  if (Math.abs(step) <= TAYLOR_STEP_MAX) {
    // ln(1 + step) to the second order.
    const inX = step - 0.5 * step * step;
    return (
      (demands.cost[slot] as number) +
      inX * ((demands.slope[slot] as number) + 0.5 * inX * (demands.bend[slot] as number))
    );
  }
  evaluateTerms(
    demands.terms,
    demands.termStart[slot] as number,
    demands.termCount[slot] as number,
    Math.log(rate),
    rate,
    curve,
  );
  return curve[0] as number;
}
