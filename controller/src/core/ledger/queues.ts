/** What the switches are told: one queue for all reservations of a port. */
import { type LinkId, linkById, type Topology } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import type { QueueTarget, Reservation } from '../state.ts';
import type { Way } from './hold.ts';
import { type Ledger, numberOf, release, sumsOf } from './ledger.ts';

/**
 * Totals of queue 1 for every switch port that a reservation uses, forward and back, also on ways that it leaves. They
 * count what is wanted of every reservation, on the way that is wanted: whoever else has news about a port in the middle
 * of a reroute must not give back what the port is about to lose. A port that no reservation crosses any more gets 0,
 * which removes the queue.
 */
export const queueTargets = (
  topology: Topology,
  ledger: Ledger,
  reservation: Reservation,
): readonly QueueTarget[] => targetsOn(topology, ledger, linksOf(ledger, reservation));

/** The targets after a reservation has gone. */
export const queueTargetsWithout = (
  topology: Topology,
  ledger: Ledger,
  reservation: Reservation,
): readonly QueueTarget[] =>
  targetsOn(topology, release(ledger, reservation.id), linksOf(ledger, reservation));

/** The egress link whose queue measures the reservation: the first that leaves a switch. */
export const firstQueue = (topology: Topology, reservation: Reservation): LinkId | null =>
  reservation.path.find((id) => linkById(topology, id).from.kind === 'switch') ?? null;

/** Whether several reservations use the link's queue now, and how many have ever joined it. */
export function queueUse(
  ledger: Ledger,
  link: LinkId,
): { readonly shared: boolean; readonly joined: number } {
  const number = numberOf(ledger, link);
  return { shared: sumsOf(ledger).link(number).live > 1, joined: ledger.joined.get(number) ?? 0 };
}

function targetsOn(topology: Topology, ledger: Ledger, links: Iterable<LinkId>): readonly QueueTarget[] {
  const targets: QueueTarget[] = [];
  for (const id of links) {
    const { from, fromPort } = linkById(topology, id);
    if (from.kind !== 'switch' || fromPort === null) continue;
    const { wanted } = sumsOf(ledger).link(numberOf(ledger, id));
    targets.push({ port: { dpid: from.dpid, portNo: fromPort }, rate: bitsPerSec(wanted) });
  }
  return targets;
}

function linksOf(ledger: Ledger, reservation: Reservation): ReadonlySet<LinkId> {
  const former = ledger.holds.get(reservation.id)?.formerWays ?? [];
  const ways: readonly Way[] = [reservation, ...former];
  return new Set(ways.flatMap(({ path, reversePath }) => [...path, ...reversePath]));
}
