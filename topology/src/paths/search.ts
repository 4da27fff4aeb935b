/**
 * One question about paths between two hosts, and the two searches that answer most of them. Asking the caller what
 * is left on a link is by far the dearest part, so each link is asked at most once, only when a search reaches it,
 * and searches head for the target by the distances of the whole network.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { assert } from '@sluice/units';
import type { HostId, Link, LinkId, Path, Topology } from '../graph.ts';
import { Heap } from './heap.ts';
import { type Access, type IndexedGraph, indexedGraph, UNREACHABLE } from './indexed-graph.ts';
import { everyLink, type LinkFilter, type PathQuery, type Residual } from './query.ts';

/** A way between two switches, as link numbers. */
export type Way = readonly number[];
/** Whether a link may be used. */
export type Usable = (link: number) => boolean;
/** What a link costs, a positive integer; Infinity keeps it out. */
export type Cost = (link: number) => number;

export class Search {
  readonly graph: IndexedGraph;
  readonly source: Access;
  readonly target: Access;
  readonly #links: readonly Link[];
  readonly #residual: Residual;
  readonly #isUp: LinkFilter;
  readonly #scratch: Scratch;
  readonly #stamp: number;

  constructor(graph: IndexedGraph, scratch: Scratch, query: SearchQuery) {
    this.graph = graph;
    this.source = accessOf(graph, query.from);
    this.target = accessOf(graph, query.to);
    if (query.from === query.to) throw new RangeError(`${query.from} is both ends of the path`);
    this.#links = graph.topology.linkList;
    this.#residual = query.residual;
    this.#isUp = query.isUp ?? everyLink;
    this.#scratch = scratch;
    this.#stamp = scratch.nextStamp();
  }

