/**
 * Which way a migration goes. A way must have room for its guarantee on every link, there and back, at every instant
 * of its window. Of the shortest ways that have, the one is taken on which its equal share beside those that are there
 * already is largest: guarantees are small, and by what is left of them alone everybody would take the first way.
 */
import { type HostId, type Link, linkById, reversePath, widestShortestPath } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec, scale, smaller, subtract, ZERO } from '@sluice/units';
import type { PathUse } from '../allocation/grant.ts';
import { type Asker, freeOver, holdCount, type Way, type Window } from '../ledger/index.ts';
import type { LinkId, State } from '../state.ts';

export interface WayQuery {
  readonly source: HostId;
  readonly destination: HostId;
  /** What every link must have left over the window; 0 = none is asked for. */
  readonly rate: BitsPerSec;
  readonly window: Window;
  readonly asker: Asker;
  /** What a link has for this migration; by default what its calendar has left. */
  readonly room?: (link: Link) => BitsPerSec;
}

/** Null when the hosts are not connected by links that are up and have the rate left. */
export function findWay(state: State, query: WayQuery): PathUse | null {
  const { source, destination, rate, window, asker } = query;
  const room = query.room ?? ((link: Link) => roomOn(state, link, window, asker));
  const isUp = (link: Link) => !state.linksDown.has(link.id) && !state.linksDown.has(link.reverse);
  const found = widestShortestPath(state.topology, {
    from: source,
    to: destination,
    rateMin: rate === 0 ? ZERO.rate : LEAST_SHARE,
    isUp,
    // Where all is narrow at one place, the rest of the way still goes where fewer are.
    burden: (link) => holdCount(state.ledger, link.id),
    residual: (link) => {
      const left = room(link);
      if (rate === 0) return left;
      return left >= rate ? smaller(left, shareOn(state, link)) : ZERO.rate;
    },
  });
  if (found === null) return null;
  const { own, extraFloor } = asker;
  const path = found.path;
  return { path, reversePath: reversePath(state.topology, path), source, destination, own, extraFloor };
}

/** Tells a link without room, which counts as 0, from every other. */
const LEAST_SHARE = bitsPerSec(1e-6);

/** What one more would get if all on the link shared alike, less what its floor takes. */
function shareOn(state: State, link: Link): BitsPerSec {
  // Every way has the hosts' own cables: however few they leave, the links between them are worth comparing.
  if (link.from.kind === 'host' || link.to.kind === 'host') return link.capacity;
  const usable = scale(subtract(link.capacity, link.floor), 1 - state.config.headroomFraction);
  return bitsPerSec(Math.max(usable, 1) / (1 + holdCount(state.ledger, link.id)));
}

/** What the cable can guarantee over the window, with acknowledgements on the way back. */
export const roomOn = (state: State, link: Link, window: Window, asker: Asker): BitsPerSec =>
  limitOn(state, link, window, asker).rate;

interface Limit {
  readonly rate: BitsPerSec;
  readonly link: LinkId;
}

/** The direction that allows less; the way back carries only `reverseFraction` of the rate, rounded up. */
function limitOn(state: State, link: Link, window: Window, asker: Asker): Limit {
  const there = { rate: freeOver(state, link.id, window, asker), link: link.id };
  const { reverseFraction } = state.config;
  if (reverseFraction === 0) return there;
  const back = Math.max(0, freeOver(state, link.reverse, window, asker) - 1) / reverseFraction;
  return back < there.rate ? { rate: bitsPerSec(back), link: link.reverse } : there;
}

/** Where a way allows least. */
export function narrowestOf(state: State, way: Way, window: Window, asker: Asker): Limit {
  let found: Limit | null = null;
  for (const id of way.path) {
    const limit = limitOn(state, linkById(state.topology, id), window, asker);
    if (found === null || limit.rate < found.rate) found = limit;
  }
  if (found === null) throw new RangeError('a way has at least one link');
  return found;
}
