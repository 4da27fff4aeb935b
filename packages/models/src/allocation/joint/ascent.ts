/**
 * Climbs the dual to its top by Newton's steps over contended links, with a search along each step. The dual is concave:
 * a step has risen when the slope at its end still points forward, else the values tell.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { Balance, type Region } from './balance.ts';
import { type Certificate, Certifier } from './certificate.ts';
import { firstPrices } from './first-prices.ts';
import type { Network } from './network.ts';
import { PriceStep, type StepWish } from './price-step.ts';
import { fillLink } from './single-link.ts';

export interface AscentLimits {
  readonly gapMax: number;
  /** Looked at between steps: the last one may pass it. */
  readonly workMax: number;
}

export interface AscentResult extends Certificate {
  readonly status: 'optimal' | 'feasible';
  readonly steps: number;
}

const STEPS_MAX = 200;
const SHRINKS_MAX = 16;
/** So often shorter, and a step of other direction is taken. */
const TURN_EVERY = 4;
/** Of a sum of many values. */
const ROUNDING = 1e-13;
/** The gap is about a third of the imbalance; a proof is tried when that is within this of what it may be. */
const CERTIFY_WITHIN = 3;
/** Likewise where rates are also filled up to what the links have. */
const CERTIFY_FILLED_WITHIN = 30;
/** How near a fill comes to the target: what is left is rounding. */
const EXACTLY = 1e-13;
/** Steps without a smaller imbalance after which nothing more is to be won in doubles. */
const STALLED_MAX = 60;
/** So many in a row, and the links are filled one by one: kinks that hold Newton's method up are passed so. */
const SWEEP_EVERY = 4;
/**
 * A proven gap leaves a single rate a hundredth of play. Among few demands another step or two cost next to nothing, and
 * where the climb began hardly shows any more in what each gets.
 */
const POLISHED_MAX = 1000;
const POLISHED_GAP = 1e-10;
const POLISH_STEPS = 3;
/** Imbalance above which answers still move far with every step. */
const FAR = 1e-3;
/** Of the gradients' residual. A product costs little beside the answers that follow a step. */
const TOLERANCE_FAR = 0.1;
const TOLERANCE_MAX = 0.1;
const TOLERANCE_MIN = 1e-6;
const TOLERANCE_OF_AIM = 0.15;
const TOLERANCE_OF_SHARE = 30;
const TOLERANCE_LOCAL = 0.01;
/** Loads change by small differences in local steps; so often they are summed up anew. */
const LOCAL_SOLVES_MAX = 256;

export class Ascent {
  private readonly step: PriceStep;
  private readonly balance: Balance;
  private readonly certifier: Certifier;
  private before = new Float64Array(0);
  private moved = new Float64Array(0);
  /** Price and rate of each demand of the region before the step. */
  private noted = new Float64Array(0);
  private localSolves = 0;

  constructor(private readonly network: Network) {
    this.step = new PriceStep(network.links.count);
    this.balance = new Balance(network);
    this.certifier = new Certifier(network);
  }

  climb(limits: AscentLimits, start: { readonly cold: boolean }): AscentResult {
    if (start.cold) firstPrices(this.network);
    this.localSolves += 1;
    this.balance.begin(start.cold);
    this.learn();
    const result = this.toTop(limits);
    this.letGo();
    return result;
  }

