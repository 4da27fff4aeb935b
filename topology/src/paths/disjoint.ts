/**
 * Paths that fail apart: a second path that shares as few cables as possible with a first one. The hosts' own cables
 * are always shared. Both directions of a cable fail together, so using it the other way counts as sharing it.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { LinkId, Path, Topology } from '../graph.ts';
import { Heap } from './heap.ts';
import { UNREACHABLE } from './indexed-graph.ts';
import type { PathQuery } from './query.ts';
import { type Search, searching, type Way } from './search.ts';
import { compareWays } from './shortest.ts';

export interface BackupPath {
  readonly path: Path;
  /** Links of the first path whose cables the backup uses too, in its order; the hosts' own cables among them. */
  readonly shared: readonly LinkId[];
}

export interface DisjointPaths {
  readonly primary: Path;
  /** Null when there is only one path. */
  readonly backup: BackupPath | null;
}

/** More than all links of any path: sharing one cable less is always worth a longer way. */
const SHARED_COST = 2 ** 20;

/**
 * The two paths that share the fewest cables, and among such pairs one with the fewest links in all: the shorter is
 * the primary, among equals the one whose link ids come first. Equal pairs are settled by the order of the search,
 * which depends on link ids alone. Null when there is no path. Suurballe's algorithm (Networks 4, 1974), with a
 * dear second use of each link so that a bridge does not end it. Throws RangeError as `shortestPath` does.
 */
export const disjointPaths = (topology: Topology, query: PathQuery): DisjointPaths | null =>
  searching(topology, query, (search) => {
    if (!(search.accessLeft() >= query.rateMin)) return null;
    const usable = (link: number) => search.left(link) >= query.rateMin;
    const first = search.shortest(usable);
    if (!first) return null;
    const easy = apartFrom(search, first, usable);
    const isShort = first.length === search.fewestHops();
    const [primary, backup] =
      easy && isShort ? [first, easy] : pairOf(search, first, secondOf(search, first, usable));
    return { primary: search.path(primary), backup: backupOf(search, primary, backup) };
  });

/**
 * For a path that is in use already: the path that shares the fewest cables with it, among such the shortest, then
 * by link ids from the source on. Null when there is no other path. Throws RangeError as `shortestPath` does, and
 * when the primary has an unknown link.
 */
export const backupPath = (
  topology: Topology,
  query: PathQuery & { readonly primary: Path },
): BackupPath | null =>
  searching(topology, query, (search) => {
    if (!(search.accessLeft() >= query.rateMin)) return null;
    const primary = query.primary.slice(1, -1).map((id) => {
      const number = topology.linkNumbers.get(id);
      if (number === undefined) throw new RangeError(`no link ${id}`);
      return number;
    });
    const cables = new Set(primary.map(cableOf));
    const usable = (link: number) => search.left(link) >= query.rateMin;
    const price = (link: number) => (cables.has(cableOf(link)) ? 1 + SHARED_COST : 1);
    const backup =
      apartFrom(search, primary, usable) ??
      search.cheapest((link) => (usable(link) ? price(link) : Number.POSITIVE_INFINITY));
    return backup && backupOf(search, primary, backup);
  });

function backupOf(search: Search, primary: Way, backup: Way): BackupPath | null {
  if (primary.length === backup.length && primary.every((link, index) => link === backup[index])) return null;
  const cables = new Set([search.source.up, ...backup, search.target.down].map(cableOf));
  const shared = [search.source.up, ...primary, search.target.down].filter((link) =>
    cables.has(cableOf(link)),
  );
  return { path: search.path(backup), shared: search.ids(shared) };
}

/** A way as short as the network allows that shares nothing with the first: no other can be better. */
function apartFrom(search: Search, first: Way, usable: (link: number) => boolean): Way | null {
  const cables = new Set(first.map(cableOf));
  return search.shortest((link) => !cables.has(cableOf(link)) && usable(link), {
    hopsMax: search.fewestHops(),
  });
}

/** Both directions of a cable are neighbours in the numbering. */
const cableOf = (link: number): number => link >> 1;

/**
 * The cheapest way for a second unit of flow once the first goes along `first`: a link of the first way can be used
 * again at a high price, or walked backwards, which takes the first unit off it.
 */
function secondOf(search: Search, first: Way, usable: (link: number) => boolean): Way {
  const { graph, source, target } = search;
  const onFirst = new Set(first);
  const reduced = potentials(search, first, usable);
  const spent = new Float64Array(graph.switchCount).fill(Number.POSITIVE_INFINITY);
  const by = new Int32Array(graph.switchCount).fill(-1);
  const closed = new Uint8Array(graph.switchCount);
  const open = new Heap();
  spent[source.at] = 0;
  open.push(0, source.at);
  while (open.size > 0) {
    const here = open.pop();
    if (closed[here] === 1) continue;
    closed[here] = 1;
    if (here === target.at) break;
    for (let i = graph.first[here] as number; i < (graph.first[here + 1] as number); i += 1) {
      const link = graph.out[i] as number;
      const there = graph.to[link] as number;
      if (closed[there] === 1 || reduced[there] === UNREACHABLE) continue;
      const isBack = onFirst.has(link ^ 1);
      const price = isBack ? -1 : onFirst.has(link) ? 1 + SHARED_COST : 1;
      const total = (spent[here] as number) + price + (reduced[there] as number) - (reduced[here] as number);
      if (total >= (spent[there] as number) || !(isBack || usable(link))) continue;
      spent[there] = total;
      by[there] = link;
      open.push(total, there);
    }
  }
  const second: number[] = [];
  for (let here = target.at; here !== source.at; ) {
    const link = by[here] as number;
    second.push(link);
    here = graph.from[link] as number;
  }
  return second.reverse();
}

/**
 * Distances to the target under which no price becomes negative. Those of the whole network will do as long as the
 * first way is as short as they say; else the real ones are needed, and with them a look at every link.
 */
function potentials(search: Search, first: Way, usable: (link: number) => boolean): Uint16Array {
  const { graph, source, target } = search;
  const whole = graph.hops(target.at);
  if (whole[source.at] === first.length) return whole;
  const real = new Uint16Array(graph.switchCount).fill(UNREACHABLE);
  real[target.at] = 0;
  const queue = [target.at];
  for (const here of queue)
    for (let i = graph.first[here] as number; i < (graph.first[here + 1] as number); i += 1) {
      const away = graph.out[i] as number;
      const there = graph.to[away] as number;
      if (real[there] !== UNREACHABLE || !usable(away ^ 1)) continue;
      real[there] = (real[here] as number) + 1;
      queue.push(there);
    }
  return real;
}

/** Takes the two units of flow apart, the better way first. */
function pairOf(search: Search, first: Way, second: Way): readonly [Way, Way] {
  const uses = new Map(first.map((link) => [link, 1]));
  for (const link of second) {
    if (uses.has(link ^ 1)) uses.delete(link ^ 1);
    else uses.set(link, (uses.get(link) ?? 0) + 1);
  }
  const { graph, source, target } = search;
  const take = (): Way => {
    const way: number[] = [];
    for (let here = source.at; here !== target.at; ) {
      const links = graph.out.subarray(graph.first[here], graph.first[here + 1]);
      const link = links.find((number) => (uses.get(number) ?? 0) > 0);
      if (link === undefined) throw new RangeError(`no flow leaves switch ${here}`);
      uses.set(link, (uses.get(link) ?? 0) - 1);
      way.push(link);
      here = graph.to[link] as number;
    }
    return way;
  };
  const [one, other] = [take(), take()];
  return compareWays(search, one, other) <= 0 ? [one, other] : [other, one];
}
