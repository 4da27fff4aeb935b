/**
 * The proof that comes with every answer. From below: the dual value Σ min (f + π R) − μ·c of the prices, by weak
 * duality never above the optimum. From above: rates that fit, L + θ (R − L) with the θ of the tightest of a demand's
 * links, so that what one link lacks moves only its own users.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { Network } from './network.ts';
import { curveAt } from './response.ts';

export interface Certificate {
  readonly primal: number;
  readonly dual: number;
  /** (primal − dual) / |primal|; 0 when both are 0. */
  readonly gap: number;
}

/** Makes the rates fit and weighs them against the prices. */
export function certify(network: Network, factors: Float64Array): Certificate {
  const { demands, links } = network;
  const { rate, rateMin, value, price, give, reach, fitting } = demands;
  const { useLink, useStart, contendedUses } = demands;
  const crowded: number[] = [];
  let dual = 0;
  for (const link of links.contended) {
    dual -= (links.price[link] as number) * (links.capacity[link] as number);
    const factor = factorOf(network, link);
    if (factor === 1) continue;
    factors[link] = factor;
    crowded.push(link);
  }
  let primal = 0;
  let responses = 0;
  for (let slot = 0; slot < demands.slots; slot += 1) {
    const answer = rate[slot] as number;
    responses += value[slot] as number;
    let factor = 1;
    const start = useStart[slot] as number;
    const end = start + (contendedUses[slot] as number);
    for (let use = start; use < end; use += 1) {
      const most = factors[useLink[use] as number] as number;
      if (most < factor) factor = most;
    }
    if (factor === 1) {
      fitting[slot] = answer;
      primal += (value[slot] as number) - (price[slot] as number) * answer;
      continue;
    }
    const least = rateMin[slot] as number;
    const fits = least + factor * (answer - least);
    const less = answer - fits;
    fitting[slot] = fits;
    // Near the answer its own curvature says what less costs.
    primal +=
      less < (reach[slot] as number)
        ? (value[slot] as number) -
          (price[slot] as number) * fits +
          (0.5 * less * less) / (give[slot] as number)
        : (curveAt(demands, slot, fits)[0] as number);
  }
  for (const link of crowded) factors[link] = 1;
  dual += responses;
  const size = Math.abs(primal);
  return { primal, dual, gap: size === 0 ? 0 : Math.max(0, primal - dual) / size };
}

/** What share of their rates above the least ones the users of a link may have. */
function factorOf({ links }: Network, link: number): number {
  const load = links.load[link] as number;
  const target = links.target[link] as number;
  if (load <= target) return 1;
  const least = links.least[link] as number;
  return load > least ? Math.max(0, (target - least) / (load - least)) : 0;
}
