/** What the switches are told: one queue for all reservations of a port. */
import { type Link, type LinkId, linkById, type Topology } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import type { QueueTarget, Reservation } from '../state.ts';
import type { Hold, Way } from './hold.ts';
import { holdOf, type Ledger, numberOf, sumsOf } from './ledger.ts';
import { wantedOn } from './sums.ts';

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
): readonly QueueTarget[] => targetsOn(topology, ledger, linksOf(ledger, reservation), null);

/** The targets after a reservation has gone, which must be there. */
export const queueTargetsWithout = (
  topology: Topology,
  ledger: Ledger,
  reservation: Reservation,
): readonly QueueTarget[] =>
  targetsOn(topology, ledger, linksOf(ledger, reservation), holdOf(ledger, reservation.id));

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

function targetsOn(
  topology: Topology,
  ledger: Ledger,
  links: Iterable<number>,
  without: Hold | null,
): readonly QueueTarget[] {
  const targets: QueueTarget[] = [];
  const sums = sumsOf(ledger);
  for (const number of links) {
    // Numbers come from the topology.
    const { from, fromPort } = topology.linkList[number] as Link;
    if (from.kind !== 'switch' || fromPort === null) continue;
    const wanted = sums.link(number).wanted - (without === null ? 0 : wantedOn(without, number));
    targets.push({ port: { dpid: from.dpid, portNo: fromPort }, rate: bitsPerSec(wanted) });
  }
  return targets;
}

/** As a rule the hold knows them already. */
function linksOf(ledger: Ledger, reservation: Reservation): Iterable<number> {
  const hold = ledger.holds.get(reservation.id);
  const isItsOnlyWay =
    hold !== undefined &&
    hold.formerWays.length === 0 &&
    hold.reservation.path === reservation.path &&
    hold.reservation.reversePath === reservation.reversePath;
  if (isItsOnlyWay) return [...hold.wantedForward, ...hold.wantedReverse];
  const ways: readonly Way[] = [reservation, ...(hold?.formerWays ?? [])];
  const names = ways.flatMap(({ path, reversePath }) => [...path, ...reversePath]);
  return new Set(names.map((name) => numberOf(ledger, name)));
}
