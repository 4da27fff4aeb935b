/** What is on a path: where it is narrow, the way back, the ports at each of its switches. */
import type { BitsPerSec } from '@sluice/units';
import {
  type Link,
  type LinkId,
  linkById,
  linksOfPath,
  nodeName,
  type Path,
  type SwitchPort,
  type Topology,
} from '../graph.ts';
import type { Residual } from './query.ts';

/** The first link of the path with the smallest residual. Throws RangeError on an empty path. */
export const bottleneckOf = (topology: Topology, path: Path, residual: Residual): LinkId =>
  narrowestOf(topology, path, residual).link.id;

/** What is left on the whole path. Throws RangeError on an empty path. */
export const residualOfPath = (topology: Topology, path: Path, residual: Residual): BitsPerSec =>
  narrowestOf(topology, path, residual).rate;

function narrowestOf(
  topology: Topology,
  path: Path,
  residual: Residual,
): { readonly link: Link; readonly rate: BitsPerSec } {
  let least: { readonly link: Link; readonly rate: BitsPerSec } | null = null;
  for (const link of linksOfPath(topology, path)) {
    const rate = residual(link, topology.linkNumbers.get(link.id) ?? -1);
    if (least === null || rate < least.rate) least = { link, rate };
  }
  if (least === null) throw new RangeError('an empty path has no bottleneck');
  return least;
}

/** The way back over the same cables. */
export const reversePath = (topology: Topology, path: Path): Path =>
  path.map((id) => linkById(topology, id).reverse).reverse();

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
