/**
 * Which way a migration goes. A way must have room for its guarantee on every link, there and back, at every instant
 * of its window. Of the shortest ways that have, the one is taken on which its equal share beside those that are there
 * already is largest: guarantees are small, and by what is left of them alone everybody would take the first way.
 */
import { type HostId, type Link, reversePath, widestShortestPath } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec, scale, smaller, subtract, ZERO } from '@sluice/units';
import type { PathUse } from '../allocation/grant.ts';
import {
  type Asker,
  holdCountAt,
  marginAt,
  numberOf,
  type Stretch,
  stretchOf,
  type View,
  viewOf,
  type Way,
  type Window,
} from '../ledger/index.ts';
import type { LinkId, State } from '../state.ts';

export interface WayQuery {
  readonly source: HostId;
  readonly destination: HostId;
  /** What every link must have left over the window; 0 = none is asked for. */
  readonly rate: BitsPerSec;
  readonly window: Window;
  readonly asker: Asker;
  /** What a link has for this migration; by default what its calendar has left. */
  readonly room?: (link: Link, number: number) => BitsPerSec;
}

/** Null when the hosts are not connected by links that are up and have the rate left. */
export function findWay(state: State, query: WayQuery): PathUse | null {
  const { source, destination, rate, window, asker } = query;
  const { linksDown, topology, ledger } = state;
  const rooms = new Rooms(state, window, asker);
  const room = query.room ?? ((_: Link, number: number) => rooms.on(number));
  const found = widestShortestPath(topology, {
    from: source,
    to: destination,
    rateMin: rate === 0 ? ZERO.rate : LEAST_SHARE,
    ...(linksDown.size > 0
      ? { isUp: (link: Link) => !linksDown.has(link.id) && !linksDown.has(link.reverse) }
      : {}),
    // Where all is narrow at one place, the rest of the way still goes where fewer are.
    burden: (_, number) => holdCountAt(ledger, number),
    residual: (link, number) => {
      const left = room(link, number);
      if (rate === 0) return left;
      return left >= rate ? smaller(left, shareOn(state, link, number)) : ZERO.rate;
    },
  });
  if (found === null) return null;
  const { own, extraFloor } = asker;
  const path = found.path;
  return { path, reversePath: reversePath(topology, path), source, destination, own, extraFloor };
}

/** Tells a link without room, which counts as 0, from every other. */
const LEAST_SHARE = bitsPerSec(1e-6);

/** What one more would get if all on the link shared alike, less what its floor takes. */
function shareOn(state: State, link: Link, number: number): BitsPerSec {
  // Every way has the hosts' own cables: however few they leave, the links between them are worth comparing.
  if (link.from.kind === 'host' || link.to.kind === 'host') return link.capacity;
  const usable = scale(subtract(link.capacity, link.floor), 1 - state.config.headroomFraction);
  return bitsPerSec(Math.max(usable, 1) / (1 + holdCountAt(state.ledger, number)));
}

/**
 * What cables can guarantee to one asker over one window, with acknowledgements on the way back. A search asks about a
 * hundred links, so what is the same for all is looked up once.
 */
class Rooms {
  readonly #view: View;
  readonly #stretch: Stretch;
  readonly #reverseFraction: number;

  constructor(state: State, window: Window, asker: Asker) {
    this.#view = viewOf(state, asker);
    this.#stretch = stretchOf(window);
    this.#reverseFraction = state.config.reverseFraction;
  }

  on(link: number): BitsPerSec {
    return bitsPerSec(Math.min(this.there(link), this.back(link)));
  }

  there(link: number): number {
    return Math.max(0, marginAt(this.#view, link, this.#stretch));
  }

  /** The way back carries only `reverseFraction` of the rate, rounded up. The reverse of link n is n ^ 1. */
  back(link: number): number {
    if (this.#reverseFraction === 0) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.there(link ^ 1) - 1) / this.#reverseFraction;
  }
}

/** Of one cable. */
export const roomOn = (state: State, link: Link, window: Window, asker: Asker): BitsPerSec =>
  new Rooms(state, window, asker).on(numberOf(state.ledger, link.id));

/** Where a way allows least, in which direction. */
export function narrowestOf(
  state: State,
  way: Way,
  window: Window,
  asker: Asker,
): { readonly rate: BitsPerSec; readonly link: LinkId } {
  const rooms = new Rooms(state, window, asker);
  let least = Number.POSITIVE_INFINITY;
  let at = -1;
  for (const id of way.path) {
    const number = numberOf(state.ledger, id);
    const [there, back] = [rooms.there(number), rooms.back(number)];
    if (Math.min(there, back) >= least) continue;
    least = Math.min(there, back);
    at = back < there ? number ^ 1 : number;
  }
  const link = state.topology.linkList[at];
  if (link === undefined) throw new RangeError('a way has at least one link');
  return { rate: bitsPerSec(least), link: link.id };
}
