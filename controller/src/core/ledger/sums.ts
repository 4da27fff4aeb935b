/**
 * The sums over all holds: per link what is held now and promised over time, per tenant what it has. Changed in place,
 * because copying a calendar for every link of a path would cost more than all the rest of a step. A change is the
 * difference that one hold makes, in whole numbers, so taking it back leaves exactly what was: `versions.ts` relies on
 * it to show every ledger its own sums.
 */
import type { ReservationId } from '../ids.ts';
import { type Hold, isLive, stretchOf } from './hold.ts';
import { type Stretch, Timeline } from './timeline.ts';

export interface LinkSums {
  /** Sum of the current rates, of larger ones while changes are under way. */
  readonly held: number;
  /** Sum of the rates that are wanted, on the ways that are wanted: what a switch is told. */
  readonly wanted: number;
  /** Holds with a current rate. */
  readonly live: number;
  /** The largest floor that a live hold asked for. */
  readonly raisedFloor: number;
  /** All holds on the link, forward or back, in ascending order. */
  readonly ids: readonly ReservationId[];
  /** Sum of the guarantees over time. */
  readonly guaranteed: Timeline;
  readonly asks: readonly FloorAsk[];
}

/** A floor that a hold asks for. */
export interface FloorAsk extends Stretch {
  readonly id: ReservationId;
  readonly floor: number;
  readonly isLive: boolean;
}

export interface TenantSums {
  readonly migrations: Timeline;
  readonly rate: Timeline;
}

/** How long what is past is kept, so that ledgers of a moment ago need no counting anew. */
const PAST_KEPT_MS = 60_000;

export class Sums {
  readonly #links: (Mutable<LinkSums> | undefined)[] = [];
  readonly #tenants = new Map<string, TenantSums>();
  #since = 0;

  /** Values of instants before it are forgotten. */
  get since(): number {
    return this.#since;
  }

  link(number: number): LinkSums {
    return this.#links[number] ?? NOTHING;
  }

  tenant(name: string): TenantSums | null {
    return this.#tenants.get(name) ?? null;
  }

  get tenants(): Iterable<string> {
    return this.#tenants.keys();
  }

  /** The hold as it is after a change takes the place of what it was before; null = it was or is not there. */
  change(before: Hold | null, after: Hold | null): void {
    if (before !== null && after !== null && isSameFootprint(before, after)) this.#shift(before, after);
    else {
      if (before !== null) this.#count(before, -1);
      if (after !== null) this.#count(after, 1);
    }
    if (before?.window !== after?.window || before?.guarantee !== after?.guarantee) {
      this.#countTenant(before, -1);
      this.#countTenant(after, 1);
    }
  }

  /** The next changes drop what has been past for long. */
  forget(now: number): void {
    if (now - this.#since >= 2 * PAST_KEPT_MS) this.#since = now - PAST_KEPT_MS;
  }

  /** What changes most: other rates on the same links. */
  #shift(before: Hold, after: Hold): void {
    const { forwardLinks, reverseLinks, applicationFloor } = after;
    const wanted = after.reservation.rate - before.reservation.rate;
    const wantedBack = after.reservation.reverseRate - before.reservation.reverseRate;
    const live = Number(isLive(after)) - Number(isLive(before));
    this.#hold(forwardLinks, after.forwardRate - before.forwardRate);
    this.#hold(reverseLinks, after.reverseRate - before.reverseRate);
    this.#want(after.wantedForward, wanted);
    this.#want(after.wantedReverse, wantedBack);
    if (live !== 0) for (const link of linksOf(after)) this.#linkAt(link).live += live;
    this.#repromise(forwardLinks, before, after, after.guarantee - before.guarantee);
    this.#repromise(reverseLinks, before, after, after.reverseGuarantee - before.reverseGuarantee);
    if (
      (applicationFloor !== null || before.applicationFloor !== null) &&
      (live !== 0 || before.window !== after.window || before.applicationFloor !== applicationFloor)
    )
      for (const link of linksOf(after)) ask(this.#linkAt(link), before.reservation.id, after);
  }

  /** All of a hold comes or goes. */
  #count(hold: Hold, sign: 1 | -1): void {
    const { forwardLinks, reverseLinks, reservation } = hold;
    this.#hold(forwardLinks, sign * hold.forwardRate);
    this.#hold(reverseLinks, sign * hold.reverseRate);
    this.#want(hold.wantedForward, sign * reservation.rate);
    this.#want(hold.wantedReverse, sign * reservation.reverseRate);
    const stretch = stretchOf(hold.window);
    this.#promise(forwardLinks, stretch, sign * hold.guarantee);
    this.#promise(reverseLinks, stretch, sign * hold.reverseGuarantee);
    for (const number of linksOf(hold)) {
      const link = this.#linkAt(number);
      if (isLive(hold)) link.live += sign;
      if (sign > 0) insert(link.ids, reservation.id);
      else remove(link.ids, reservation.id);
      if (hold.applicationFloor !== null) ask(link, reservation.id, sign > 0 ? hold : null);
    }
  }

