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
  /** Sum of the rates that are wanted: what a switch is told. */
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
    const some = after ?? before;
    if (some === null) return;
    for (const link of some.forwardLinks) this.#changeLink(link, before, after);
    for (const link of some.reverseLinks)
      if (!some.forwardLinks.includes(link)) this.#changeLink(link, before, after);
    if (before !== null && after !== null && !isSameFootprint(before, after))
      for (const link of new Set([...before.forwardLinks, ...before.reverseLinks]))
        if (!after.forwardLinks.includes(link) && !after.reverseLinks.includes(link))
          this.#changeLink(link, before, after);
    if (before?.window !== after?.window || before?.guarantee !== after?.guarantee) {
      this.#count(before, -1);
      this.#count(after, 1);
    }
  }

  /** The next changes drop what has been past for long. */
  forget(now: number): void {
    if (now - this.#since >= 2 * PAST_KEPT_MS) this.#since = now - PAST_KEPT_MS;
  }

  #changeLink(number: number, before: Hold | null, after: Hold | null): void {
    let link = this.#links[number];
    if (link === undefined) {
      link = { held: 0, wanted: 0, live: 0, raisedFloor: 0, ids: [], guaranteed: new Timeline(), asks: [] };
      this.#links[number] = link;
    }
    const old = shareOf(before, number);
    const fresh = shareOf(after, number);
    link.held += fresh.held - old.held;
    link.wanted += fresh.wanted - old.wanted;
    link.live += Number(fresh.isLive) - Number(old.isLive);
    if (old.hold === null && fresh.hold !== null) insert(link.ids, fresh.hold.reservation.id);
    if (old.hold !== null && fresh.hold === null) remove(link.ids, old.hold.reservation.id);
    this.#promise(link.guaranteed, old, fresh);
    if ((old.hold?.applicationFloor ?? null) !== null || (fresh.hold?.applicationFloor ?? null) !== null)
      ask(link, old, fresh);
  }

  #promise(guaranteed: Timeline, old: Share, fresh: Share): void {
    const before = old.hold?.window;
    const after = fresh.hold?.window;
    if (before !== undefined && before === after) {
      if (old.guarantee !== fresh.guarantee)
        guaranteed.add(stretchOf(before), fresh.guarantee - old.guarantee, this.#since);
      return;
    }
    if (before !== undefined) guaranteed.add(stretchOf(before), -old.guarantee, this.#since);
    if (after !== undefined) guaranteed.add(stretchOf(after), fresh.guarantee, this.#since);
  }

  #count(hold: Hold | null, sign: 1 | -1): void {
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

/** What a hold is to one link; all 0 when it does not use it. */
interface Share {
  readonly hold: Hold | null;
  readonly held: number;
  readonly wanted: number;
  readonly guarantee: number;
  readonly isLive: boolean;
}
const NO_SHARE: Share = { hold: null, held: 0, wanted: 0, guarantee: 0, isLive: false };

/** Data and acknowledgements of one hold meet on a link only while it is rerouted: then both count. */
function shareOf(hold: Hold | null, link: number): Share {
  if (hold === null) return NO_SHARE;
  const forward = hold.forwardLinks.includes(link);
  const reverse = hold.reverseLinks.includes(link);
  if (!forward && !reverse) return NO_SHARE;
  const { reservation } = hold;
  return {
    hold,
    held: currentOn(hold, link),
    wanted: (forward ? reservation.rate : 0) + (reverse ? reservation.reverseRate : 0),
    guarantee: guaranteeOn(hold, link),
    isLive: isLive(hold),
  };
}

/** What a hold counts on a link now. */
export const currentOn = (hold: Hold, link: number): number =>
  (hold.forwardLinks.includes(link) ? hold.forwardRate : 0) +
  (hold.reverseLinks.includes(link) ? hold.reverseRate : 0);

/** What a hold promises on a link, over its window. */
export const guaranteeOn = (hold: Hold, link: number): number =>
  (hold.forwardLinks.includes(link) ? hold.guarantee : 0) +
  (hold.reverseLinks.includes(link) ? hold.reverseGuarantee : 0);

function ask(link: Mutable<LinkSums>, old: Share, fresh: Share): void {
  const id = (fresh.hold ?? old.hold)?.reservation.id;
  link.asks = link.asks.filter((one) => one.id !== id);
  const floor = fresh.hold?.applicationFloor ?? null;
  if (fresh.hold !== null && floor !== null)
    link.asks.push({
      id: fresh.hold.reservation.id,
      floor,
      isLive: fresh.isLive,
      ...stretchOf(fresh.hold.window),
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
