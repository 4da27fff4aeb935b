/**
 * Who holds how much of each directed link, now and over time. A value: every operation gives a new ledger and leaves
 * the old one as it was. Rates are whole bit/s, so that sums are exact and nothing drifts.
 *
 * Two promises, for every directed link; whoever writes has made sure of both, `checkLedger` proves them:
 *   now:                   headroom + floor + sum of the current rates ≤ capacity
 *   at every instant t:    headroom + floor at t + sum of the guarantees at t ≤ capacity
 */
import type { LinkId, Topology } from '@sluice/topology';
import { assert, type BitsPerSec, bitsPerSec, type Instant, instant, larger, ZERO } from '@sluice/units';
import type { MigrationId, ReservationId } from '../ids.ts';
import type { Reservation } from '../state.ts';
import { VersionedMap } from '../versioned/index.ts';
import { holdWith, ledgerWith } from './copies.ts';
import { type Hold, isLive, type NewHold, reverseRateOf, type Way, type Window } from './hold.ts';
import type { Sums } from './sums.ts';
import { Version } from './versions.ts';

export interface Ledger {
  /** What was before it may be forgotten. */
  readonly now: Instant;
  /** Grows with every change. */
  readonly revision: number;
  readonly nextReservationId: number;
  /** Share of a rate that is promised on the way back. */
  readonly reverseFraction: number;
  /** In order of arrival. */
  readonly holds: VersionedMap<ReservationId, Hold>;
  readonly reservationOf: VersionedMap<MigrationId, ReservationId>;
  readonly linkNumbers: ReadonlyMap<LinkId, number>;
  /** How many holds have ever got a current rate on a link: tells whether a queue was shared in between. */
  readonly joined: VersionedMap<number, number>;
  /** Leads to the sums of every link. */
  readonly version: Version;
}

export const emptyLedger = (options: {
  readonly topology: Topology;
  readonly reverseFraction: number;
  readonly firstReservationId: number;
}): Ledger => ({
  now: instant(0),
  revision: 0,
  nextReservationId: options.firstReservationId,
  reverseFraction: options.reverseFraction,
  holds: VersionedMap.of(),
  reservationOf: VersionedMap.of(),
  linkNumbers: options.topology.linkNumbers,
  joined: VersionedMap.of(),
  version: Version.first(),
});

/** Time passes: the next writes forget what is past. Nothing else changes. */
export const advance = (ledger: Ledger, now: Instant): Ledger =>
  now > ledger.now ? ledgerWith(ledger, { now }) : ledger;

/** Writes a new hold. The caller has made sure that it fits into both accounts and its tenant's quota. */
export function place(ledger: Ledger, asked: NewHold): Ledger {
  const { reservation, guarantee, window, applicationFloor, tenant, priority } = asked;
  assert(!ledger.holds.has(reservation.id), `reservation ${reservation.id} is held twice`);
  checkWhole(reservation, guarantee);
  checkWindow(window);
  const forwardLinks = linksOf(ledger, reservation.path);
  const reverseLinks = linksOf(ledger, reservation.reversePath);
  const hold: Hold = {
    reservation,
    forwardRate: reservation.rate,
    reverseRate: reservation.reverseRate,
    guarantee,
    reverseGuarantee: reverseRateOf(guarantee, ledger.reverseFraction),
    window,
    applicationFloor: applicationFloor === null ? null : bitsPerSec(Math.ceil(applicationFloor)),
    tenant,
    priority,
    formerWays: NO_WAYS,
    forwardLinks,
    reverseLinks,
    wantedForward: forwardLinks,
    wantedReverse: reverseLinks,
  };
  return rewritten(ledger, null, hold, {
    reservationOf: ledger.reservationOf.set(reservation.migrationId, reservation.id),
    nextReservationId: nextId(ledger.nextReservationId),
  });
}

/** Wants another rate on the same way: holds the larger of both until `settle`. */
export function resize(ledger: Ledger, reservation: Reservation): Ledger {
  const hold = resizable(ledger, reservation);
  const forwardRate = larger(hold.forwardRate, reservation.rate);
  const reverseRate = larger(hold.reverseRate, reservation.reverseRate);
  return rewritten(ledger, hold, holdWith(hold, { reservation, forwardRate, reverseRate }));
}

