/**
 * The price of one link at which its users fill it exactly, all other prices as they are: a coordinate of the dual,
 * whose load falls in the price. It needs no curvature, so it also works where every user sits at a bound; it gives a
 * start for Newton's method and a way on where that stalls.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { PLACE } from './demand-table.ts';
import type { Network } from './network.ts';

const STEPS_MAX = 60;
const GROWTH_MAX = 1e3;
const BRACKET_END = 1e-12;
/** So far past a kink, where the users have a curvature again. */
const BEYOND = 1e-6;

/** Sets the link's price so that its load is within a share of its target, and lets its users answer it. */
export function fillLink(network: Network, link: number, tolerance: number): void {
  const { links } = network;
  const target = links.target[link] as number;
  // Nothing is known of price 0 yet.
  let low = -1;
  let high = Number.POSITIVE_INFINITY;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const price = links.price[link] as number;
    const over = (links.load[link] as number) - target;
    if (over <= 0 && price === 0) return;
    if (over > 0) low = price;
    else high = price;
    if (Math.abs(over) <= tolerance * target || high * (1 - BRACKET_END) <= low) return;
    const next = Math.max(0, nextPrice(network, link, over));
    // Everybody is at the least rate: what is over is rounding of the sum.
    if (next === Number.POSITIVE_INFINITY) return;
    const isBetween = next > low && next < high;
    setPrice(network, link, isBetween ? next : between(low, high));
  }
}

function between(low: number, high: number): number {
  if (low < 0) return 0;
  if (high === Number.POSITIVE_INFINITY) return 2 * low;
  // Far apart, halving the exponents finds a scale sooner.
  return low === 0 ? high / 16 : Math.sqrt(low * high);
}

/** Newton's step in ln price for ln load; past the next bound that lets go where every user sits at one. */
function nextPrice(network: Network, link: number, over: number): number {
  const { demands, links } = network;
  const now = links.price[link] as number;
  let give = 0;
  let pay = 0;
  let paid = 0;
  let kink = over > 0 ? Number.POSITIVE_INFINITY : 0;
  for (const slot of links.users[link] as number[]) {
    const share = shareOf(network, slot, link);
    const price = demands.price[slot] as number;
    const place = demands.place[slot];
    give += share * share * (demands.give[slot] as number);
    if (over > 0 && place === PLACE.rateMax)
      kink = Math.min(kink, now + ((demands.priceOfMax[slot] as number) - price) / share);
    if (over <= 0 && place === PLACE.rateMin)
      kink = Math.max(kink, now + ((demands.priceOfMin[slot] as number) - price) / share);
    const weight = share * (demands.rate[slot] as number);
    pay += (weight * (demands.bend[slot] as number)) / (demands.xRate[slot] as number);
    paid += weight;
  }
  if (give === 0) return over > 0 ? kink * (1 + BEYOND) : kink * (1 - BEYOND);
  const load = links.load[link] as number;
  const target = links.target[link] as number;
  // About what the users would pay at rates that fit; nothing is to be learnt from a price of 0.
  if (now === 0)
    return over > 0 ? (pay / paid) * (target > 0 ? Math.min(load / target, GROWTH_MAX) : GROWTH_MAX) : 0;
  const straight = now + over / give;
  if (target <= 0) return straight;
  const inLogarithms = (Math.log(load / target) * load) / (give * now);
  return Math.abs(inLogarithms) < 1 ? now * Math.exp(inLogarithms) : straight;
}

function setPrice(network: Network, link: number, price: number): void {
  const { links } = network;
  const change = price - (links.price[link] as number);
  links.price[link] = price;
  if (change === 0) return;
  network.respondSome(links.users[link] as number[]);
}

function shareOf({ demands }: Network, slot: number, link: number): number {
  let use = demands.useStart[slot] as number;
  while (demands.useLink[use] !== link) use += 1;
  return demands.useShare[use] as number;
}
