/**
 * Paths for one migration at a time. Which links count and how much is left on them is the caller's business: a
 * path is chosen under a residual function and a filter, so the same search serves admission, re-routing and
 * what-if questions. Equal choices are settled by link ids, so the same inputs always give the same path.
 */
import { atLeast, type BitsPerSec, smaller } from '@sluice/units';
import {
  type HostId,
  type Link,
  type LinkId,
  linkById,
  linksOfPath,
  nodeName,
  type Path,
  type SwitchPort,
  type Topology,
} from './graph.ts';

export type LinkFilter = (link: Link) => boolean;
export type Residual = (link: Link) => BitsPerSec;

export const everyLink: LinkFilter = () => true;

export interface PathQuery {
  readonly from: HostId;
  readonly to: HostId;
  readonly residual: Residual;
  /** What every link of the path must have left. */
  readonly rateMin: BitsPerSec;
  /** Links for which it is false are not used; by default all are. */
  readonly isUp?: LinkFilter;
}
export interface WidestPath {
  readonly path: Path;
  /** The smallest residual on the path: no other path has a larger one. */
  readonly rate: BitsPerSec;
  /** The first link that has no more than that. */
  readonly bottleneck: LinkId;
}

/**
 * The path with the fewest links that all have `rateMin` left; among equals the one whose link ids come first,
 * compared from the source on. Null when there is none. Never passes through a host. Throws RangeError when the
 * two hosts are the same or unknown.
 */
export function shortestPath(topology: Topology, query: PathQuery): Path | null {
  const { from, to, residual, rateMin, isUp = everyLink } = query;
  checkHosts(topology, from, to);
  const usable = (link: Link) => isUp(link) && atLeast(residual(link), rateMin);
  const distances = distancesTo(topology, nodeName({ kind: 'host', hostId: to }), usable);
  let [node, left] = distanceOf(distances, nodeName({ kind: 'host', hostId: from }));
  if (left === Number.POSITIVE_INFINITY) return null;
  const path: LinkId[] = [];
  while (left > 0) {
    // Links come sorted by id, so the first that leads closer is the one to take.
    const next = topology.outgoing
      .get(node)
      ?.find((link) => usable(link) && distanceOf(distances, nodeName(link.to))[1] === left - 1);
    if (!next) throw new Error(`broken promise: nothing leads on from ${node}`);
    path.push(next.id);
    [node, left] = distanceOf(distances, nodeName(next.to));
  }
  return path;
}

/**
 * The path whose smallest residual is largest; among equals the shortest, then by link ids. Null when the hosts
 * are not connected by links that are up and have `rateMin` left, if that is given.
 */
export function widestPath(
  topology: Topology,
  query: Omit<PathQuery, 'rateMin'> & { readonly rateMin?: BitsPerSec },
): WidestPath | null {
  const { residual, isUp = everyLink } = query;
  const rates = [...new Set([...topology.links.values()].filter(isUp).map(residual))]
    .filter((rate) => query.rateMin === undefined || atLeast(rate, query.rateMin))
    .sort((a, b) => a - b);
  // A path with a rate left has every smaller rate left too, so the largest that works is found by halving.
  let best: WidestPath | null = null;
  for (let low = 0, high = rates.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    const rateMin = rates[middle];
    const path = rateMin === undefined ? null : shortestPath(topology, { ...query, rateMin });
    if (path && rateMin !== undefined) {
      best = { path, rate: rateMin, bottleneck: bottleneckOf(topology, path, residual) };
      low = middle + 1;
    } else high = middle - 1;
  }
  return best;
}

/** The first link of the path with the smallest residual. Throws RangeError on an empty path. */
export function bottleneckOf(topology: Topology, path: Path, residual: Residual): LinkId {
  const [first, ...rest] = linksOfPath(topology, path);
  if (!first) throw new RangeError('an empty path has no bottleneck');
  return rest.reduce((least, link) => (residual(link) < residual(least) ? link : least), first).id;
}

/** What is left on the whole path. Throws RangeError on an empty path. */
export const residualOfPath = (topology: Topology, path: Path, residual: Residual): BitsPerSec =>
  linksOfPath(topology, path).reduce(
    (least, link) => smaller(least, residual(link)),
    residual(linkById(topology, bottleneckOf(topology, path, residual))),
  );

/** The way back over the same cables. */
export const reversePath = (topology: Topology, path: Path): Path =>
  linksOfPath(topology, path)
    .map((link) => link.reverse)
    .reverse();

/** A switch on a path: where the traffic comes in and where it must leave. */
export interface SwitchHop {
  readonly in: SwitchPort;
  readonly out: SwitchPort;
}

/** The switches of a path from host to host, in order: what flow entries are made from. */
export function switchHops(topology: Topology, path: Path): readonly SwitchHop[] {
  const links = linksOfPath(topology, path);
  return links.slice(1).map((link, index) => {
    const before = links[index];
    if (!before || nodeName(before.to) !== nodeName(link.from) || link.from.kind !== 'switch')
      throw new RangeError(`link ${link.id} does not continue the path at a switch`);
    const { dpid } = link.from;
    if (before.toPort === null || link.fromPort === null) throw new RangeError(`no port at ${dpid}`);
    return { in: { dpid, portNo: before.toPort }, out: { dpid, portNo: link.fromPort } };
  });
}

/** Links from each node to the target, over usable links and through switches only. */
function distancesTo(topology: Topology, target: string, usable: LinkFilter): ReadonlyMap<string, number> {
  const distances = new Map([[target, 0]]);
  const queue = [target];
  for (const node of queue) {
    const distance = (distances.get(node) ?? 0) + 1;
    // The links that lead here are the other directions of those that leave.
    for (const { reverse } of topology.outgoing.get(node) ?? []) {
      const link = linkById(topology, reverse);
      const source = nodeName(link.from);
      if (distances.has(source) || !usable(link)) continue;
      distances.set(source, distance);
      if (link.from.kind === 'switch') queue.push(source);
    }
  }
  return distances;
}

const distanceOf = (distances: ReadonlyMap<string, number>, node: string): [string, number] => [
  node,
  distances.get(node) ?? Number.POSITIVE_INFINITY,
];

function checkHosts(topology: Topology, from: HostId, to: HostId): void {
  for (const host of [from, to]) if (!topology.hosts.has(host)) throw new RangeError(`no host ${host}`);
  if (from === to) throw new RangeError(`${from} is both ends of the path`);
}
