/** Timelines of many blocks, against a list of amounts that is added up anew for every question. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Stretch, Timeline } from './timeline.ts';

interface Amount extends Stretch {
  readonly amount: number;
}
const FOREVER = Number.POSITIVE_INFINITY;
const LONG_AGO = Number.NEGATIVE_INFINITY;

const timeline = (
  ...amounts: readonly (readonly [from: number, until: number, amount: number])[]
): Timeline => {
  const made = new Timeline();
  for (const [from, until, amount] of amounts) made.add({ from, until }, amount, LONG_AGO);
  return made;
};
const all = (of: Timeline) => of.segments({ from: LONG_AGO, until: FOREVER });

describe('a timeline', () => {
  it('counts what is under way at an instant, from its first to just before its last', () => {
    const two = timeline([10, 20, 5], [15, FOREVER, 2]);
    expect([9, 10, 14, 15, 19, 20, 1e12].map((at) => two.valueAt(at))).toEqual([0, 5, 5, 7, 7, 2, 2]);
    expect(two.peak({ from: 0, until: 10 })).toBe(0);
    expect(two.peak({ from: 0, until: 15 })).toBe(5);
    expect(two.peak({ from: 20, until: FOREVER })).toBe(2);
    expect(two.peak({ from: 17, until: 17 })).toBe(7);
    expect(two.segments({ from: 12, until: 30 })).toEqual([
      { from: 12, until: 15, value: 5 },
      { from: 15, until: 20, value: 7 },
      { from: 20, until: 30, value: 2 },
    ]);
  });

  it('keeps nothing of amounts that meet, or that are taken away again', () => {
    const meeting = timeline([10, 20, 5], [20, 30, 5]);
    expect(all(meeting)).toEqual(all(timeline([10, 30, 5])));
    meeting.add({ from: 10, until: 30 }, -5, LONG_AGO);
    expect(meeting.isFlat).toBe(true);
  });

  it('forgets what is past when it is changed, not what still goes on', () => {
    const later = timeline([10, 20, 5], [10, 100, 1]);
    later.add({ from: 60, until: 70 }, 2, 50);
    expect(later.length).toBe(3);
    expect([50, 60, 70, 100].map((at) => later.valueAt(at))).toEqual([1, 3, 1, 0]);
    later.add({ from: 60, until: 70 }, -2, 50);
    later.add({ from: 10, until: 100 }, -1, 50);
    expect(later.isFlat).toBe(true);
  });

  it.each([15, 20])('takes away what has begun or ended in the meantime, by %d', (now) => {
    const one = timeline([10, 20, 5]);
    one.add({ from: 10, until: 20 }, -5, now);
    expect(one.isFlat).toBe(true);
  });

  it('finds the first room that lasts long enough', () => {
    const busy = timeline([10, 20, 5], [25, 30, 5]);
    expect(busy.firstRoom({ after: 0, duration: 10, most: 4 })).toBe(0);
    expect(busy.firstRoom({ after: 0, duration: 11, most: 4 })).toBe(30);
    expect(busy.firstRoom({ after: 12, duration: 5, most: 4 })).toBe(20);
    expect(busy.firstRoom({ after: 12, duration: FOREVER, most: 4 })).toBe(30);
    busy.add({ from: 40, until: FOREVER }, 5, LONG_AGO);
    expect(busy.firstRoom({ after: 0, duration: 60, most: 4 })).toBe(null);
  });

  it('answers like a list of a thousand amounts, after most of them are gone and time has passed', () => {
    const amount = fc.record({
      from: fc.integer({ min: 0, max: 3000 }),
      length: fc.integer({ min: 1, max: 400 }),
      amount: fc.integer({ min: 1, max: 50 }),
      isOpen: fc.nat(60).map((pick) => pick === 0),
    });
    const amounts = fc.array(amount, { minLength: 100, maxLength: 900 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 2, max: 9 }), fc.nat(1500), (list, kept, now) => {
        const tested = new Timeline();
        let here: Amount[] = [];
        for (const { from, length, amount: size, isOpen } of list) {
          const one = { from, until: isOpen ? FOREVER : from + length, amount: size };
          tested.add(one, size, 0);
          here.push(one);
        }
        compare(tested, here, 0);
        const copy = tested.copy();
        for (const [index, one] of here.entries())
          if (index % kept !== 0) tested.add(one, -one.amount, index < 50 ? 0 : now);
        compare(copy, here, 0);
        here = here.filter((_, index) => index % kept === 0);
        tested.add({ from: now, until: FOREVER }, 0, now);
        compare(tested, here, now);
        for (const one of here) tested.add(one, -one.amount, now);
        expect(tested.isFlat).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

function compare(tested: Timeline, amounts: readonly Amount[], now: number): void {
  const at = (time: number) =>
    amounts.reduce((sum, one) => (one.from <= time && time < one.until ? sum + one.amount : sum), 0);
  const edges = [...new Set(amounts.flatMap(({ from, until }) => [from, until]))].toSorted((a, b) => a - b);
  const times = [now, ...edges.filter((time) => time > now && time < FOREVER)];
  const values = times.map((time) => ({ time, value: at(time) }));
  expect(
    tested.segments({ from: now, until: FOREVER }).map(({ from, value }) => ({ time: from, value })),
  ).toEqual(values.filter(({ value }, index) => index === 0 || value !== values[index - 1]?.value));
  for (let from = now; from < 3600; from += 157) {
    expect(tested.valueAt(from)).toBe(at(from));
    for (const length of [0, 1, 90, 1000, FOREVER]) {
      const inside = values.filter(({ time }) => time > from && time < from + length);
      const most = Math.max(at(from), ...inside.map(({ value }) => value));
      expect(tested.peak({ from, until: from + length })).toBe(most);
    }
    for (const most of [at(from), at(from) - 1, 100])
      for (const duration of [1, 40, 500, FOREVER])
        expect(tested.firstRoom({ after: from, duration, most })).toBe(
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
