/**
 * The path with the most left. Indices stay within the arrays they were made for, hence the casts.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { Link, Path, Topology } from '../graph.ts';
import type { Heap } from './heap.ts';
import { UNREACHABLE } from './indexed-graph.ts';
import {
  BURDEN_MAX,
  type Burden,
  checkStretch,
  type OpenPathQuery,
  type Stretch,
  type WidestPath,
} from './query.ts';
import { type Search, searching, type Way } from './search.ts';

/**
 * The path whose smallest residual is largest; among equals the shortest, then by burden, if that is given, then by
 * link ids from the source on. Null
 * when the hosts are not connected by links that are up and have `rateMin` left, if that is given. Throws
 * RangeError as `shortestPath` does.
 *
 * The default follows the residuals wherever they lead. In a data centre such a path goes up and down several
 * times and uses twice the links for little gain: there a `stretchMax` of 0 or 2 is better, and asks less.
 */
export function widestPath(topology: Topology, query: OpenPathQuery & Stretch & Burden): WidestPath | null {
  checkStretch(query);
  return searching(topology, query, (search) => {
    const rateMin = query.rateMin ?? 0;
    const most = search.accessLeft();
    if (!(most >= rateMin)) return null;
    // No path has more than the hosts' own cables: one that has as much, and is as short as can be, is the answer.
    const easy = search.shortest((link) => search.left(link) >= most, { hopsMax: search.fewestHops() });
    if (easy) return describe(search, lightest(search, easy, query.burden));
    const hopsMax = longest(search, rateMin, query.stretchMax);
    const way = hopsMax === null ? null : widestWay(search, { rateMin, most, hopsMax });
    return way && describe(search, lightest(search, way, query.burden));
  });
}

/** Of the ways that are as wide and as short. */
function lightest(search: Search, way: Way, burden: Burden['burden']): Way {
  if (burden === undefined || way.length === 0) return way;
  const links = search.graph.topology.linkList;
  const width = widthOf(search, way);
  const cost = (link: number): number =>
    search.left(link) >= width
      ? LINK_COST + Math.min(BURDEN_MAX, burden(links[link] as Link, link))
      : Number.POSITIVE_INFINITY;
  return search.cheapest(cost, { costMin: LINK_COST, costMax: (way.length + 1) * LINK_COST }) ?? way;
}

/** Costs more than the burdens of all links of a path together. */
const LINK_COST = 2 ** 36;

/** The hosts' own cables included. */
const widthOf = (search: Search, way: Way): number =>
  way.reduce((least, link) => Math.min(least, search.left(link)), search.accessLeft());

/** Links that the way between the switches may have; null when there is no way at all. */
function longest(search: Search, rateMin: number, stretchMax: number | undefined): number | null {
  if (stretchMax === undefined) return Number.POSITIVE_INFINITY;
  const shortest = search.shortest((link) => search.left(link) >= rateMin);
  return shortest && shortest.length + stretchMax;
}

/** The widest of the paths with the fewest links: `widestPath` without any stretch. */
export const widestShortestPath = (topology: Topology, query: OpenPathQuery & Burden): WidestPath | null =>
  widestPath(topology, { ...query, stretchMax: 0 });

interface Bounds {
  readonly rateMin: number;
  /** What the hosts' own cables leave. */
  readonly most: number;
  readonly hopsMax: number;
}

function widestWay(search: Search, bounds: Bounds): Way | null {
  const shortest = (rate: number) =>
    search.shortest((link) => search.left(link) >= rate, { hopsMax: bounds.hopsMax });
  const width = widthWithin(search, bounds);
  if (width < 0) return null;
  const way = shortest(width);
  if (way || bounds.hopsMax === search.fewestHops()) return way;
  // The widest way uses links that are each on a short enough way, but is too long as a whole: try what is less.
  const rates = ratesWithin(search, bounds).filter((rate) => rate < width);
  let best: Way | null = null;
  for (let low = 0, high = rates.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    const tried = shortest(rates[middle] as number);
    if (tried) {
      best = tried;
      low = middle + 1;
    } else high = middle - 1;
  }
  return best;
}

