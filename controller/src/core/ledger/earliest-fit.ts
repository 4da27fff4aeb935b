/** The calendar asked for a time: from when on every link of a way has room for as long as it is needed. */
import { type BitsPerSec, type Instant, instant, type Millis, scale } from '@sluice/units';
import type { Link } from '../state.ts';
import { type Asker, type Books, NOBODY } from './account.ts';
import { floorsOver } from './floors.ts';
import { reverseRateOf, stretchOf, type Way } from './hold.ts';
import { numberOf, sumsOf } from './ledger.ts';
import { type FloorAsk, guaranteeOn } from './sums.ts';
import type { Timeline } from './timeline.ts';

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
      const room = taken.firstRoom({ after: candidate, duration, most });
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
  readonly taken: Timeline;
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
  // Numbers come from the topology.
  const link = topology.linkList[number] as Link;
  const own = asker.own === null ? undefined : ledger.holds.get(asker.own);
  const { guaranteed: all, asks } = sumsOf(ledger).link(number);
  let guaranteed = all;
  if (own !== undefined && guaranteeOn(own, number) > 0) {
    guaranteed = all.copy();
    guaranteed.add(stretchOf(own.window), -guaranteeOn(own, number), ALWAYS);
  }
  const floor = Math.max(link.floor, asker.extraFloor ?? 0, own?.applicationFloor ?? 0);
  const usable = link.capacity - scale(link.capacity, config.headroomFraction) - amount;
  if (asks.length === 0) return { taken: guaranteed, most: usable - floor };
  return { taken: withFloors(guaranteed, asks, floor), most: usable };
}

/** As what is past: nothing is forgotten. */
const ALWAYS = Number.NEGATIVE_INFINITY;

/** Guarantees and the larger of both floors, over all time. */
function withFloors(guaranteed: Timeline, asks: readonly FloorAsk[], floor: number): Timeline {
  const taken = guaranteed.copy();
  for (const part of floorsOver(asks, { from: ALWAYS, until: Number.POSITIVE_INFINITY }))
    taken.add(part, Math.max(floor, part.value), ALWAYS);
  return taken;
}
