/** What one would write first: breadth first over maps, halving over all rates. Slow, and easy to believe. */
import { atLeast, bitsPerSec } from '@sluice/units';
import { type Link, type LinkId, linkById, nodeName, type Path, type Topology } from '../src/graph.ts';
import type { OpenPathQuery, PathQuery } from '../src/paths/query.ts';

export function plainShortest(topology: Topology, { from, to, residual, rateMin }: PathQuery): Path | null {
  const target = nodeName({ kind: 'host', hostId: to });
  const distances = new Map([[target, 0]]);
  for (const [node, distance] of distances)
    for (const { reverse } of topology.outgoing.get(node) ?? []) {
      const link = linkById(topology, reverse);
      const source = nodeName(link.from);
      if (distances.has(source) || !atLeast(residual(link), rateMin)) continue;
      if (link.from.kind === 'switch' || link.from.hostId === from) distances.set(source, distance + 1);
    }
  const path: LinkId[] = [];
  for (let node = nodeName({ kind: 'host', hostId: from }); node !== target; ) {
    const left = distances.get(node);
    if (left === undefined) return null;
    const closer = (link: Link) =>
      distances.get(nodeName(link.to)) === left - 1 && atLeast(residual(link), rateMin);
    const next = topology.outgoing.get(node)?.find(closer);
    if (!next) return null;
    path.push(next.id);
    node = nodeName(next.to);
  }
  return path;
}

export function plainWidest(topology: Topology, query: OpenPathQuery): Path | null {
  const rates = [...new Set(topology.linkList.map(query.residual))].sort((a, b) => a - b);
  let best: Path | null = null;
  for (let low = 0, high = rates.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    const path = plainShortest(topology, { ...query, rateMin: rates[middle] ?? bitsPerSec(0) });
    if (path) {
      best = path;
      low = middle + 1;
    } else high = middle - 1;
  }
  return best;
}

/** The widest of the shortest: all paths of the smallest length, one by one. */
export function plainWidestShortest(topology: Topology, query: OpenPathQuery): Path | null {
  let best: { readonly path: Path; readonly width: number } | null = null;
  for (const path of everyShortest(topology, query)) {
    const width = Math.min(...path.map((id) => query.residual(linkById(topology, id))));
    if (!best || width > best.width) best = { path, width };
  }
  return best?.path ?? null;
}

/** In the order of their link ids. */
export function everyShortest(topology: Topology, { from, to }: OpenPathQuery): readonly Path[] {
  const target = nodeName({ kind: 'host', hostId: to });
  const distances = new Map([[target, 0]]);
  for (const [node, distance] of distances)
    if (node === target || node.startsWith('switch'))
      for (const link of topology.outgoing.get(node) ?? [])
        if (!distances.has(nodeName(link.to))) distances.set(nodeName(link.to), distance + 1);
  const onward = (node: string, path: Path): readonly Path[] =>
    node === target
      ? [path]
      : (topology.outgoing.get(node) ?? [])
          .filter(({ to: next }) => distances.get(nodeName(next)) === (distances.get(node) ?? 0) - 1)
          .flatMap((link) => onward(nodeName(link.to), [...path, link.id]));
  return onward(nodeName({ kind: 'host', hostId: from }), []);
}