/**
 * The largest rate that some way has left which uses only links on short enough ways; -1 when there is none. Walks
 * from both ends, always over what has the most left, so that a narrow place near either end is found without a
 * look at the rest of the network.
 */
function widthWithin(search: Search, bounds: Bounds): number {
  const { first, out, to: ends } = search.graph;
  const ahead = new Side(search, search.source.at, 0);
  const back = new Side(search, search.target.at, 1);
  ahead.reach(search.source.at, bounds.most);
  back.reach(search.target.at, bounds.most);
  let best = search.source.at === search.target.at ? bounds.most : -1;
  for (;;) {
    if (Math.min(ahead.widest, back.widest) <= best) return best;
    if (ahead.widest < 0 || back.widest < 0) return best;
    const side = ahead.asked <= back.asked ? ahead : back;
    const other = side === ahead ? back : ahead;
    const here = side.settle();
    if (here < 0) continue;
    const width = side.width[here] as number;
    for (let i = first[here] as number; i < (first[here + 1] as number); i += 1) {
      const there = ends[out[i] as number] as number;
      if (width <= (side.width[there] as number)) continue;
      if ((side.hops[here] as number) + 1 + (other.hops[there] as number) > bounds.hopsMax) continue;
      if (side.hops[there] === UNREACHABLE) continue;
      side.asked += 1;
      const rate = Math.min(width, search.left((out[i] as number) ^ side.turn));
      if (rate < bounds.rateMin || rate <= best || rate <= (side.width[there] as number)) continue;
      side.reach(there, rate);
      best = Math.max(best, Math.min(rate, other.width[there] as number));
    }
  }
}

/** One end of the search: how wide each switch has been reached from it. */
class Side {
  /** 1 when links are walked against their direction. */
  readonly turn: 0 | 1;
  /** Distance of every switch from this end. */
  readonly hops: Uint16Array;
  /** -1 where it has not come. */
  readonly width: Float64Array;
  asked = 0;
  readonly #open: Heap;
  readonly #settled: Uint8Array;

  constructor(search: Search, at: number, turn: 0 | 1) {
    const { width, settled, open } = search.sideScratch(turn);
    this.turn = turn;
    this.hops = search.graph.hops(at);
    this.width = width.fill(-1);
    this.#settled = settled.fill(0);
    this.#open = open;
    open.clear();
  }

  /** Of what is still open; -1 when nothing is. */
  get widest(): number {
    return this.#open.size === 0 ? -1 : -this.#open.smallestKey;
  }

  reach(there: number, width: number): void {
    this.width[there] = width;
    this.#open.push(-width, there);
  }

  /** The widest open switch; -1 when it has been settled before. */
  settle(): number {
    const here = this.#open.pop();
    if (here < 0 || this.#settled[here] === 1) return -1;
    this.#settled[here] = 1;
    return here;
  }
}

/** The different rates left on links of short enough ways, in ascending order. */
function ratesWithin(search: Search, { rateMin, most, hopsMax }: Bounds): readonly number[] {
  const { graph, source, target } = search;
  const [after, before] = [graph.hops(source.at), graph.hops(target.at)];
  const rates = new Set<number>([most]);
  for (const link of graph.out.subarray(0, graph.first[graph.switchCount])) {
    const from = after[graph.from[link] as number] as number;
    const to = before[graph.to[link] as number] as number;
    if (from === UNREACHABLE || from + 1 + to > hopsMax) continue;
    const rate = Math.min(most, search.left(link));
    if (rate >= rateMin) rates.add(rate);
  }
  return [...rates].sort((a, b) => a - b);
}

function describe(search: Search, way: Way): WidestPath {
  const numbers = [search.source.up, ...way, search.target.down];
  let narrowest = search.source.up;
  for (const link of numbers) if (search.left(link) < search.left(narrowest)) narrowest = link;
  const path: Path = search.path(way);
  const rate: BitsPerSec = bitsPerSec(search.left(narrowest));
  return { path, rate, bottleneck: (search.graph.topology.linkList[narrowest] as Link).id };
}
