/**
 * The price of one link at which its users fill it exactly, all other prices as they are: a coordinate of the dual,
 * whose load falls in the price. It needs no curvature, so it also works where every user sits at a bound; it gives a
 * start for Newton's method and a way on where that stalls.
 */
import type { Network } from './network.ts';

const STEPS_MAX = 60;
const GROWTH_MAX = 1e3;
const BRACKET_END = 1e-12;

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

/** Newton's step in ln price for ln load; a first price from what the users would pay at rates that fit. */
function nextPrice(network: Network, link: number, over: number): number {
  const { demands, links } = network;
  const price = links.price[link] as number;
  let give = 0;
  let pay = 0;
  let paid = 0;
  for (const slot of links.users[link] as number[]) {
    const share = shareOf(network, slot, link);
    give += share * share * (demands.give[slot] as number);
    // What lets a demand go from its upper bound, or moves one that answers without a price.
    const worth = Math.max(
      -(demands.slope[slot] as number) / (demands.baseRate[slot] as number),
      (demands.bend[slot] as number) / (demands.baseRate[slot] as number),
    );
    const weight = share * (demands.rate[slot] as number);
    pay += weight * worth;
    paid += weight;
  }
  const load = links.load[link] as number;
  const target = links.target[link] as number;
  if (price === 0 || give === 0) {
    const scale = target > 0 ? Math.min(load / target, GROWTH_MAX) : GROWTH_MAX;
    return over > 0 ? Math.max(price, pay / paid) * scale : 0;
  }
  const additive = price + over / give;
  if (target <= 0) return additive;
  const elasticity = (give * price) / load;
  const ratio = Math.log(load / target) / elasticity;
  return Math.abs(ratio) < 1 ? price * Math.exp(ratio) : additive;
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
