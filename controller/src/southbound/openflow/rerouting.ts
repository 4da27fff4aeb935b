/**
 * The order in which switches learn another way of a reservation: what only the new way uses first, then the switches
 * that both use, from the destination back to the source, with the old entries beside the new. When the first switch
 * sends the connection the new way, everything behind it is ready. Pure.
 */
import { type Dpid, switchHops, type Topology } from '@sluice/topology';
import type { Reservation } from '../../core/index.ts';
import type { FlowEntry } from './flow-entry.ts';
import { reservationEntries } from './flows.ts';

export interface Rerouting {
  /** One after the other, each confirmed. */
  readonly steps: readonly { readonly dpid: Dpid; readonly entries: readonly FlowEntry[] }[];
  /** What remains of it at the end, on every switch that has any. */
  readonly after: ReadonlyMap<Dpid, readonly FlowEntry[]>;
}

export function rerouting(
  topology: Topology,
  change: {
    readonly from: Reservation;
    readonly to: Reservation;
    readonly meterId: number | null;
    readonly epoch: number;
  },
): Rerouting {
  const { from, to, meterId, epoch } = change;
  const before = reservationEntries({ topology, reservation: from, meterId, epoch });
  const after = reservationEntries({ topology, reservation: to, meterId, epoch });
  const backwards = [...switchHops(topology, to.path)].reverse().map((hop) => hop.in.dpid);
  const order = [
    ...new Set([...backwards.filter((dpid) => !before.has(dpid)), ...backwards, ...after.keys()]),
  ];
  const steps = order.flatMap((dpid) => {
    const entries = after.get(dpid);
    // An entry with the same match takes the place of the old one.
    return entries === undefined ? [] : [{ dpid, entries: [...(before.get(dpid) ?? []), ...entries] }];
  });
  return { steps, after };
}