  private toTop({ gapMax, workMax }: AscentLimits): AscentResult {
    const { network, balance } = this;
    const isPolished = network.demands.count <= POLISHED_MAX;
    const polishMax = isPolished ? POLISH_STEPS : 0;
    const within = isPolished ? CERTIFY_WITHIN : CERTIFY_FILLED_WITHIN;
    const shareMax = within * gapMax;
    let polished = 0;
    let best = Number.POSITIVE_INFINITY;
    let stalled = 0;
    for (let steps = 0; ; steps += 1) {
      let share = balance.measure();
      // Links that have become too full on the way belong to what is next.
      if (network.restGrowth > 0 && share < FAR && this.settleRest()) share = balance.measure();
      const exhausted =
        network.work >= workMax || steps >= STEPS_MAX || stalled >= STALLED_MAX || share === 0;
      if (exhausted || share <= shareMax) {
        if (this.settleRest()) share = balance.measure();
        if (exhausted || share <= shareMax) {
          const certificate = this.certifier.certify(gapMax, !isPolished);
          balance.know(certificate.primal);
          const isProven = certificate.gap <= gapMax;
          if (isProven && (exhausted || polished >= polishMax || certificate.gap <= POLISHED_GAP))
            return { status: 'optimal', ...certificate, steps };
          if (exhausted) return { status: 'feasible', ...certificate, steps };
          if (isProven) polished += 1;
        }
      }
      stalled = share < best ? 0 : stalled + 1;
      best = Math.min(best, share);
      const gapAim = polished > 0 ? POLISHED_GAP : gapMax;
      const region = balance.region(share, 0.25 * gapAim);
      // No finer than what the gap asks for, nor than what the curvature spoils anyway.
      const tolerance =
        region.slots === null
          ? Math.min(
              share > FAR ? TOLERANCE_FAR : TOLERANCE_MAX,
              Math.max(
                TOLERANCE_MIN,
                (TOLERANCE_OF_AIM * within * gapAim) / share,
                TOLERANCE_OF_SHARE * share,
              ),
            )
          : TOLERANCE_LOCAL;
      if (stalled % SWEEP_EVERY === SWEEP_EVERY - 1) this.sweep();
      else this.newton(region, { tolerance }, share > FAR);
      this.learn();
      if (share > FAR) balance.weigh();
    }
  }

  /** Loads that local steps have changed by small differences are summed up anew from time to time. */
  private settleRest(): boolean {
    if (this.localSolves <= LOCAL_SOLVES_MAX) return this.network.settleRest();
    this.localSolves = 0;
    return this.network.sumUp();
  }

  /** Links that are neither full nor priced any more are not contended. */
  private letGo(): void {
    const { demands, links } = this.network;
    const idle = links.contended.filter(
      (link) => links.price[link] === 0 && (links.load[link] as number) <= (links.target[link] as number),
    );
    for (const link of idle) {
      this.step.drop(link);
      links.leave(demands, link);
    }
  }

  /** The couplings hear who gives way otherwise than they have it. */
  private learn(): void {
    const { network } = this;
    this.step.learn(network, network.bent);
    network.bent.length = 0;
  }

  /** Each contended link filled exactly, the fullest first. */
  private sweep(): void {
    const { links } = this.network;
    const fullness = (link: number) => (links.load[link] as number) / (links.target[link] as number);
    const order = [...links.contended].sort((a, b) => fullness(b) - fullness(a) || a - b);
    for (const link of order) this.fill(link);
  }

  private fill(link: number): void {
    fillLink(this.network, link, EXACTLY);
  }

  /** The demand is about to leave its links. */
  forget(slot: number): void {
    this.step.forget(this.network, slot);
  }

  private newton(region: Region, wish: StepWish, isFar: boolean): void {
    const { links } = this.network;
    const direction = this.step.solve(this.network, region, wish);
    const count = region.links.length;
    if (this.before.length < count) {
      this.before = new Float64Array(2 * count);
      this.moved = new Float64Array(2 * count);
    }
    for (let index = 0; index < count; index += 1)
      this.before[index] = links.price[region.links[index] as number] as number;
    this.cut(direction, count);
    if (!(this.along(region) > 0)) this.cut(this.step.steepest(region), count);
    const climbs = this.search(region, isFar);
    for (const link of this.step.flat) this.fill(link);
    if (!climbs && this.step.flat.length === 0) this.sweep();
  }

