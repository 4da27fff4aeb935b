/**
 * What a link can still give: of its current rates, and of its calendar.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { LinkId, Topology } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec, type Instant, scale, subtract } from '@sluice/units';
import type { ReservationId } from '../ids.ts';
import type { CoreConfig, Link } from '../state.ts';
import { floorsOver } from './floors.ts';
import { fromNow, type Hold, stretchOf, type Window } from './hold.ts';
import { holdOf, type Ledger, numberOf, sumsOf } from './ledger.ts';
import { currentOn, guaranteeOn, type LinkSums, type Sums } from './sums.ts';
import type { Stretch, Timeline } from './timeline.ts';

/** A state is one. */
export interface Books {
  readonly topology: Topology;
  readonly config: CoreConfig;
  readonly ledger: Ledger;
}

/** For whom it is asked: what it holds itself does not count, the floor that it asks for does. */
export interface Asker {
  readonly own: ReservationId | null;
  /** Of a request that the ledger does not know yet. */
  readonly extraFloor: BitsPerSec | null;
}
export const NOBODY: Asker = { own: null, extraFloor: null };

/** One link's current account. */
export interface LinkAccount {
  readonly link: Link;
  readonly headroom: BitsPerSec;
  /** The larger of the configured floor and what live holds asked for. */
  readonly floor: BitsPerSec;
  /** By all reservations but `without`. */
  readonly held: BitsPerSec;
}

/** With `without` the floor that it asks for counts even if it has no rate yet, for this is what it could have. */
export function account(books: Books, id: LinkId, without: ReservationId | null = null): LinkAccount {
  const number = numberOf(books.ledger, id);
  const link = linkAt(books, number);
  const sums = sumsOf(books.ledger).link(number);
  const own = without === null ? undefined : books.ledger.holds.get(without);
  const held = own === undefined ? sums.held : sums.held - currentOn(own, number);
  const floor = Math.max(link.floor, sums.raisedFloor, own?.applicationFloor ?? 0);
  return { link, headroom: headroomOf(books, link), floor: bitsPerSec(floor), held: bitsPerSec(held) };
}

/** The books as one asker sees them, for many links; good until another ledger is asked or written. */
export interface View {
  readonly books: Books;
  readonly sums: Sums;
  readonly own: Hold | undefined;
  readonly extraFloor: BitsPerSec | null;
}

export const viewOf = (books: Books, { own, extraFloor }: Asker): View => ({
  books,
  sums: sumsOf(books.ledger),
  own: own === null ? undefined : books.ledger.holds.get(own),
  extraFloor,
});

/** The larger of the configured floor, what live holds ask for, and what the asker would. */
export const floorAt = ({ books, sums, own, extraFloor }: View, number: number): number =>
  Math.max(
    linkAt(books, number).floor,
    sums.link(number).raisedFloor,
    own?.applicationFloor ?? 0,
    extraFloor ?? 0,
  );

/** What could be given away if nobody else were there. */
export function aloneAt(view: View, number: number): number {
  const link = linkAt(view.books, number);
  return Math.max(0, Math.max(0, link.capacity - headroomOf(view.books, link)) - floorAt(view, number));
}

/** What can be given away beside everybody's current rates. */
export function residualAt(view: View, number: number): number {
  const { books, sums, own } = view;
  const link = linkAt(books, number);
  const { held: all } = sums.link(number);
  const held = own === undefined ? all : all - currentOn(own, number);
  return Math.max(0, link.capacity - (headroomOf(books, link) + floorAt(view, number) + held));
}

/** What of a link can be promised once headroom and floor are set aside and everybody else has what is held. */
export const residual = ({ link, headroom, floor, held }: LinkAccount): BitsPerSec =>
  subtract(link.capacity, bitsPerSec(headroom + floor + held));

/** Sum of the current rates on a link; during changes of the larger ones. */
export const heldOn = (ledger: Ledger, link: LinkId): BitsPerSec => bitsPerSec(linkSums(ledger, link).held);

