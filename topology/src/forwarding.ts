/**
 * Static forwarding for applications: unicast along shortest paths to where the inventory or an agent says that
 * a MAC is attached, broadcast along a spanning tree. Nothing is learnt from packets, and no frame can circle.
 * A cable serves here only when both of its directions are up.
 */
import {
  type Dpid,
  type Link,
  type LinkId,
  linkById,
  nodeName,
  type PortNo,
  type SwitchPort,
  type Topology,
} from './graph.ts';
import { everyLink, type LinkFilter } from './paths/query.ts';

/**
 * The links of a spanning tree of the switches, both directions of each cable; a forest when the network is in
 * parts. Each part is walked breadth first from its smallest dpid, links in the order of their ids.
 */
export function spanningTree(topology: Topology, isUp: LinkFilter = everyLink): ReadonlySet<LinkId> {
  const tree = new Set<LinkId>();
  const reached = new Set<Dpid>();
  for (const root of [...topology.switches.keys()].sort()) {
    if (reached.has(root)) continue;
    for (const link of walk(topology, root, isUp, reached)) tree.add(link.id).add(link.reverse);
  }
  return tree;
}

/**
 * For each switch the ports, in ascending order, that a broadcast frame may leave by: ports of the tree and ports
 * of hosts whose link is up. A frame never leaves by the port it came in by; the switch sees to that.
 */
export function broadcastPorts(
  topology: Topology,
  isUp: LinkFilter = everyLink,
): ReadonlyMap<Dpid, readonly PortNo[]> {
  const tree = spanningTree(topology, isUp);
  const served = (link: Link) =>
    tree.has(link.id) || (link.to.kind === 'host' && isBothWays(topology, link, isUp));
  return new Map(
    [...topology.switches.keys()].map((dpid) => [
      dpid,
      linksOf(topology, dpid)
        .filter(served)
        .flatMap((link) => (link.fromPort === null ? [] : [link.fromPort]))
        .sort((a, b) => a - b),
    ]),
  );
}

/**
 * For each switch the port that leads to the attachment on a shortest path; at the attachment's own switch, its
 * port. Switches from which there is no way are left out. Throws RangeError when the switch is unknown.
 */
export function nextHops(
  topology: Topology,
  attachment: SwitchPort,
  isUp: LinkFilter = everyLink,
): ReadonlyMap<Dpid, PortNo> {
  if (!topology.switches.has(attachment.dpid)) throw new RangeError(`no switch ${attachment.dpid}`);
  const ports = new Map([[attachment.dpid, attachment.portNo]]);
  // The walk goes outwards; each link it takes is left the other way towards the attachment.
  for (const link of walk(topology, attachment.dpid, isUp, new Set()))
    if (link.to.kind === 'switch' && link.toPort !== null) ports.set(link.to.dpid, link.toPort);
  return ports;
}

/** Links of the breadth-first tree from a switch, in the order in which they reach a new switch. */
function walk(topology: Topology, root: Dpid, isUp: LinkFilter, reached: Set<Dpid>): readonly Link[] {
  const tree: Link[] = [];
  const queue = [root];
  reached.add(root);
  for (const dpid of queue)
    for (const link of linksOf(topology, dpid)) {
      if (link.to.kind !== 'switch' || reached.has(link.to.dpid) || !isBothWays(topology, link, isUp))
        continue;
      reached.add(link.to.dpid);
      queue.push(link.to.dpid);
      tree.push(link);
    }
  return tree;
}

const linksOf = (topology: Topology, dpid: Dpid): readonly Link[] =>
  topology.outgoing.get(nodeName({ kind: 'switch', dpid })) ?? [];

const isBothWays = (topology: Topology, link: Link, isUp: LinkFilter): boolean =>
  isUp(link) && isUp(linkById(topology, link.reverse));
