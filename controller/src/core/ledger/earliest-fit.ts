/** The calendar asked for a time: from when on every link of a way has room for as long as it is needed. */
import { type BitsPerSec, type Instant, instant, type Millis, scale } from '@sluice/units';
import type { Link } from '../state.ts';
import { type Asker, type Books, NOBODY } from './account.ts';
import { type Calendar, calendarOf, firstRoom, segments } from './calendar.ts';
import { reverseRateOf, type Way } from './hold.ts';
import { numberOf } from './ledger.ts';
import { type LinkRow, rowWith } from './link-row.ts';
import { rowOf } from './link-table.ts';

export interface FitQuery {
  readonly rate: BitsPerSec;
  /** null = for good. */
  readonly duration: Millis | null;
  readonly after: Instant;
  readonly asker?: Asker;
}

/** The first instant, `after` or later, from which the rate can be guaranteed for the whole duration; null = never. */
export function earliestFit(books: Books, way: Way, query: FitQuery): Instant | null {
  const limits = limitsOf(books, way, query);
  const duration = query.duration ?? Number.POSITIVE_INFINITY;
  let candidate: number = query.after;
  // Each link moves the candidate to its own first room; when none moves it any more, all have room there.
  for (let settled = 0; settled < limits.length; ) {
    for (const { taken, most } of limits) {
      const room = firstRoom(taken, { after: candidate, duration, most });
      if (room === null) return null;
      settled = room === candidate ? settled + 1 : 1;
      candidate = room;
      if (settled >= limits.length) break;
    }
  }
  return instant(candidate);
}

/** What may be taken of a link beside the new guarantee, and what is. */
interface LinkLimit {
  readonly taken: Calendar;
  readonly most: number;
}

function limitsOf(books: Books, way: Way, { rate, asker = NOBODY }: FitQuery): readonly LinkLimit[] {
  const reverseRate = reverseRateOf(rate, books.ledger.reverseFraction);
  const need = new Map<number, number>();
  const take = (links: Way['path'], amount: number) => {
    for (const id of links) {
      const link = numberOf(books.ledger, id);
      need.set(link, (need.get(link) ?? 0) + amount);
    }
  };
  take(way.path, rate);
  take(way.reversePath, reverseRate);
  return [...need].map(([link, amount]) => limitOf(books, link, amount, asker));
}

function limitOf(books: Books, number: number, amount: number, asker: Asker): LinkLimit {
  const { ledger, topology, config } = books;
  const link = topology.linkList[number] as Link;
  const own = asker.own === null ? undefined : ledger.holds.get(asker.own);
  const all = rowOf(ledger.links, number);
  const row = own === undefined ? all : rowWith(all, number, { before: own, after: null, now: ledger.now });
  const floor = Math.max(link.floor, asker.extraFloor ?? 0, own?.applicationFloor ?? 0);
  const usable = link.capacity - scale(link.capacity, config.headroomFraction) - amount;
  if (row.asks.length === 0) return { taken: row.guaranteed, most: usable - floor };
  return { taken: withFloors(row, floor), most: usable };
}

/** Guarantees and the larger of both floors, over all time. */
function withFloors(row: LinkRow, floor: number): Calendar {
  const always = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  return calendarOf(
    segments(row.raised, always).flatMap((part) =>
      segments(row.guaranteed, part).map(({ from, value }) => ({
        from,
        value: value + Math.max(floor, part.value),
      })),
    ),
  );
}