/** Another rate that counts at once, because nobody has been told of the old one: `resize` and `settle` in one. */
export function setRate(ledger: Ledger, reservation: Reservation): Ledger {
  const hold = resizable(ledger, reservation);
  if (hold.formerWays.length > 0) return settle(resize(ledger, reservation), reservation.id);
  const { rate: forwardRate, reverseRate } = reservation;
  return rewritten(ledger, hold, holdWith(hold, { reservation, forwardRate, reverseRate }));
}

function resizable(ledger: Ledger, reservation: Reservation): Hold {
  const hold = holdOf(ledger, reservation.id);
  assert(isSameWay(hold.reservation, reservation), `reservation ${reservation.id} is resized on another way`);
  checkWhole(reservation, hold.guarantee);
  return hold;
}

/** Wants another way: holds both, current rate and guarantee alike, until `settle`. */
export function reroute(ledger: Ledger, id: ReservationId, { path, reversePath }: Way): Ledger {
  const hold = holdOf(ledger, id);
  const { reservation } = hold;
  if (isSameWay(reservation, { path, reversePath })) return ledger;
  const formerWays = [
    ...hold.formerWays.filter((way) => !isSameWay(way, { path, reversePath })),
    { path: reservation.path, reversePath: reservation.reversePath },
  ];
  return rewritten(
    ledger,
    hold,
    onWays(ledger, holdWith(hold, { reservation: { ...reservation, path, reversePath }, formerWays })),
  );
}

/** The network has confirmed what is wanted: nothing beyond it is held any more, neither rate nor way. */
export function settle(ledger: Ledger, id: ReservationId): Ledger {
  const hold = holdOf(ledger, id);
  const { rate: forwardRate, reverseRate } = hold.reservation;
  if (hold.formerWays.length === 0)
    return rewritten(ledger, hold, holdWith(hold, { forwardRate, reverseRate }));
  const settled = holdWith(hold, { forwardRate, reverseRate, formerWays: NO_WAYS });
  return rewritten(ledger, hold, onWays(ledger, settled));
}

/** Changes what a reservation says beside its rate and its way, such as the port on which the destination listens. */
export function amend(ledger: Ledger, reservation: Reservation): Ledger {
  const hold = holdOf(ledger, reservation.id);
  const { rate, reverseRate, migrationId } = hold.reservation;
  assert(
    rate === reservation.rate &&
      reverseRate === reservation.reverseRate &&
      migrationId === reservation.migrationId,
    `reservation ${reservation.id} is amended in what the ledger counts`,
  );
  assert(isSameWay(hold.reservation, reservation), `reservation ${reservation.id} is amended to another way`);
  const holds = ledger.holds.set(reservation.id, holdWith(hold, { reservation }));
  return ledgerWith(ledger, { holds, revision: ledger.revision + 1 });
}

/** Promises another least rate, over the same window or another one. The caller has made sure that it fits. */
export function setGuarantee(
  ledger: Ledger,
  id: ReservationId,
  guarantee: BitsPerSec,
  window?: Window,
): Ledger {
  const hold = holdOf(ledger, id);
  checkWhole(hold.reservation, guarantee);
  if (window !== undefined) checkWindow(window);
  const reverseGuarantee = reverseRateOf(guarantee, ledger.reverseFraction);
  const promised = holdWith(hold, { guarantee, reverseGuarantee, window: window ?? hold.window });
  return rewritten(ledger, hold, promised);
}

export function release(ledger: Ledger, id: ReservationId): Ledger {
  const hold = holdOf(ledger, id);
  const reservationOf = ledger.reservationOf.delete(hold.reservation.migrationId);
  return rewritten(ledger, hold, null, { reservationOf });
}

/** The hold, which must be there. */
export function holdOf(ledger: Ledger, id: ReservationId): Hold {
  const hold = ledger.holds.get(id);
  assert(hold, `no reservation ${id} in the ledger`);
  return hold;
}

export const reservationIdOf = (ledger: Ledger, migrationId: MigrationId): ReservationId | null =>
  ledger.reservationOf.get(migrationId) ?? null;