  /** Along the move, as far as it rises; false when it does not at all. */
  private search(region: Region, isFar: boolean): boolean {
    const forward = this.along(region);
    if (!(forward > 0)) return false;
    const low = this.height(region);
    if (region.slots !== null) this.note(region.slots);
    let length = 1;
    let forwardNow = forward;
    for (let shrink = 0; shrink < SHRINKS_MAX; shrink += 1) {
      this.moveTo(region, length, isFar);
      const back = this.along(region);
      // The dual is concave: where its slope still points forward it has risen.
      if (back >= 0) return true;
      const { rise, rounding } = this.height(region, low);
      if (rise > 0 || (rise > -rounding && back >= -forwardNow)) return true;
      if (shrink % TURN_EVERY === TURN_EVERY - 1 && region.slots !== null) {
        forwardNow = this.turn(region, region.slots);
        if (!(forwardNow > 0)) return false;
        length = 1;
      } else length *= Math.min(0.7, Math.max(0.1, forwardNow / (forwardNow - back)));
    }
    this.moveTo(region, 0, isFar);
    return false;
  }

  private note(slots: readonly number[]): void {
    if (this.noted.length < 2 * slots.length) this.noted = new Float64Array(4 * slots.length);
    const { price, rate } = this.network.demands;
    for (let at = 0; at < slots.length; at += 1) {
      this.noted[2 * at] = price[slots[at] as number] as number;
      this.noted[2 * at + 1] = rate[slots[at] as number] as number;
    }
  }

  /**
   * The step went over kinks, demands that left a bound or came to one: goes back and takes another with what they gave
   * on the way, chord for tangent. Returns how steeply that rises.
   */
  private turn(region: Region, slots: readonly number[]): number {
    const { demands } = this.network;
    const chords = slots.map((slot, at) => {
      const rise = (demands.price[slot] as number) - (this.noted[2 * at] as number);
      const loss = (this.noted[2 * at + 1] as number) - (demands.rate[slot] as number);
      return rise === 0 ? Number.NaN : Math.max(0, loss / rise);
    });
    this.moveTo(region, 0, false);
    const tangents = slots.map((slot) => demands.give[slot] as number);
    for (const [at, slot] of slots.entries())
      if (!Number.isNaN(chords[at]))
        demands.give[slot] = Math.max(tangents[at] as number, chords[at] as number);
    const direction = this.step.solve(this.network, region, { tolerance: TOLERANCE_MIN });
    for (const [at, slot] of slots.entries()) demands.give[slot] = tangents[at] as number;
    this.cut(direction, region.links.length);
    return this.along(region);
  }

  /** No price falls below 0. */
  private cut(direction: Float64Array, count: number): void {
    for (let index = 0; index < count; index += 1)
      this.moved[index] = Math.max(-(this.before[index] as number), direction[index] as number);
  }

  private moveTo(region: Region, length: number, isFar: boolean): void {
    this.setPrices(region.links, length);
    if (region.slots === null) this.network.respondAll(isFar);
    else this.network.respondSome(region.slots);
  }

  private setPrices(moving: readonly number[], length: number): void {
    const { before, moved } = this;
    const { price } = this.network.links;
    for (let index = 0; index < moving.length; index += 1)
      price[moving[index] as number] = Math.max(
        0,
        (before[index] as number) + length * (moved[index] as number),
      );
  }

  /** The dual's slope along the move. */
  private along({ links: moving }: Region): number {
    const { load, target } = this.network.links;
    let slope = 0;
    for (let index = 0; index < moving.length; index += 1) {
      const link = moving[index] as number;
      slope += (this.moved[index] as number) * ((load[link] as number) - (target[link] as number));
    }
    return slope;
  }

  /** The part of the dual that the region decides, above `low`, and what of it may be rounding. */
  private height(region: Region, low = { rise: 0 }): { readonly rise: number; readonly rounding: number } {
    const { demands, links } = this.network;
    const { value } = demands;
    let height = 0;
    if (region.slots === null) {
      for (let slot = 0; slot < demands.slots; slot += 1) height += value[slot] as number;
    } else for (const slot of region.slots) height += value[slot] as number;
    const rounding = ROUNDING * Math.abs(height);
    for (const link of region.links) height -= (links.price[link] as number) * (links.target[link] as number);
    return { rise: height - low.rise, rounding };
  }
}
