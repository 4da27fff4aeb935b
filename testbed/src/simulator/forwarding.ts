/** The way that unreserved traffic takes: fewest links, ties by the order of link ids, like the controller's entries. */
import { type HostId, type LinkId, nodeName, type Path, type Topology } from '@sluice/topology';

/** null when no way is up. */
export function shortestWay(
  topology: Topology,
  from: HostId,
  to: HostId,
  isDown: (link: LinkId) => boolean,
): Path | null {
  const start = nodeName({ kind: 'host', hostId: from });
  const goal = nodeName({ kind: 'host', hostId: to });
  if (start === goal) return [];
  const reached = new Map<string, { readonly from: string; readonly link: LinkId } | null>([[start, null]]);
  const waiting = [start];
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    // Hosts do not forward.
    if (node !== start && node.startsWith('host ')) continue;
    for (const link of topology.outgoing.get(node) ?? []) {
      const next = nodeName(link.to);
      if (reached.has(next) || isDown(link.id)) continue;
      reached.set(next, { from: node, link: link.id });
      waiting.push(next);
    }
  }
  if (!reached.has(goal)) return null;
  const way: LinkId[] = [];
  for (let step = reached.get(goal); step; step = reached.get(step.from)) way.unshift(step.link);
  return way;
}
