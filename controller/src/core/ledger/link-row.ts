/** The sums of one link: what is held now, what is promised over time, which floors are asked for. */
import type { ReservationId } from '../ids.ts';
import { added, type Calendar, calendarOf, FLAT, type Stretch } from './calendar.ts';
import { type Hold, isLive, stretchOf } from './hold.ts';

export interface LinkRow {
  /** Sum of the current rates, of larger ones while changes are under way. */
  readonly held: number;
  /** Sum of the rates that are wanted: what a switch is told. */
  readonly wanted: number;
  /** Holds with a current rate. */
  readonly live: number;
  /** How many have ever become live here: tells whether a queue was shared in between. */
  readonly joined: number;
  /** The largest floor that a live hold asked for. */
  readonly raisedFloor: number;
  /** All holds on the link, forward or back, in order of arrival. */
  readonly ids: readonly ReservationId[];
  /** Sum of the guarantees over time. */
  readonly guaranteed: Calendar;
  readonly asks: readonly FloorAsk[];
  /** The largest floor that is asked for, over time. */
  readonly raised: Calendar;
}

interface FloorAsk extends Stretch {
  readonly id: ReservationId;
  readonly floor: number;
  readonly isLive: boolean;
}

export const EMPTY_ROW: LinkRow = {
  held: 0,
  wanted: 0,
  live: 0,
  joined: 0,
  raisedFloor: 0,
  ids: [],
  guaranteed: FLAT,
  asks: [],
  raised: FLAT,
};

export interface Change {
  readonly before: Hold | null;
  readonly after: Hold | null;
  readonly now: number;
}

export function rowWith(row: LinkRow, link: number, change: Change): LinkRow {
  const { now } = change;
  const before = shareOf(change.before, link);
  const after = shareOf(change.after, link);
  const becomesLive = after.isLive && !before.isLive;
  const asks = asksWith(row.asks, before, after);
  return {
    held: row.held + after.held - before.held,
    wanted: row.wanted + after.wanted - before.wanted,
    live: row.live + Number(after.isLive) - Number(before.isLive),
    joined: row.joined + Number(becomesLive),
    raisedFloor: asks === row.asks ? row.raisedFloor : raisedNow(asks),
    ids: idsWith(row.ids, before.hold, after.hold),
    guaranteed: guaranteedWith(row.guaranteed, before, after, now),
    asks,
    raised: asks === row.asks ? row.raised : raisedOver(asks, now),
  };
}

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
    held: (forward ? hold.forwardRate : 0) + (reverse ? hold.reverseRate : 0),
    wanted: (forward ? reservation.rate : 0) + (reverse ? reservation.reverseRate : 0),
    guarantee: (forward ? hold.guarantee : 0) + (reverse ? hold.reverseGuarantee : 0),
    isLive: isLive(hold),
  };
}

function idsWith(ids: LinkRow['ids'], before: Hold | null, after: Hold | null): LinkRow['ids'] {
  if (before === null && after !== null) return [...ids, after.reservation.id];
  if (before !== null && after === null) return ids.filter((id) => id !== before.reservation.id);
  return ids;
}

function guaranteedWith(calendar: Calendar, before: Share, after: Share, now: number): Calendar {
  const old = before.hold?.window;
  const fresh = after.hold?.window;
  if (old === fresh) {
    if (old === undefined || before.guarantee === after.guarantee) return calendar;
    return added(calendar, stretchOf(old), after.guarantee - before.guarantee, now);
  }
  const less = old === undefined ? calendar : added(calendar, stretchOf(old), -before.guarantee, now);
  return fresh === undefined ? less : added(less, stretchOf(fresh), after.guarantee, now);
}

function asksWith(asks: LinkRow['asks'], before: Share, after: Share): LinkRow['asks'] {
  const old = before.hold?.applicationFloor ?? null;
  const fresh = after.hold?.applicationFloor ?? null;
  if (old === null && fresh === null) return asks;
  if (old === fresh && before.isLive === after.isLive && before.hold?.window === after.hold?.window)
    return asks;
  const others = asks.filter(({ id }) => id !== before.hold?.reservation.id);
  if (after.hold === null || fresh === null) return others;
  const { reservation, window } = after.hold;
  return [...others, { id: reservation.id, floor: fresh, isLive: after.isLive, ...stretchOf(window) }];
}

const raisedNow = (asks: LinkRow['asks']): number =>
  asks.reduce((most, ask) => (ask.isLive ? Math.max(most, ask.floor) : most), 0);

/** Between two instants at which an ask begins or ends the largest that covers them counts. */
function raisedOver(asks: LinkRow['asks'], now: number): Calendar {
  const future = asks.filter(({ until }) => until > now);
  const times = new Set([Number.NEGATIVE_INFINITY]);
  for (const { from, until } of future) for (const time of [from, until]) if (time > now) times.add(time);
  const ordered = [...times].filter(Number.isFinite).sort((a, b) => a - b);
  return calendarOf(
    [Number.NEGATIVE_INFINITY, ...ordered].map((from) => {
      const at = Math.max(from, now);
      const covering = future.filter((ask) => ask.from <= at && at < ask.until);
      return { from, value: covering.reduce((most, { floor }) => Math.max(most, floor), 0) };
    }),
  );
}
