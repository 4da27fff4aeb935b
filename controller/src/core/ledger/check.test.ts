/** The check is a judge: it must see what is wrong, whichever way it is asked. */
import type { HostId } from '@sluice/topology';
import { bitsPerSec, instant } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { ReservationId } from '../ids.ts';
import { advance, type Books, checkLedger, type NewHold, place, release, setGuarantee } from './index.ts';
import { reservationOf, smallBooks, wayBetween, windowOf } from './testing/naive.ts';

const books = smallBooks();
const way = wayBetween(books, 'h1' as HostId, 'h3' as HostId, 's4');
const hold = (id: number, rate: number, changes: Partial<NewHold> = {}): NewHold => ({
  reservation: reservationOf(id, way, rate, Math.ceil(rate * 0.03)),
  guarantee: bitsPerSec(0),
  window: windowOf(0, null),
  applicationFloor: null,
  tenant: null,
  priority: 5,
  ...changes,
});
const holding = (...holds: readonly NewHold[]): Books => ({
  ...books,
  ledger: holds.reduce(place, books.ledger),
});
/** NICs of 1,000 bit/s, less 100 headroom and 50 floor. */
const FREE = 850;

describe('the check of the ledger', () => {
  const cases: readonly (readonly [string, Books, RegExp])[] = [
    ['current rates that a link has not', holding(hold(1, 600), hold(2, FREE - 599)), /promises 851 bit\/s/],
    [
      'guarantees that meet in a later window',
      holding(
        hold(1, 0, { guarantee: bitsPerSec(600), window: windowOf(100, 200) }),
        hold(2, 0, { guarantee: bitsPerSec(251), window: windowOf(199, 300) }),
      ),
      /guarantees 851 bit\/s at 199/,
    ],
    [
      'a floor that the current rates leave no room for',
      holding(hold(1, 600, { applicationFloor: bitsPerSec(301) })),
      /beside floor 301/,
    ],
    [
      'a floor that the guarantees leave no room for',
      holding(
        hold(1, 0, { guarantee: bitsPerSec(600), window: windowOf(0, 100) }),
        hold(2, 0, { applicationFloor: bitsPerSec(301), window: windowOf(99, null) }),
      ),
      /at 99 beside floor 301/,
    ],
  ];

  it.each(cases)('refuses %s, by all holds and by those that changed', (_, wrong, message) => {
    expect(() => checkLedger(wrong, instant(0))).toThrow(message);
    expect(() => checkLedger(wrong, instant(0), books.ledger)).toThrow(message);
  });

  it('lets guarantees of the past be what they were', () => {
    const late = holding(
      hold(1, 0, { guarantee: bitsPerSec(600), window: windowOf(100, 200) }),
      hold(2, 0, { guarantee: bitsPerSec(600), window: windowOf(150, 300) }),
    );
    expect(() => checkLedger(late, instant(199))).toThrow(/at 199/);
    expect(() => checkLedger(late, instant(200))).not.toThrow();
  });

  it('finds the books in order, full to the last bit, from one line of changes to another', () => {
    const full = holding(hold(1, FREE, { guarantee: bitsPerSec(FREE) }));
    expect(() => checkLedger(full, instant(0), books.ledger)).not.toThrow();
    const freed = { ...books, ledger: release(full.ledger, 1 as ReservationId) };
    expect(() => checkLedger(freed, instant(0), full.ledger)).not.toThrow();
    // Asked the other way round, an earlier ledger cannot know what led to it, and is counted whole.
    expect(() => checkLedger(full, instant(0), freed.ledger)).not.toThrow();
  });

  it('counts anew what an old ledger held when its past has long been forgotten', () => {
    const old = holding(hold(1, 0, { guarantee: bitsPerSec(300), window: windowOf(100, 200) }));
    const later = advance(old.ledger, instant(1_000_000));
    const now = setGuarantee(later, 1 as ReservationId, bitsPerSec(10), windowOf(1_000_000, null));
    checkLedger({ ...books, ledger: now }, instant(1_000_000));
    checkLedger(old, instant(0));
    checkLedger({ ...books, ledger: now }, instant(1_000_000));
  });
});