  /** What is left on a link; -1 when it must not be used. Asks the caller only once. */
  left(link: number): number {
    const { left, leftAt } = this.#scratch;
    if (leftAt[link] === this.#stamp) return left[link] as number;
    const asked = this.#links[link] as Link;
    const answer = this.#isUp(asked) ? this.#residual(asked, link) : -1;
    leftAt[link] = this.#stamp;
    left[link] = answer;
    return answer;
  }

  /** As the last user left it. */
  sideScratch(turn: 0 | 1): SideScratch {
    return this.#scratch.sides[turn];
  }

  /** What the two hosts' own cables leave; -1 when one of them must not be used. */
  accessLeft(): number {
    const up = this.left(this.source.up);
    return up < 0 ? up : Math.min(up, this.left(this.target.down));
  }

  /** Links between the two switches over all cables, up or not: no way has fewer. */
  fewestHops(): number {
    return this.graph.hops(this.target.at)[this.source.at] as number;
  }

  /** The whole path, hosts' cables included. */
  path(way: Way): Path {
    return this.ids([this.source.up, ...way, this.target.down]);
  }

  ids(numbers: Way): readonly LinkId[] {
    return numbers.map((number) => (this.#links[number] as Link).id);
  }

  /**
   * The way with the fewest links; among equals the one whose links come first by id, compared from the source on.
   * Null when there is none with at most `hopsMax` links.
   */
  shortest(usable: Usable, { from = this.source.at, hopsMax = Number.POSITIVE_INFINITY } = {}): Way | null {
    const to = this.target.at;
    if (from === to) return [];
    const fewest = this.graph.hops(to)[from] as number;
    if (fewest === UNREACHABLE || fewest > hopsMax) return null;
    const direct = this.#direct(from, to, usable);
    if (direct || fewest === hopsMax || !this.#isOpen(from, to, usable)) return direct;
    return this.cheapest((link) => (usable(link) ? 1 : Number.POSITIVE_INFINITY), { from, costMax: hopsMax });
  }

  /**
   * The way with the smallest sum of costs; among equals the one whose links come first by id, compared from the
   * source on. A* from the target backwards: every link costs at least `costMin`, so `costMin` for each link of the
   * distance is never too much.
   */
  cheapest(
    cost: Cost,
    { from = this.source.at, costMin = 1, costMax = Number.POSITIVE_INFINITY } = {},
  ): Way | null {
    const { first, out, to: ends } = this.graph;
    const to = this.target.at;
    const ahead = this.graph.hops(from);
    const { spent, spentAt, closedAt, heap } = this.#scratch;
    const stamp = this.#scratch.nextStamp();
    let most = costMax;
    heap.clear();
    spent[to] = 0;
    spentAt[to] = stamp;
    heap.push((ahead[to] as number) * costMin, to);
    // Goes on through all that costs as little as the best way, so that every tie is known.
    while (heap.size > 0 && heap.smallestKey <= most) {
      const key = heap.smallestKey;
      const here = heap.pop();
      if (closedAt[here] === stamp) continue;
      closedAt[here] = stamp;
      if (here === from) {
        most = key;
        continue;
      }
      const soFar = spent[here] as number;
      for (let i = first[here] as number; i < (first[here + 1] as number); i += 1) {
        const away = out[i] as number;
        const there = ends[away] as number;
        if (closedAt[there] === stamp) continue;
        const least = soFar + costMin;
        const rest = (ahead[there] as number) * costMin;
        if (spentAt[there] === stamp && (spent[there] as number) <= least) continue;
        if (least + rest > most || ahead[there] === UNREACHABLE) continue;
        const total = soFar + cost(away ^ 1);
        if (total === Number.POSITIVE_INFINITY || total + rest > most) continue;
        if (spentAt[there] === stamp && (spent[there] as number) <= total) continue;
        spent[there] = total;
        spentAt[there] = stamp;
        heap.push(total + rest, there);
      }
    }
    return closedAt[from] === stamp ? this.#downhill(from, to, cost, stamp) : null;
  }

  /** Follows the costs that `cheapest` has left behind. */
  #downhill(from: number, to: number, cost: Cost, stamp: number): Way {
    const { first, out, to: ends } = this.graph;
    const { spent, closedAt } = this.#scratch;
    const way: number[] = [];
    for (let here = from; here !== to; ) {
      let next = -1;
      for (let i = first[here] as number; i < (first[here + 1] as number) && next < 0; i += 1) {
        const link = out[i] as number;
        const there = ends[link] as number;
        if (closedAt[there] !== stamp || (spent[there] as number) >= (spent[here] as number)) continue;
        if (cost(link) + (spent[there] as number) === spent[here]) next = link;
      }
      assert(next >= 0, `nothing leads on from switch ${here}`);
      way.push(next);
      here = ends[next] as number;
    }
    return way;
  }

  /** Depth first along links that lead closer: finds the way at once when one as short as the network allows is usable. */
  #direct(from: number, to: number, usable: Usable): Way | null {
    const { first, out, from: starts, to: ends } = this.graph;
    const { cursor, closedAt } = this.#scratch;
    const stamp = this.#scratch.nextStamp();
    const hops = this.graph.hops(to);
    const way: number[] = [];
    cursor[from] = first[from] as number;
    for (let here = from; here !== to; ) {
      const end = first[here + 1] as number;
      const closer = (hops[here] as number) - 1;
      let i = cursor[here] as number;
      let next = -1;
      for (; i < end && next < 0; i += 1) {
        const link = out[i] as number;
        const there = ends[link] as number;
        // Every switch has one distance, so one that was a dead end is a dead end from everywhere.
        if (hops[there] !== closer || closedAt[there] === stamp || !usable(link)) continue;
        next = link;
      }
      cursor[here] = i;
      if (next >= 0) {
        here = ends[next] as number;
        closedAt[here] = stamp;
        cursor[here] = first[here] as number;
        way.push(next);
      } else {
        const back = way.pop();
        if (back === undefined) return null;
        here = starts[back] as number;
      }
    }
    return way;
  }

  /** Whether anything leaves `from` and reaches `to` at all: most of what has no way fails here. */
  #isOpen(from: number, to: number, usable: Usable): boolean {
    const { first, out } = this.graph;
    const some = (at: number, turn: number) => {
      for (let i = first[at] as number; i < (first[at + 1] as number); i += 1)
        if (usable((out[i] as number) ^ turn)) return true;
      return false;
    };
    return some(from, 0) && some(to, 1);
  }
}

/** Answers one query. Throws RangeError when the two hosts are the same or unknown. */
export function searching<T>(topology: Topology, query: SearchQuery, answer: (search: Search) => T): T {
  const graph = indexedGraph(topology);
  const pool = pools.get(graph) ?? [];
  pools.set(graph, pool);
  // A residual that itself looks for a path finds the scratch of this search taken.
  const scratch = pool.pop() ?? new Scratch(graph);
  try {
    return answer(new Search(graph, scratch, query));
  } finally {
    pool.push(scratch);
  }
}

/** As many as searches were ever nested. */
const pools = new WeakMap<IndexedGraph, Scratch[]>();

type SearchQuery = Pick<PathQuery, 'from' | 'to' | 'residual' | 'isUp'>;

function accessOf(graph: IndexedGraph, host: HostId): Access {
  const access = graph.access.get(host);
  if (!access) throw new RangeError(`no host ${host}`);
  return access;
}

/** What one end of a search from both ends needs; the search wipes it. */
interface SideScratch {
  readonly width: Float64Array;
  readonly settled: Uint8Array;
  readonly open: Heap;
}

/** Arrays of one search, used again by the next. A place counts only when its stamp is that of the search. */
class Scratch {
  readonly left: Float64Array;
  readonly leftAt: Uint32Array;
  readonly spent: Float64Array;
  readonly spentAt: Uint32Array;
  readonly closedAt: Uint32Array;
  readonly cursor: Int32Array;
  readonly heap = new Heap();
  readonly sides: readonly [SideScratch, SideScratch];
  #stamp = 0;

  constructor({ linkCount, switchCount }: IndexedGraph) {
    this.left = new Float64Array(linkCount);
    this.leftAt = new Uint32Array(linkCount);
    this.spent = new Float64Array(switchCount);
    this.spentAt = new Uint32Array(switchCount);
    this.closedAt = new Uint32Array(switchCount);
    this.cursor = new Int32Array(switchCount);
    const side = (): SideScratch => ({
      width: new Float64Array(switchCount),
      settled: new Uint8Array(switchCount),
      open: new Heap(),
    });
    this.sides = [side(), side()];
  }

  /** After four thousand million stamps everything is wiped, so that no old one can be taken for a new one. */
  nextStamp(): number {
    this.#stamp += 1;
    if (this.#stamp > 0xffff_ffff) {
      for (const stamps of [this.leftAt, this.spentAt, this.closedAt]) stamps.fill(0);
      this.#stamp = 1;
    }
    return this.#stamp;
  }
}
