/**
 * Climbs the dual to its top: link by link from a cold start, then by Newton's steps over the contended links with a
 * search along each step. A step is taken when the gradient at its end still does not point back by more than half of
 * what it pointed forward: as the dual is concave, that is a rise, and it needs no difference of two large values.
 */
import { type Certificate, certify } from './certificate.ts';
import { PLACE } from './demand-table.ts';
import type { Network } from './network.ts';
import { PriceStep } from './price-step.ts';
import { fillLink } from './single-link.ts';

export interface AscentLimits {
  readonly gapMax: number;
  readonly workMax: number;
}

export interface AscentResult extends Certificate {
  readonly status: 'optimal' | 'feasible';
  readonly steps: number;
}

const STEPS_MAX = 200;
const SHRINKS_MAX = 8;
const CERTIFY_WITHIN = 4;
const BACKWARD_MAX = 0.5;
/** Neighbours move a link's load again at once: in a sweep more precision would be lost. */
const ROUGHLY = 1e-3;
const EXACTLY = 1e-13;
/** Steps without a better score after which nothing more is to be won in doubles. */
const STALLED_MAX = 60;
/** So many in a row, and the links are filled one by one once more: kinks that hold Newton's method up are passed so. */
const SWEEP_EVERY = 4;

export class Ascent {
  private readonly step: PriceStep;
  private readonly factors: Float64Array;

  constructor(private readonly network: Network) {
    this.step = new PriceStep(network.links.count);
    this.factors = new Float64Array(network.links.count).fill(1);
  }

  climb(limits: AscentLimits, start: { readonly cold: boolean }): AscentResult {
    const result = this.toTop(limits, start);
    this.letGo();
    return result;
  }

  private toTop(limits: AscentLimits, start: { readonly cold: boolean }): AscentResult {
    const { network } = this;
    if (start.cold) this.sweep(ROUGHLY);
    let steps = 0;
    let best = Number.POSITIVE_INFINITY;
    let stalled = 0;
    for (;;) {
      const { score, scale } = this.measure();
      stalled = score < best ? 0 : stalled + 1;
      best = Math.min(best, score);
      const exhausted =
        network.work >= limits.workMax || steps >= STEPS_MAX || stalled >= STALLED_MAX || score === 0;
      if (exhausted || score <= CERTIFY_WITHIN * limits.gapMax * scale) {
        const certificate = certify(network, this.factors);
        if (certificate.gap <= limits.gapMax) return { status: 'optimal', ...certificate, steps };
        if (exhausted) return { status: 'feasible', ...certificate, steps };
      }
      const ratio = score / scale;
      if (stalled % SWEEP_EVERY === SWEEP_EVERY - 1) this.sweep(EXACTLY);
      else this.newton(Math.min(0.1, Math.max(1e-6, ratio)));
      steps += 1;
    }
  }

  /** Links that are neither full nor priced any more are not contended. */
  private letGo(): void {
    const { demands, links } = this.network;
    const idle = links.contended.filter(
      (link) => links.price[link] === 0 && (links.load[link] as number) <= (links.target[link] as number),
    );
    for (const link of idle) links.leave(demands, link);
  }

  /** Σ price · |load − capacity|, which the gap is near to, and the size of the costs. */
  private measure(): { readonly score: number; readonly scale: number } {
    const { demands, links } = this.network;
    let cost = 0;
    let carried = 0;
    for (let slot = 0; slot < demands.slots; slot += 1) {
      if (demands.place[slot] === PLACE.free) continue;
      cost += demands.cost[slot] as number;
      carried += demands.rate[slot] as number;
    }
    const worth = carried > 0 ? cost / carried : 0;
    let score = 0;
    for (const link of links.contended) {
      const over = (links.load[link] as number) - (links.target[link] as number);
      const price = links.price[link] as number;
      score += over > 0 ? Math.max(price, worth) * over : -price * over;
    }
    return { score, scale: cost };
  }

  /** The fullest links first, each filled exactly once. */
  private sweep(tolerance: number): void {
    const { links } = this.network;
    const fullness = (link: number) => (links.load[link] as number) / (links.target[link] as number);
    const order = [...links.contended].sort((a, b) => fullness(b) - fullness(a) || a - b);
    for (const link of order) fillLink(this.network, link, tolerance);
  }

  private newton(tolerance: number): void {
    const { network, step } = this;
    const { links } = network;
    const wanted = links.contended.filter(
      (link) =>
        (links.price[link] as number) > 0 || (links.load[link] as number) > (links.target[link] as number),
    );
    const direction = step.solve(network, { links: wanted, slots: 'all', tolerance, productsMax: 200 });
    const before = wanted.map((link) => links.price[link] as number);
    const moved = wanted.map((_, index) => Math.max(-(before[index] as number), direction[index] as number));
    const forward = this.along(wanted, moved);
    if (forward > 0) {
      let length = 1;
      for (let shrink = 0; ; shrink += 1) {
        for (const [index, link] of wanted.entries())
          links.price[link] = Math.max(0, (before[index] as number) + length * (moved[index] as number));
        network.respondAll();
        const back = this.along(wanted, moved);
        if (back >= -BACKWARD_MAX * forward || shrink === SHRINKS_MAX) break;
        length *= Math.min(0.7, Math.max(0.1, forward / (forward - back)));
      }
    }
    for (const link of [...step.flat]) fillLink(network, link, EXACTLY);
    if (!(forward > 0) && step.flat.length === 0) this.sweep(EXACTLY);
  }

  /** The dual's slope along a move of the prices. */
  private along(wanted: readonly number[], moved: readonly number[]): number {
    const { links } = this.network;
    let slope = 0;
    for (const [index, link] of wanted.entries())
      slope += (moved[index] as number) * ((links.load[link] as number) - (links.target[link] as number));
    return slope;
  }
}
