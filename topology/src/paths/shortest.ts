/**
 * The shortest path that has a rate left, and the next ones after it.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { Path, Topology } from '../graph.ts';
import { checkStretch, type PathQuery, type Stretch } from './query.ts';
import { type Search, searching, type Way } from './search.ts';

/** Most paths that one question may ask for. */
export const PATHS_MAX = 1000;

/**
 * The path with the fewest links that all have `rateMin` left; among equals the one whose link ids come first,
 * compared from the source on. Null when there is none. Never passes through a host. Throws RangeError when the
 * two hosts are the same or unknown.
 */
export const shortestPath = (topology: Topology, query: PathQuery): Path | null =>
  searching(topology, query, (search) => {
    if (!(search.accessLeft() >= query.rateMin)) return null;
    const way = search.shortest((link) => search.left(link) >= query.rateMin);
    return way && search.path(way);
  });

/**
 * The first `count` paths without a loop whose links all have `rateMin` left: fewest links first, then by link ids
 * from the source on; fewer when there are no more. Yen's algorithm (Management Science 17, 1971) with Lawler's
 * rule against finding a path twice. Throws RangeError as `shortestPath` does and unless 1 ≤ count ≤ PATHS_MAX.
 */
export function shortestPaths(
  topology: Topology,
  query: PathQuery & Stretch & { readonly count: number },
): readonly Path[] {
  const { count, rateMin, stretchMax = Number.POSITIVE_INFINITY } = query;
  checkStretch(query);
  if (!Number.isInteger(count) || count < 1 || count > PATHS_MAX)
    throw new RangeError(`count is ${count}, not a whole number from 1 to ${PATHS_MAX}`);
  return searching(topology, query, (search) => {
    if (!(search.accessLeft() >= rateMin)) return [];
    const shortest = search.shortest((link) => search.left(link) >= rateMin);
    if (!shortest) return [];
    const hopsMax = shortest.length + stretchMax;
    return nextWays(search, { shortest, rateMin, hopsMax, count }).map((way) => search.path(way));
  });
}

/** A way and where it left the one it was made from. */
interface Candidate {
  readonly way: Way;
  readonly leftAt: number;
}

function nextWays(
  search: Search,
  of: { readonly shortest: Way; readonly rateMin: number; readonly hopsMax: number; readonly count: number },
): readonly Way[] {
  const found: Way[] = [];
  const candidates: Candidate[] = [{ way: of.shortest, leftAt: 0 }];
  while (found.length < of.count) {
    const best = candidates.shift();
    if (!best) break;
    found.push(best.way);
    if (found.length === of.count) break;
    for (let at = best.leftAt; at < best.way.length; at += 1) {
      const way = detour(search, best.way, at, found, of);
      if (way) insert(search, candidates, { way, leftAt: at });
    }
  }
  return found;
}

/** The best way that follows `way` for `at` links and then goes on as no way found so far does. */
function detour(
  search: Search,
  way: Way,
  at: number,
  found: readonly Way[],
  { rateMin, hopsMax }: { readonly rateMin: number; readonly hopsMax: number },
): Way | null {
  const { from, to } = search.graph;
  const root = way.slice(0, at);
  const passed = new Set(root.map((link) => from[link] as number));
  const taken = new Set<number>();
  for (const other of found)
    if (root.every((link, index) => other[index] === link)) taken.add(other[at] as number);
  const spur = search.shortest(
    (link) => !passed.has(to[link] as number) && !taken.has(link) && search.left(link) >= rateMin,
    { from: from[way[at] as number] as number, hopsMax: hopsMax - at },
  );
  return spur && [...root, ...spur];
}

/** Fewest links first, then by ids from the source on: ways that part do so at one switch. */
export function compareWays(search: Search, a: Way, b: Way): number {
  if (a.length !== b.length) return a.length - b.length;
  const { rank } = search.graph;
  const parts = a.findIndex((link, index) => link !== b[index]);
  return parts < 0 ? 0 : (rank[a[parts] as number] as number) - (rank[b[parts] as number] as number);
}

/** The list stays sorted. */
function insert(search: Search, candidates: Candidate[], candidate: Candidate): void {
  let low = 0;
  for (let high = candidates.length; low < high; ) {
    const middle = (low + high) >> 1;
    const there = candidates[middle];
    if (there && compareWays(search, there.way, candidate.way) < 0) low = middle + 1;
    else high = middle;
  }
  candidates.splice(low, 0, candidate);
}
