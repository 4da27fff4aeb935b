/**
 * Who holds how much of each directed link. Invariant: on every link, held + floor + headroom ≤ capacity.
 *
 * A hold is the larger of the old and the new rate while a resize is under way, and stays there after a failed one,
 * because nobody then knows what each switch has. Rates of reservations are integers in bit/s, rounded up.
 */
import { type LinkId, linkById, type Topology } from '@sluice/topology';
import { assert, type BitsPerSec, bitsPerSec, larger, scale, smaller, subtract, ZERO } from '@sluice/units';
import type { MigrationId, ReservationId } from '../ids.ts';
import type { CoreConfig, Link, QueueTarget, Reservation } from '../state.ts';

export interface Hold {
  /** As it is wanted now. */
  readonly reservation: Reservation;
  /** What is counted: at least the reservation's rate. */
  readonly forwardRate: BitsPerSec;
  readonly reverseRate: BitsPerSec;
  /** Floor that the migration's user asked for on every link of the path and of the way back; null = as configured. */
  readonly applicationFloor: BitsPerSec | null;
}

export interface Ledger {
  readonly holds: ReadonlyMap<ReservationId, Hold>;
  readonly reservationOf: ReadonlyMap<MigrationId, ReservationId>;
  /** Sum of the holds per link; links without one are missing. */
  readonly held: ReadonlyMap<LinkId, BitsPerSec>;
  /** Floors raised above the configured ones by migrations that are active. */
  readonly raisedFloors: ReadonlyMap<LinkId, BitsPerSec>;
  /** Which reservations cross a link, either way. */
  readonly crossing: ReadonlyMap<LinkId, ReadonlySet<ReservationId>>;
  /** How many reservations have ever joined a link: tells whether a queue was shared in between. */
  readonly joined: ReadonlyMap<LinkId, number>;
  readonly nextReservationId: number;
}

export const emptyLedger = (firstReservationId: number): Ledger => ({
  holds: new Map(),
  reservationOf: new Map(),
  held: new Map(),
  raisedFloors: new Map(),
  crossing: new Map(),
  joined: new Map(),
  nextReservationId: firstReservationId,
});

/** Writes a new hold. The caller has made sure that it fits. */
export function place(ledger: Ledger, reservation: Reservation, applicationFloor: BitsPerSec | null): Ledger {
  assert(!ledger.holds.has(reservation.id), `reservation ${reservation.id} is held twice`);
  const hold: Hold = {
    reservation,
    forwardRate: reservation.rate,
    reverseRate: reservation.reverseRate,
    applicationFloor,
  };
  const joined = new Map(ledger.joined);
  for (const link of linksOf(hold)) joined.set(link, (joined.get(link) ?? 0) + 1);
  return recount(
    {
      ...ledger,
      holds: new Map(ledger.holds).set(reservation.id, hold),
      reservationOf: new Map(ledger.reservationOf).set(reservation.migrationId, reservation.id),
      joined,
      nextReservationId: nextId(ledger.nextReservationId),
    },
    hold,
  );
}

/** Wants another rate: holds the larger of both until `settle`. */
export function resize(ledger: Ledger, reservation: Reservation): Ledger {
  const hold = holdOf(ledger, reservation.id);
  return replace(ledger, {
    ...hold,
    reservation,
    forwardRate: larger(hold.forwardRate, reservation.rate),
    reverseRate: larger(hold.reverseRate, reservation.reverseRate),
  });
}

/** The network has confirmed what is wanted: nothing beyond it is held any more. */
export function settle(ledger: Ledger, id: ReservationId): Ledger {
  const hold = holdOf(ledger, id);
  const { rate, reverseRate } = hold.reservation;
  return replace(ledger, { ...hold, forwardRate: rate, reverseRate });
}

/** Changes what a reservation says beside its rate, such as the port on which the destination listens. */
export function amend(ledger: Ledger, reservation: Reservation): Ledger {
  return replace(ledger, { ...holdOf(ledger, reservation.id), reservation });
}

export function release(ledger: Ledger, id: ReservationId): Ledger {
  const hold = holdOf(ledger, id);
  const holds = new Map(ledger.holds);
  holds.delete(id);
  const reservationOf = new Map(ledger.reservationOf);
  reservationOf.delete(hold.reservation.migrationId);
  return recount({ ...ledger, holds, reservationOf }, hold);
}

export function holdOf(ledger: Ledger, id: ReservationId): Hold {
  const hold = ledger.holds.get(id);
  assert(hold, `no reservation ${id} in the ledger`);
  return hold;
}

/** What of a link can be promised once headroom and floor are set aside and everybody else has what is held. */
export function residual(of: LinkAccount): BitsPerSec {
  const taken = of.headroom + of.floor + of.held;
  return subtract(of.link.capacity, bitsPerSec(taken));
}

