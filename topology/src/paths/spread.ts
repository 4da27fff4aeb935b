/** Paths for several migrations between the same two hosts at once, spread over what the network offers. */
import { type BitsPerSec, sum } from '@sluice/units';
import type { Path, Topology } from '../graph.ts';
import type { PathQuery } from './query.ts';
import { searching } from './search.ts';
import { PATHS_MAX } from './shortest.ts';

/** Costs more than all sharing on the links of one path together. */
const LINK_COST = 2 ** 26;

/**
 * One path for each rate, in their order; null where no path has that much left beside those before it. Each goes
 * over the fewest links that have room, among such over those that the earlier paths use least, then by link ids:
 * paths of equal length are used in turn, and a longer one only once no short one has the rate left. Throws
 * RangeError as `shortestPath` does, and for more than PATHS_MAX rates.
 */
export function spreadPaths(
  topology: Topology,
  query: Omit<PathQuery, 'rateMin'> & { readonly rates: readonly BitsPerSec[] },
): readonly (Path | null)[] {
  const { rates } = query;
  if (rates.length > PATHS_MAX)
    throw new RangeError(`${rates.length} rates; at most ${PATHS_MAX} paths are found at once`);
  return searching(topology, query, (search) => {
    const uses = new Map<number, number>();
    const given = new Map<number, number>();
    const most = search.accessLeft();
    const onAccess: BitsPerSec[] = [];
    return rates.map((rate) => {
      if (!(most - sum(onAccess) >= rate)) return null;
      const hasRoom = (link: number) => search.left(link) - (given.get(link) ?? 0) >= rate;
      // As short as the network allows and over links that nobody uses yet: no other can be better.
      const fresh = search.shortest((link) => !uses.has(link) && hasRoom(link), {
        hopsMax: search.fewestHops(),
      });
      const cost = (link: number) =>
        hasRoom(link) ? LINK_COST + (uses.get(link) ?? 0) : Number.POSITIVE_INFINITY;
      const way = fresh ?? search.cheapest(cost, { costMin: LINK_COST });
      if (!way) return null;
      onAccess.push(rate);
      for (const link of way) {
        uses.set(link, (uses.get(link) ?? 0) + 1);
        given.set(link, (given.get(link) ?? 0) + rate);
      }
      return search.path(way);
    });
  });
}
