/**
 * All links of a way in the books of one ledger, for whoever asks about them together: names are looked up once, and so
 * is what the asker holds itself. Relies on the ledger staying the one that is asked; the answers are of its moment.
 */
import type { LinkId } from '@sluice/topology';
import {
  type Asker,
  aloneAt,
  type Books,
  floorAt,
  marginAt,
  residualAt,
  type View,
  viewOf,
} from './account.ts';
import { stretchOf, type Way, type Window } from './hold.ts';
import { numberOf } from './ledger.ts';
import type { Stretch } from './timeline.ts';

/** Where a way allows least, and how much; the rate is not rounded. */
export interface Narrowest {
  readonly rate: number;
  readonly link: LinkId;
}

/** What a link has left, of its number. */
type LeftOn = (view: View, link: number, stretch: Stretch) => number;

/** For who does not ask about the calendar. */
const ALWAYS: Stretch = { from: 0, until: Number.POSITIVE_INFINITY };

export class WayBooks {
  readonly #books: Books;
  readonly #asker: Asker;
  readonly #forward: readonly number[];
  readonly #reverse: readonly number[];

  constructor(books: Books, { path, reversePath }: Way, asker: Asker) {
    const { ledger } = books;
    const own = asker.own === null ? undefined : ledger.holds.get(asker.own);
    const isOwn = own?.reservation.path === path && own.reservation.reversePath === reversePath;
    this.#books = books;
    this.#asker = asker;
    this.#forward = isOwn ? own.wantedForward : path.map((link) => numberOf(ledger, link));
    this.#reverse = isOwn ? own.wantedReverse : reversePath.map((link) => numberOf(ledger, link));
  }

  /** Beside everybody's current rates: nobody has to be lowered for it. */
  residual(): Narrowest {
    return this.#narrowest(residualAt, ALWAYS);
  }

  /** Beside everybody's guarantees over a window. */
  free(window: Window): Narrowest {
    return this.#narrowest(marginAt, stretchOf(window));
  }

  /** The same, less what loads, by the numbers of the links, take above the floors. */
  freeBeside(load: (link: number) => number, window: Window): Narrowest {
    return this.#narrowest((view, link, stretch) => {
      const above = Math.max(0, load(link) - floorAt(view, link));
      return Math.max(0, marginAt(view, link, stretch)) - above;
    }, stretchOf(window));
  }

  /** If nobody else were there. */
  alone(): Narrowest {
    return this.#narrowest(aloneAt, ALWAYS);
  }

  /** The way back carries only `reverseFraction` of the rate, rounded up: hence one bit/s less there. */
  #narrowest(left: LeftOn, stretch: Stretch): Narrowest {
    const { topology, config } = this.#books;
    const { reverseFraction } = config;
    const view = viewOf(this.#books, this.#asker);
    let least = Number.POSITIVE_INFINITY;
    let at = -1;
    for (const link of this.#forward) {
      const rate = Math.max(0, left(view, link, stretch));
      if (rate >= least) continue;
      least = rate;
      at = link;
    }
    if (reverseFraction > 0)
      for (const link of this.#reverse) {
        const rate = Math.max(0, left(view, link, stretch) - 1) / reverseFraction;
        if (rate >= least) continue;
        least = rate;
        at = link;
      }
    const link = topology.linkList[at];
    if (link === undefined) throw new RangeError('a path has at least one link');
    return { rate: least, link: link.id };
  }
}