/** Every sum changes by the difference that the hold makes. */
function rewritten(
  ledger: Ledger,
  before: Hold | null,
  after: Hold | null,
  changes: Partial<Pick<Ledger, 'reservationOf' | 'nextReservationId'>> = {},
): Ledger {
  // One of both is there.
  const id = (after ?? before)?.reservation.id as ReservationId;
  return {
    now: ledger.now,
    revision: ledger.revision + 1,
    nextReservationId: changes.nextReservationId ?? ledger.nextReservationId,
    reverseFraction: ledger.reverseFraction,
    holds: after === null ? ledger.holds.delete(id) : ledger.holds.set(id, after),
    reservationOf: changes.reservationOf ?? ledger.reservationOf,
    linkNumbers: ledger.linkNumbers,
    joined: joinedBy(ledger.joined, before, after),
    version: ledger.version.changed(ledger, before, after),
  };
}

/** Who gets a current rate joins all links of its ways, who is rerouted with one those that are new to it. */
function joinedBy(joined: Ledger['joined'], before: Hold | null, after: Hold | null): Ledger['joined'] {
  if (after === null || !isLive(after)) return joined;
  const known = before !== null && isLive(before) ? before : null;
  if (known?.forwardLinks === after.forwardLinks && known.reverseLinks === after.reverseLinks) return joined;
  let counts = joined;
  for (const link of new Set([...after.forwardLinks, ...after.reverseLinks]))
    if (!known?.forwardLinks.includes(link) && !known?.reverseLinks.includes(link))
      counts = counts.set(link, (counts.get(link) ?? 0) + 1);
  return counts;
}

/** Only until another ledger is asked or written. */
export const sumsOf = (ledger: Ledger): Sums => ledger.version.sums(ledger);

/** The hold with the links of the way that it wants and of all that it leaves. */
function onWays(ledger: Ledger, hold: Hold): Hold {
  const { reservation, formerWays } = hold;
  const wantedForward = linksOf(ledger, reservation.path);
  const wantedReverse = linksOf(ledger, reservation.reversePath);
  if (formerWays.length === 0)
    return holdWith(hold, {
      forwardLinks: wantedForward,
      reverseLinks: wantedReverse,
      wantedForward,
      wantedReverse,
    });
  const all = (wanted: readonly number[], side: keyof Way) =>
    withOthers(
      wanted,
      formerWays.map((way) => linksOf(ledger, way[side])),
    );
  return holdWith(hold, {
    forwardLinks: all(wantedForward, 'path'),
    reverseLinks: all(wantedReverse, 'reversePath'),
    wantedForward,
    wantedReverse,
  });
}

const withOthers = (first: readonly number[], others: readonly (readonly number[])[]): readonly number[] => [
  ...new Set([...first, ...others.flat()]),
];

const NO_WAYS: readonly Way[] = [];

function linksOf(ledger: Ledger, path: readonly LinkId[]): readonly number[] {
  const numbers: number[] = [];
  for (const link of path) {
    const number = numberOf(ledger, link);
    if (!numbers.includes(number)) numbers.push(number);
  }
  return numbers;
}

/** Where the link stands in the topology's list; throws RangeError when there is none of that name. */
export function numberOf(ledger: Ledger, link: LinkId): number {
  const number = ledger.linkNumbers.get(link);
  if (number === undefined) throw new RangeError(`no link ${link}`);
  return number;
}

const isSameWay = (a: Way, b: Way): boolean =>
  a === b || (isSamePath(a.path, b.path) && isSamePath(a.reversePath, b.reversePath));
const isSamePath = (a: Way['path'], b: Way['path']): boolean =>
  a === b || (a.length === b.length && a.every((link, index) => link === b[index]));

function checkWhole({ id, rate, reverseRate }: Reservation, guarantee: BitsPerSec): void {
  for (const value of [rate, reverseRate, guarantee])
    assert(
      Number.isSafeInteger(value) && value >= ZERO.rate,
      `reservation ${id} counts ${value} bit/s, which is no whole rate`,
    );
}

const checkWindow = ({ from, until }: Window): void =>
  assert(until === null || from <= until, `a window ends at ${until}, before it begins at ${from}`);

/** Ids are 32-bit and start again at 1; a lap takes four thousand million migrations. */
const nextId = (id: number): number => (id >= RESERVATION_ID_MAX ? 1 : id + 1);
const RESERVATION_ID_MAX = 0xffff_ffff;