/** One link's books. */
export interface LinkAccount {
  readonly link: Link;
  readonly headroom: BitsPerSec;
  /** The larger of the configured floor and what active migrations asked for. */
  readonly floor: BitsPerSec;
  /** By all reservations but `without`. */
  readonly held: BitsPerSec;
}

export function account(
  books: { readonly topology: Topology; readonly config: CoreConfig; readonly ledger: Ledger },
  id: LinkId,
  without: ReservationId | null = null,
): LinkAccount {
  const { topology, config, ledger } = books;
  const link = linkById(topology, id);
  const floor = larger(link.floor, ledger.raisedFloors.get(id) ?? ZERO.rate);
  const all = ledger.held.get(id) ?? ZERO.rate;
  const own = without === null ? undefined : ledger.holds.get(without);
  return {
    link,
    headroom: scale(link.capacity, config.headroomFraction),
    floor,
    held: own === undefined ? all : subtract(all, rateOn(own, id)),
  };
}

/**
 * Totals of queue 1 for every switch port that a reservation uses, forward and back. They count what is wanted
 * of every reservation; a port that no reservation crosses any more gets 0, which removes the queue.
 */
export function queueTargets(
  topology: Topology,
  ledger: Ledger,
  reservation: Reservation,
): readonly QueueTarget[] {
  const targets: QueueTarget[] = [];
  for (const id of [...reservation.path, ...reservation.reversePath]) {
    const link = linkById(topology, id);
    if (link.from.kind !== 'switch' || link.fromPort === null) continue;
    let total = 0;
    for (const other of ledger.crossing.get(id) ?? []) {
      const wanted = holdOf(ledger, other).reservation;
      total += wanted.path.includes(id) ? wanted.rate : wanted.reverseRate;
    }
    targets.push({ port: { dpid: link.from.dpid, portNo: link.fromPort }, rate: bitsPerSec(total) });
  }
  return targets;
}

/** The targets after a reservation has gone. */
export const queueTargetsWithout = (
  topology: Topology,
  ledger: Ledger,
  reservation: Reservation,
): readonly QueueTarget[] => queueTargets(topology, release(ledger, reservation.id), reservation);

/** The egress link whose queue measures the reservation: the first that leaves a switch. */
export const firstQueue = (topology: Topology, reservation: Reservation): LinkId | null =>
  reservation.path.find((id) => linkById(topology, id).from.kind === 'switch') ?? null;

/** Reservation rates are integers and round up, so that the ledger never counts too little. */
export const reservedRate = (rate: BitsPerSec, most: BitsPerSec): BitsPerSec =>
  smaller(bitsPerSec(Math.ceil(rate)), bitsPerSec(Math.floor(most)));

export const reverseRateOf = (rate: BitsPerSec, reverseFraction: number): BitsPerSec =>
  bitsPerSec(Math.ceil(rate * reverseFraction));

const linksOf = (hold: Hold): readonly LinkId[] => [
  ...hold.reservation.path,
  ...hold.reservation.reversePath,
];

/** What a hold takes of one link. */
export const rateOn = (hold: Hold, link: LinkId): BitsPerSec => {
  if (hold.reservation.path.includes(link)) return hold.forwardRate;
  return hold.reservation.reversePath.includes(link) ? hold.reverseRate : ZERO.rate;
};

const replace = (ledger: Ledger, hold: Hold): Ledger =>
  recount({ ...ledger, holds: new Map(ledger.holds).set(hold.reservation.id, hold) }, hold);

/** Sums again on the links of one hold. Sums of integers, so nothing drifts. */
function recount(ledger: Ledger, changed: Hold): Ledger {
  const held = new Map(ledger.held);
  const raisedFloors = new Map(ledger.raisedFloors);
  const crossing = new Map(ledger.crossing);
  for (const link of linksOf(changed)) {
    const ids = new Set(crossing.get(link));
    if (ledger.holds.has(changed.reservation.id)) ids.add(changed.reservation.id);
    else ids.delete(changed.reservation.id);
    let total = 0;
    let floor = 0;
    for (const id of ids) {
      const hold = holdOf(ledger, id);
      total += rateOn(hold, link);
      floor = Math.max(floor, hold.applicationFloor ?? 0);
    }
    setOrDelete(crossing, link, ids.size > 0 ? ids : null);
    setOrDelete(held, link, ids.size > 0 ? bitsPerSec(total) : null);
    setOrDelete(raisedFloors, link, floor > 0 ? bitsPerSec(floor) : null);
  }
  return { ...ledger, held, raisedFloors, crossing };
}

function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

/** Ids are 32-bit and start again at 1; a lap takes four thousand million migrations. */
const nextId = (id: number): number => (id >= RESERVATION_ID_MAX ? 1 : id + 1);
const RESERVATION_ID_MAX = 0xffff_ffff;
