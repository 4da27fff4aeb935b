/**
 * The ledger against a naive one, which adds up all holds at every instant. Random streams of everything that can
 * happen to holds, and of time passing; what would break a promise is left out, after both have said so.
 */
import { bitsPerSec, instant, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReservationId } from '../ids.ts';
import { type Books, earliestFit, tenantUse, type Way } from './index.ts';
import { sumsOf } from './ledger.ts';
import { windowOf } from './testing/naive.ts';
import { act, KINDS, LINKS, linkOf, Pair, uses, WAYS } from './testing/pair.ts';

/** On a busy machine; alone it takes a few seconds. */
const TIMEOUT_MS = 180_000;

describe('the ledger', { timeout: TIMEOUT_MS }, () => {
  it('answers like a naive one, whatever happens, and is empty when everything has ended', () => {
    const done = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(act, { minLength: 10, maxLength: 60 }), (acts) => {
        const pair = new Pair();
        for (const [index, one] of acts.entries()) {
          if (pair.play(one)) done.set(one[0], (done.get(one[0]) ?? 0) + 1);
          pair.compare(index);
        }
        pair.end();
      }),
      { numRuns: 500 },
    );
    // A property that never gets anywhere proves nothing.
    for (const kind of KINDS) expect(done.get(kind), kind).toBeGreaterThan(300);
  });

  it('finds the earliest window that a naive search finds', () => {
    const seen = { now: 0, later: 0, never: 0 };
    const query = fc.tuple(
      fc.array(act, { minLength: 20, maxLength: 60 }),
      fc.nat(9999),
      fc.integer({ min: 100, max: 850 }),
      fc.nat(400),
    );
    fc.assert(
      fc.property(query, ([acts, pick, rate, lasting]) => {
        const pair = new Pair();
        for (const one of acts) pair.play(one);
        const way = WAYS[pick % WAYS.length] as Way;
        const duration = pick % 5 === 0 ? null : lasting;
        const own = pair.pickHold(pick)?.id ?? null;
        const asker = {
          own: pick % 2 === 0 ? (own as ReservationId | null) : null,
          extraFloor: pick % 7 === 0 ? bitsPerSec(pick % 300) : null,
        };
        const found = earliestFit(pair.books, way, {
          rate: bitsPerSec(rate),
          duration: duration === null ? null : millis(duration),
          after: instant(pair.now),
          asker,
        });
        expect(found).toBe(naiveFit(pair, way, { rate, duration, ...asker }));
        seen[found === null ? 'never' : found === pair.now ? 'now' : 'later'] += 1;
      }),
      { numRuns: 500 },
    );
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20);
  });

  it('leaves every ledger as it was when newer ones are made of it', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 10, maxLength: 40 }), (acts) => {
        const pair = new Pair();
        const kept: { readonly books: Books; readonly told: string }[] = [];
        for (const one of acts) {
          pair.play(one);
          kept.push({ books: pair.books, told: digest(pair.books) });
        }
        pair.end();
        for (const { books, told } of kept) expect(digest(books)).toBe(told);
      }),
      { numRuns: 50 },
    );
  });
});

/** Candidates are now and every end of a promise, for only there room can begin. */
function naiveFit(
  { naive, now }: Pair,
  way: Way,
  query: {
    readonly rate: number;
    readonly duration: number | null;
    readonly own: number | null;
    readonly extraFloor: number | null;
  },
): number | null {
  const { rate, duration, own, extraFloor } = query;
  const candidates = naive.instants(windowOf(now, null)).toSorted((a, b) => a - b);
  const fits = (from: number) =>
    uses(way, rate, naive.back(rate)).every(([link, amount]) => {
      const window = windowOf(from, duration === null ? null : from + duration);
      return naive
        .instants(window)
        .every((at) => naive.margin(linkOf(link), at, own, extraFloor ?? 0) >= amount);
    });
  return candidates.find(fits) ?? null;
}

/** All that a ledger says. */
const digest = (books: Books): string => {
  const { ledger } = books;
  const sums = sumsOf(ledger);
  return JSON.stringify([
    [...ledger.holds.values()],
    [...ledger.joined],
    LINKS.map((_, number) => {
      const { guaranteed, asks, ...counts } = sums.link(number);
      return [counts, asks.length, guaranteed.segments({ from: ledger.now, until: 1e9 })];
    }),
    ['t1', 't2', 't3'].map((tenant) => tenantUse(ledger, tenant, windowOf(ledger.now, null))),
  ]);
};
