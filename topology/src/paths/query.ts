/**
 * What is asked about paths. Which links count and how much is left on them is the caller's business: a path is
 * chosen under a residual function and a filter, so the same searches serve admission, re-routing and what-if
 * questions. Both must be pure while a search runs: a link is asked about at most once in each search.
 */
import type { BitsPerSec } from '@sluice/units';
import type { HostId, Link, LinkId, Path } from '../graph.ts';

export type LinkFilter = (link: Link) => boolean;
/** `number` is the link's place in the topology's list. */
export type Residual = (link: Link, number: number) => BitsPerSec;

export const everyLink: LinkFilter = () => true;

export interface PathQuery {
  readonly from: HostId;
  readonly to: HostId;
  readonly residual: Residual;
  /** What every link of the path must have left. */
  readonly rateMin: BitsPerSec;
  /** Links for which it is false are not used; by default all are. */
  readonly isUp?: LinkFilter;
}

/** A query whose rate may be left out: then any link that is up will do. */
export type OpenPathQuery = Omit<PathQuery, 'rateMin'> & { readonly rateMin?: BitsPerSec };

export interface Stretch {
  /**
   * How many links more than the shortest path that is up and has the rate left a path may have; any number by
   * default. It also bounds how many links are asked about: with 0, a fat-tree with k=16 has at most 146.
   */
  readonly stretchMax?: number;
}

export interface Burden {
  /**
   * Among equally wide paths of the same length, the one with the smallest sum of this goes first: for instance how
   * many share the link already. Whole numbers; more than BURDEN_MAX counts as that.
   */
  readonly burden?: (link: Link, number: number) => number;
}

/** So that the burden of a whole path never outweighs one link more. */
export const BURDEN_MAX = 2 ** 20;

export interface WidestPath {
  readonly path: Path;
  /** The smallest residual on the path: no other path has a larger one. */
  readonly rate: BitsPerSec;
  /** The first link that has no more than that. */
  readonly bottleneck: LinkId;
}

/** Throws RangeError when the stretch is not a whole number of links. */
export function checkStretch({ stretchMax }: Stretch): void {
  if (stretchMax !== undefined && !(Number.isInteger(stretchMax) && stretchMax >= 0))
    throw new RangeError(`stretchMax is ${stretchMax}, not a whole number of links`);
}
