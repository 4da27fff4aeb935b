/**
 * What a path has for a migration, in four ways of asking. A decision at a round boundary asks again and again about
 * the same books, so an answer is worked out once, when it is asked for, and the last path that was asked about is
 * remembered for as long as its books are the ones in force.
 */
import { type BitsPerSec, scale, smaller, ZERO } from '@sluice/units';
import { type Narrowest, WayBooks, type Window } from '../ledger/index.ts';
import type { Link, State } from '../state.ts';
import type { PathUse } from './grant.ts';

export class PathRoom {
  readonly #state: State;
  readonly #use: PathUse;
  readonly #books: WayBooks;
  #residual: Narrowest | null = null;
  #spare: Narrowest | null = null;
  #free: Narrowest | null = null;
  #alone: Narrowest | null = null;

  constructor(state: State, use: PathUse) {
    this.#state = state;
    this.#use = use;
    this.#books = new WayBooks(state, use, use);
  }

  /** Beside the current rates of all others. */
  get residual(): Narrowest {
    this.#residual ??= this.#books.residual();
    return this.#residual;
  }

  /** Beside the guarantees of all others, from now to the end of what is promised. */
  get spare(): Narrowest {
    this.#spare ??= this.#books.free(windowOf(this.#state, this.#use));
    return this.#spare;
  }

  /** The same, less what applications use above their floors. */
  get free(): Narrowest {
    this.#free ??= this.#isLoaded() ? this.#besideLoads() : this.spare;
    return this.#free;
  }

  /** If nobody else were there. */
  get alone(): Narrowest {
    this.#alone ??= this.#books.alone();
    return this.#alone;
  }

  isOf(state: State, use: PathUse): boolean {
    const [mine, own] = [this.#state, this.#use];
    return (
      mine.ledger === state.ledger &&
      mine.now === state.now &&
      mine.linkLoads === state.linkLoads &&
      mine.config === state.config &&
      mine.topology === state.topology &&
      own.path === use.path &&
      own.reversePath === use.reversePath &&
      own.own === use.own &&
      own.extraFloor === use.extraFloor
    );
  }

  #isLoaded(): boolean {
    const { linkLoads } = this.#state;
    const isLoaded = (link: Link['id']) => (linkLoads.get(link) ?? 0) > 0;
    return linkLoads.size > 0 && (this.#use.path.some(isLoaded) || this.#use.reversePath.some(isLoaded));
  }

  #besideLoads(): Narrowest {
    const { linkList } = this.#state.topology;
    // The books number links as the topology does.
    const load = (number: number) => clippedLoad(this.#state, linkList[number] as Link);
    return this.#books.freeBeside(load, windowOf(this.#state, this.#use));
  }
}

/** Nothing but a shortcut: whoever asks about something else gets it worked out. */
let last: PathRoom | null = null;

export function pathRoom(state: State, use: PathUse): PathRoom {
  if (last === null || !last.isOf(state, use)) last = new PathRoom(state, use);
  return last;
}

/** From now on, to the end of what is promised. */
function windowOf(state: State, use: PathUse): Window {
  const until = use.own === null ? null : (state.ledger.holds.get(use.own)?.window.until ?? null);
  return { from: state.now, until: until === null || until > state.now ? until : null };
}

/** Measured application traffic, as far as it may take from migrations. */
export function clippedLoad(state: State, link: Link): BitsPerSec {
  const load = state.linkLoads.get(link.id) ?? ZERO.rate;
  if (load === 0) return load;
  const usable = scale(link.capacity, 1 - state.config.headroomFraction);
  return smaller(load, scale(usable, 1 - state.config.migrationShareMin));
}
