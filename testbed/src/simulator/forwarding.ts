/** The way that unreserved traffic takes: hop by hop as the controller's forwarding entries have it. */
import { type HostId, type LinkId, nextHops, type Path, type Topology } from '@sluice/topology';

/** null when the entries lead nowhere. A path has at most one hop per switch. */
export function forwardingWay(
  topology: Topology,
  from: HostId,
  to: HostId,
  isUp: (link: LinkId) => boolean,
): Path | null {
  if (from === to) return [];
  const links = [...topology.links.values()];
  const target = topology.hosts.get(to);
  const first = links.find((link) => link.from.kind === 'host' && link.from.hostId === from);
  if (!target || !first || !isUp(first.id)) return null;
  const hops = nextHops(topology, target.attachment, (link) => isUp(link.id));
  const way: LinkId[] = [first.id];
  let at = first.to;
  while (at.kind === 'switch' && way.length <= topology.switches.size + 1) {
    const { dpid } = at;
    const portNo = hops.get(dpid);
    const next = links.find(
      (link) => link.from.kind === 'switch' && link.from.dpid === dpid && link.fromPort === portNo,
    );
    if (!next) return null;
    way.push(next.id);
    at = next.to;
  }
  return at.kind === 'host' && at.hostId === to ? way : null;
}