/** What can be guaranteed at every instant of the window that is still to come: 0 when some instant is full. */
export function freeOver(books: Books, id: LinkId, window: Window, asker: Asker = NOBODY): BitsPerSec {
  return bitsPerSec(Math.max(0, marginOver(books, id, window, asker)));
}

/** Whether a guarantee of that size would keep the promise; unlike `freeOver`, tells a full link from an overfull one. */
export const fitsOver = (
  books: Books,
  id: LinkId,
  guarantee: BitsPerSec,
  window: Window,
  asker: Asker = NOBODY,
): boolean => marginOver(books, id, window, asker) >= guarantee;

const marginOver = (books: Books, id: LinkId, window: Window, asker: Asker): number =>
  marginAt(viewOf(books, asker), numberOf(books.ledger, id), stretchOf(window));

/** What is left beside floor and guarantees at every instant from now on; below 0 when the link is overfull. */
export function marginAt({ books, sums, own, extraFloor }: View, number: number, window: Stretch): number {
  const stretch = fromNow(books.ledger, window);
  const link = linkAt(books, number);
  const { guaranteed, asks } = sums.link(number);
  const amount = own === undefined ? 0 : guaranteeOn(own, number);
  const floor = Math.max(link.floor, extraFloor ?? 0, own?.applicationFloor ?? 0);
  const usable = link.capacity - headroomOf(books, link);
  if (asks.length === 0) return usable - floor - peakWithout(guaranteed, stretch, own, amount);
  const taken = floorsOver(asks, stretch).map(
    (part) => Math.max(floor, part.value) + peakWithout(guaranteed, part, own, amount),
  );
  return usable - Math.max(...taken);
}

/** The most that all but one hold, which is guaranteed this much, are guaranteed in a stretch. */
function peakWithout(guaranteed: Timeline, stretch: Stretch, hold: Hold | undefined, amount: number): number {
  if (hold === undefined || amount === 0) return guaranteed.peak(stretch);
  const { from, until } = stretch;
  const ownFrom = hold.window.from;
  const ownUntil = hold.window.until ?? Number.POSITIVE_INFINITY;
  // As a rule nobody asks beyond what the hold is promised itself.
  if (ownFrom <= from && until <= ownUntil && from < until) return guaranteed.peak(stretch) - amount;
  const begin = Math.max(from, ownFrom);
  const end = Math.min(until, ownUntil);
  // An empty stretch is the instant at which it begins.
  const isOwn = from === until ? ownFrom <= from && from < ownUntil : begin < end;
  if (!isOwn) return guaranteed.peak(stretch);
  const inside = guaranteed.peak({ from: begin, until: end }) - amount;
  const before = from < begin ? guaranteed.peak({ from, until: begin }) : inside;
  const after = end < until ? guaranteed.peak({ from: end, until }) : inside;
  return Math.max(before, inside, after);
}

/** Sum of the guarantees at an instant, now or later. */
export const guaranteedOn = ({ ledger }: Pick<Books, 'ledger'>, id: LinkId, at: Instant): BitsPerSec =>
  bitsPerSec(linkSums(ledger, id).guaranteed.valueAt(at));

/** Those that use the link, forward or back, also on a way that they leave; in order of their numbers. */
export const holdsOn = (ledger: Ledger, link: LinkId): readonly Hold[] =>
  linkSums(ledger, link).ids.map((id) => holdOf(ledger, id));

/** How many that is. */
export const holdCount = (ledger: Ledger, link: LinkId): number => linkSums(ledger, link).ids.length;
export const holdCountAt = (ledger: Ledger, number: number): number => sumsOf(ledger).link(number).ids.length;

// Numbers come from the topology.
const linkAt = ({ topology }: Books, number: number): Link => topology.linkList[number] as Link;

const headroomOf = ({ config }: Books, link: Link): BitsPerSec =>
  scale(link.capacity, config.headroomFraction);

const linkSums = (ledger: Ledger, link: LinkId): LinkSums => sumsOf(ledger).link(numberOf(ledger, link));