  #hold(links: readonly number[], amount: number): void {
    if (amount !== 0) for (const link of links) this.#linkAt(link).held += amount;
  }

  #want(links: readonly number[], amount: number): void {
    if (amount !== 0) for (const link of links) this.#linkAt(link).wanted += amount;
  }

  #promise(links: readonly number[], stretch: Stretch, amount: number): void {
    if (amount !== 0)
      for (const link of links) this.#linkAt(link).guaranteed.add(stretch, amount, this.#since);
  }

  /** The guarantee, `more` than before, over what may be another window. */
  #repromise(links: readonly number[], before: Hold, after: Hold, more: number): void {
    if (before.window === after.window) {
      this.#promise(links, stretchOf(after.window), more);
      return;
    }
    const isForward = links === after.forwardLinks;
    const was = isForward ? before.guarantee : before.reverseGuarantee;
    this.#promise(links, stretchOf(before.window), -was);
    this.#promise(links, stretchOf(after.window), was + more);
  }

  #linkAt(number: number): Mutable<LinkSums> {
    const known = this.#links[number];
    if (known !== undefined) return known;
    const link: Mutable<LinkSums> = {
      held: 0,
      wanted: 0,
      live: 0,
      raisedFloor: 0,
      ids: [],
      guaranteed: new Timeline(),
      asks: [],
    };
    this.#links[number] = link;
    return link;
  }

  #countTenant(hold: Hold | null, sign: 1 | -1): void {
    if (hold === null || hold.tenant === null) return;
    const stretch = stretchOf(hold.window);
    const sums = this.#tenants.get(hold.tenant) ?? { migrations: new Timeline(), rate: new Timeline() };
    sums.migrations.add(stretch, sign, this.#since);
    sums.rate.add(stretch, sign * hold.guarantee, this.#since);
    if (sums.migrations.isFlat && sums.rate.isFlat) this.#tenants.delete(hold.tenant);
    else this.#tenants.set(hold.tenant, sums);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

const NOTHING: LinkSums = {
  held: 0,
  wanted: 0,
  live: 0,
  raisedFloor: 0,
  ids: [],
  guaranteed: new Timeline(),
  asks: [],
};

/** Every link of a hold once. */
function linksOf({ forwardLinks, reverseLinks }: Hold): readonly number[] {
  // Data and acknowledgements of one hold meet on a link only while it is rerouted.
  const both = reverseLinks.filter((link) => !forwardLinks.includes(link));
  return [...forwardLinks, ...both];
}

/** What a hold counts on a link now. */
export const currentOn = (hold: Hold, link: number): number =>
  (hold.forwardLinks.includes(link) ? hold.forwardRate : 0) +
  (hold.reverseLinks.includes(link) ? hold.reverseRate : 0);

/** What is wanted of a hold on a link, on the way that is wanted. */
export const wantedOn = (hold: Hold, link: number): number =>
  (hold.wantedForward.includes(link) ? hold.reservation.rate : 0) +
  (hold.wantedReverse.includes(link) ? hold.reservation.reverseRate : 0);

/** What a hold promises on a link, over its window. */
export const guaranteeOn = (hold: Hold, link: number): number =>
  (hold.forwardLinks.includes(link) ? hold.guarantee : 0) +
  (hold.reverseLinks.includes(link) ? hold.reverseGuarantee : 0);

/** The floor that a hold asks for on a link from now on; null = it has gone. */
function ask(link: Mutable<LinkSums>, id: ReservationId, hold: Hold | null): void {
  link.asks = link.asks.filter((one) => one.id !== id);
  if (hold !== null && hold.applicationFloor !== null)
    link.asks.push({
      id,
      floor: hold.applicationFloor,
      isLive: isLive(hold),
      ...stretchOf(hold.window),
    });
  link.raisedFloor = link.asks.reduce((most, one) => (one.isLive ? Math.max(most, one.floor) : most), 0);
}

function insert(ids: ReservationId[], id: ReservationId): void {
  ids.splice(placeOf(ids, id), 0, id);
}

function remove(ids: ReservationId[], id: ReservationId): void {
  ids.splice(placeOf(ids, id), 1);
}

/** The first that is not smaller. */
function placeOf(ids: readonly ReservationId[], id: ReservationId): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // Between the ends.
    if ((ids[middle] as ReservationId) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isSameFootprint = (a: Hold, b: Hold): boolean =>
  a.forwardLinks === b.forwardLinks && a.reverseLinks === b.reverseLinks;
