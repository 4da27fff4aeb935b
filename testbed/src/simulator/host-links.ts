/** Each host's link towards its switch: a host has one NIC. */
import type { HostId, Link, Topology } from '@sluice/topology';

export const hostLinks = (topology: Topology): ReadonlyMap<HostId, Link> =>
  new Map(
    [...topology.links.values()].flatMap((link) =>
      link.from.kind === 'host' ? [[link.from.hostId, link] as const] : [],
    ),
  );
