/**
 * Prices to begin with when nothing is known: rates are shrunk from everybody's own optimum until they fit, what each
 * demand would pay for more at its rate is asked of its fullest link, and a link's price is the mean of that. Costs one
 * evaluation for each demand, and leaves Newton's method a few steps.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { PLACE } from './demand-table.ts';
import type { Network } from './network.ts';
import { curveAt } from './response.ts';

/** Times all rates are scaled by what their fullest link allows; more of them hardly change the prices. */
const SCALINGS = 3;
const TUNINGS = 6;
/** Most demands cross two contended links, which both answer for them. */
const TUNING = 0.6;
const TUNING_MAX = 3;

export function firstPrices(network: Network): void {
  const { demands, links } = network;
  const { place, useStart, useCount, useLink, useShare, rateMin, xOwn } = demands;
  const slots = demands.slots;
  const fitting = Float64Array.from({ length: slots }, (_, slot) => Math.exp(xOwn[slot] as number));
  const fullest = new Int32Array(slots);
  const load = new Float64Array(links.count);
  for (let round = 0; round < SCALINGS; round += 1) {
    load.fill(0);
    for (let slot = 0; slot < slots; slot += 1) {
      if (place[slot] === PLACE.free) continue;
      const end = (useStart[slot] as number) + (useCount[slot] as number);
      for (let use = useStart[slot] as number; use < end; use += 1) {
        const link = useLink[use] as number;
        load[link] = (load[link] as number) + (useShare[use] as number) * (fitting[slot] as number);
      }
    }
    for (let slot = 0; slot < slots; slot += 1) {
      if (place[slot] === PLACE.free) continue;
      let room = Number.POSITIVE_INFINITY;
      const end = (useStart[slot] as number) + (useCount[slot] as number);
      for (let use = useStart[slot] as number; use < end; use += 1) {
        const link = useLink[use] as number;
        const scale = (links.target[link] as number) / (load[link] as number);
        if (scale >= room) continue;
        room = scale;
        fullest[slot] = use;
      }
      const wished = (fitting[slot] as number) * room;
      const own = Math.exp(xOwn[slot] as number);
      fitting[slot] = Math.max(rateMin[slot] as number, Math.min(own, wished));
    }
  }
  askFor(network, fitting, fullest);
  network.respondAll(true);
  for (let round = 0; round < TUNINGS; round += 1) {
    tune(network);
    network.respondAll(true);
  }
}

/** Each price as if its link were alone: a step of Newton in logarithms, in which loads are about straight. */
function tune({ demands, links }: Network): void {
  const { useStart, contendedUses, useLink, useShare, give } = demands;
  const gives = new Float64Array(links.count);
  for (let slot = 0; slot < demands.slots; slot += 1) {
    const gift = give[slot] as number;
    if (gift === 0) continue;
    const end = (useStart[slot] as number) + (contendedUses[slot] as number);
    for (let use = useStart[slot] as number; use < end; use += 1) {
      const link = useLink[use] as number;
      gives[link] = (gives[link] as number) + (useShare[use] as number) ** 2 * gift;
    }
  }
  for (const link of links.contended) {
    const price = links.price[link] as number;
    const load = links.load[link] as number;
    if (price === 0 || load === 0) continue;
    const fullness = Math.log(load / (links.target[link] as number));
    // Without a curvature, with every user at a bound, as far as a tuning goes.
    const wished = fullness === 0 ? 0 : (fullness * load) / (price * (gives[link] as number));
    links.price[link] = price * Math.exp(Math.max(-TUNING_MAX, Math.min(TUNING_MAX, TUNING * wished)));
  }
}

/**
 * A link's price is the mean of what those it holds down would pay, in logarithms and by how much they would give way:
 * one demand in distress, whose cost soars near its least rate, must not speak for all.
 */
function askFor(network: Network, fitting: Float64Array, fullest: Int32Array): void {
  const { demands, links } = network;
  const { place, useCount, useLink, useShare, rateMin, xOwn } = demands;
  const paid = new Float64Array(links.count);
  const weights = new Float64Array(links.count);
  for (let slot = 0; slot < demands.slots; slot += 1) {
    const rate = fitting[slot] as number;
    if (place[slot] === PLACE.free || useCount[slot] === 0) continue;
    if (!(rate < Math.exp(xOwn[slot] as number) && rate > (rateMin[slot] as number))) continue;
    network.work += 1;
    const curve = curveAt(demands, slot, rate);
    const slope = -(curve[1] as number);
    if (!(slope > 0)) continue;
    const use = fullest[slot] as number;
    const link = useLink[use] as number;
    const share = useShare[use] as number;
    const weight = (share * rate) / (1 + (curve[2] as number) / slope);
    paid[link] = (paid[link] as number) + weight * Math.log(slope / rate / share);
    weights[link] = (weights[link] as number) + weight;
  }
  for (let link = 0; link < links.count; link += 1) {
    const weight = weights[link] as number;
    links.price[link] = weight > 0 ? Math.exp((paid[link] as number) / weight) : 0;
    if (weight > 0) links.enter(demands, link);
  }
}
