/** Calendars long enough to have many chunks, against a list of amounts that is added up anew for every question. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { added, type Calendar, FLAT, firstRoom, isFlat, peak, segments, valueAt } from './calendar.ts';

interface Amount {
  readonly from: number;
  readonly until: number;
  readonly amount: number;
}
const FOREVER = Number.POSITIVE_INFINITY;

describe('a calendar', () => {
  it('counts what is under way at an instant, from its first to just before its last', () => {
    const one = added(FLAT, { from: 10, until: 20 }, 5, 0);
    const two = added(one, { from: 15, until: FOREVER }, 2, 0);
    expect([9, 10, 14, 15, 19, 20, 1e12].map((at) => valueAt(two, at))).toEqual([0, 5, 5, 7, 7, 2, 2]);
    expect(peak(two, { from: 0, until: 10 })).toBe(0);
    expect(peak(two, { from: 0, until: 15 })).toBe(5);
    expect(peak(two, { from: 20, until: FOREVER })).toBe(2);
    expect(peak(two, { from: 17, until: 17 })).toBe(7);
    expect(segments(two, { from: 12, until: 30 })).toEqual([
      { from: 12, until: 15, value: 5 },
      { from: 15, until: 20, value: 7 },
      { from: 20, until: 30, value: 2 },
    ]);
  });

  it('keeps nothing of amounts that meet, or that are taken away again', () => {
    const first = added(FLAT, { from: 10, until: 20 }, 5, 0);
    const whole = added(first, { from: 20, until: 30 }, 5, 0);
    expect(whole).toEqual(added(FLAT, { from: 10, until: 30 }, 5, 0));
    expect(isFlat(added(whole, { from: 10, until: 30 }, -5, 0))).toBe(true);
  });

  it('forgets what is past when it is written, not what still goes on', () => {
    const both = added(added(FLAT, { from: 10, until: 20 }, 5, 0), { from: 10, until: 100 }, 1, 0);
    const later = added(both, { from: 60, until: 70 }, 2, 50);
    expect(later).toEqual({ base: 1, chunks: [expect.objectContaining({ times: [60, 70, 100] })] });
    expect(
      isFlat(added(added(later, { from: 60, until: 70 }, -2, 50), { from: 10, until: 100 }, -1, 50)),
    ).toBe(true);
  });

  it('takes away what has begun or ended in the meantime', () => {
    const one = added(FLAT, { from: 10, until: 20 }, 5, 0);
    expect(isFlat(added(one, { from: 10, until: 20 }, -5, 15))).toBe(true);
    expect(isFlat(added(one, { from: 10, until: 20 }, -5, 20))).toBe(true);
  });

  it('finds the first room that lasts long enough', () => {
    const busy = added(added(FLAT, { from: 10, until: 20 }, 5, 0), { from: 25, until: 30 }, 5, 0);
    expect(firstRoom(busy, { after: 0, duration: 10, most: 4 })).toBe(0);
    expect(firstRoom(busy, { after: 0, duration: 11, most: 4 })).toBe(30);
    expect(firstRoom(busy, { after: 12, duration: 5, most: 4 })).toBe(20);
    expect(firstRoom(busy, { after: 12, duration: FOREVER, most: 4 })).toBe(30);
    expect(
      firstRoom(added(busy, { from: 40, until: FOREVER }, 5, 0), { after: 0, duration: 60, most: 4 }),
    ).toBe(null);
  });

  it('answers like a list of a thousand amounts, after most of them are gone and time has passed', () => {
    const amount = fc.record({
      from: fc.integer({ min: 0, max: 3000 }),
      length: fc.integer({ min: 1, max: 400 }),
      amount: fc.integer({ min: 1, max: 50 }),
      isOpen: fc.nat(60).map((pick) => pick === 0),
    });
    const amounts = fc.array(amount, { minLength: 300, maxLength: 1000 });
    let chunksMost = 0;
    fc.assert(
      fc.property(amounts, fc.integer({ min: 2, max: 9 }), fc.nat(1500), (list, kept, now) => {
        let calendar = FLAT;
        let here: Amount[] = [];
        for (const { from, length, amount: size, isOpen } of list) {
          const one = { from, until: isOpen ? FOREVER : from + length, amount: size };
          calendar = added(calendar, one, size, 0);
          here.push(one);
        }
        chunksMost = Math.max(chunksMost, calendar.chunks.length);
        compare(calendar, here, 0);
        for (const [index, one] of here.entries())
          if (index % kept !== 0) calendar = added(calendar, one, -one.amount, index % 2 === 0 ? 0 : now);
        here = here.filter((_, index) => index % kept === 0);
        calendar = added(calendar, { from: now, until: FOREVER }, 0, now);
        compare(calendar, here, now);
        for (const one of here) calendar = added(calendar, one, -one.amount, now);
        expect(isFlat(calendar)).toBe(true);
      }),
      { numRuns: 25 },
    );
    expect(chunksMost).toBeGreaterThan(8);
  });
});

function compare(calendar: Calendar, amounts: readonly Amount[], now: number): void {
  const at = (time: number) =>
    amounts.reduce((sum, one) => (one.from <= time && time < one.until ? sum + one.amount : sum), 0);
  const edges = [...new Set(amounts.flatMap(({ from, until }) => [from, until]))].toSorted((a, b) => a - b);
  const told = segments(calendar, { from: now, until: FOREVER });
  const times = [now, ...edges.filter((time) => time > now && time < FOREVER)];
  const values = times.map((time) => ({ time, value: at(time) }));
  expect(values.filter(({ value }, index) => index === 0 || value !== values[index - 1]?.value)).toEqual(
    told.map(({ from, value }) => ({ time: from, value })),
  );
  for (let from = now; from < 3600; from += 157) {
    expect(valueAt(calendar, from)).toBe(at(from));
    for (const length of [0, 1, 90, 1000, FOREVER]) {
      const inside = values.filter(({ time }) => time > from && time < from + length);
      const most = Math.max(at(from), ...inside.map(({ value }) => value));
      expect(peak(calendar, { from, until: from + length })).toBe(most);
    }
    for (const most of [at(from), at(from) - 1, 100])
      for (const duration of [1, 40, 500, FOREVER])
        expect(firstRoom(calendar, { after: from, duration, most })).toBe(
          naiveRoom(values, { after: from, value: at(from), duration, most }),
        );
  }
}

function naiveRoom(
  values: readonly { readonly time: number; readonly value: number }[],
  wanted: {
    readonly after: number;
    readonly value: number;
    readonly duration: number;
    readonly most: number;
  },
): number | null {
  const { after, duration, most } = wanted;
  const coming = [{ time: after, value: wanted.value }, ...values.filter(({ time }) => time > after)];
  let candidate: number | null = null;
  for (const { time, value } of coming) {
    if (candidate !== null && candidate + duration <= time) return candidate;
    if (value > most) candidate = null;
    else candidate ??= time;
  }
  return candidate;
}
