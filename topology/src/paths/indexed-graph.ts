/**
 * The switches of a topology as numbers in typed arrays: what every path search walks. Built once per topology and
 * kept as long as the topology lives. Hosts are no nodes here: a path starts and ends with a host's only cable, so
 * a search between two switches can never pass through a host.
 *
 * Relies on the numbering of links: the reverse of link n is link n ^ 1.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { assert } from '@sluice/units';
import type { Dpid, HostId, Topology } from '../graph.ts';

/** A host's only cable. */
export interface Access {
  /** Link from the host to its switch. */
  readonly up: number;
  /** Link from the switch to the host. */
  readonly down: number;
  /** The switch, by number. */
  readonly at: number;
}

export interface IndexedGraph {
  readonly topology: Topology;
  readonly linkCount: number;
  readonly switchCount: number;
  /** Links from switch s to other switches: `out[first[s]]` … `out[first[s + 1] - 1]`, sorted by link id. */
  readonly first: Int32Array;
  readonly out: Int32Array;
  /** Switch at either end of a link; -1 for a host. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Place of a link in `out`: settles ties between links of one switch. */
  readonly rank: Int32Array;
  readonly access: ReadonlyMap<HostId, Access>;
  /** Links between a switch and every other over all cables, up or not: no path is ever shorter. */
  hops(target: number): Uint16Array;
}

/** No way at all. */
export const UNREACHABLE = 0xffff;

/** For distances kept between searches; a fat-tree with k=32 needs 1.3 MB. The oldest are computed again beyond it. */
const HOPS_BYTES_MAX = 64 * 1024 * 1024;

const indexes = new WeakMap<Topology, IndexedGraph>();

export function indexedGraph(topology: Topology): IndexedGraph {
  const known = indexes.get(topology);
  if (known) return known;
  const built = build(topology);
  indexes.set(topology, built);
  return built;
}

function build(topology: Topology): IndexedGraph {
  const switchNumbers = new Map<Dpid, number>([...topology.switches.keys()].map((dpid, n) => [dpid, n]));
  const switchCount = switchNumbers.size;
  assert(switchCount < UNREACHABLE, `${switchCount} switches do not fit into 16-bit distances`);
  const linkCount = topology.linkList.length;
  const from = new Int32Array(linkCount).fill(-1);
  const to = new Int32Array(linkCount).fill(-1);
  const access = new Map<HostId, Access>();
  for (const [number, link] of topology.linkList.entries()) {
    if (link.from.kind === 'switch') from[number] = switchNumbers.get(link.from.dpid) ?? -1;
    if (link.to.kind === 'switch') to[number] = switchNumbers.get(link.to.dpid) ?? -1;
    if (link.from.kind === 'host') {
      assert(!access.has(link.from.hostId), `host ${link.from.hostId} has more than one cable`);
      access.set(link.from.hostId, { up: number, down: number ^ 1, at: to[number] as number });
    }
  }
  const first = new Int32Array(switchCount + 1);
  const out = new Int32Array(linkCount);
  const rank = new Int32Array(linkCount);
  let filled = 0;
  for (const [dpid, number] of switchNumbers) {
    first[number] = filled;
    // These come sorted by id.
    for (const link of topology.outgoing.get(`switch ${dpid}`) ?? []) {
      if (link.to.kind !== 'switch') continue;
      const linkNumber = topology.linkNumbers.get(link.id) ?? -1;
      rank[linkNumber] = filled;
      out[filled++] = linkNumber;
    }
  }
  first[switchCount] = filled;
  const walk = { switchCount, first, out, to };
  const kept = new Map<number, Uint16Array>();
  const keptMax = Math.max(2, Math.floor(HOPS_BYTES_MAX / (2 * switchCount)));
  return {
    topology,
    linkCount,
    switchCount,
    first,
    out,
    from,
    to,
    rank,
    access,
    hops: (target) => {
      const known = kept.get(target);
      if (known) return known;
      const [oldest] = kept.keys();
      if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest);
      const computed = hopsTo(walk, target);
      kept.set(target, computed);
      return computed;
    },
  };
}

/** Breadth first. Every cable goes both ways, so the distance to the target is also the distance from it. */
function hopsTo(
  { switchCount, first, out, to }: Pick<IndexedGraph, 'switchCount' | 'first' | 'out' | 'to'>,
  target: number,
): Uint16Array {
  const hops = new Uint16Array(switchCount).fill(UNREACHABLE);
  const queue = new Int32Array(switchCount);
  queue[0] = target;
  hops[target] = 0;
  for (let next = 0, end = 1; next < end; next += 1) {
    const here = queue[next] as number;
    const onward = (hops[here] as number) + 1;
    for (let i = first[here] as number; i < (first[here + 1] as number); i += 1) {
      const there = to[out[i] as number] as number;
      if (hops[there] !== UNREACHABLE) continue;
      hops[there] = onward;
      queue[end++] = there;
    }
  }
  return hops;
}
