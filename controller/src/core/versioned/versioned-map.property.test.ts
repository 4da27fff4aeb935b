/**
 * Versioned maps and sets against plain ones that are copied at every change: random histories in which any version
 * made so far is changed, asked or walked through, in any order. fast-check prints the seed of a counterexample.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VersionedMap, VersionedSet } from './index.ts';

const KEYS = 12;
/** Of a busy machine. */
const TIME_LIMIT_MS = 60_000;
const ALL_KEYS = Array.from({ length: KEYS }, (_, key) => key);

/** `version` counts back from the newest, so that a line of steps with a look back now and then is the usual case. */
const act = fc.record({
  version: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.nat(60) }),
  kind: fc.constantFrom('set', 'set', 'set', 'delete', 'delete', 'get', 'walk', 'first'),
  key: fc.nat(KEYS - 1),
  value: fc.nat(5),
});

interface Pair {
  readonly map: VersionedMap<number, number>;
  readonly plain: ReadonlyMap<number, number>;
}

const changed = ({ plain }: Pair, change: (copy: Map<number, number>) => void) => {
  const copy = new Map(plain);
  change(copy);
  return copy;
};

const sameAsPlain = ({ map, plain }: Pair) => {
  expect(map.size).toBe(plain.size);
  expect([...map]).toEqual([...plain]);
  expect(map.firstKey()).toBe(plain.keys().next().value);
  const asked = (one: ReadonlyMap<number, number>) => ALL_KEYS.map((key) => [one.has(key), one.get(key)]);
  expect(asked(map)).toEqual(asked(plain));
};

describe('a versioned map', () => {
  it(
    'is in every version what a map that is copied at each change would be',
    () => {
      let branched = 0;
      fc.assert(
        fc.property(fc.array(act, { minLength: 1, maxLength: 150, size: 'max' }), (acts) => {
          const pairs: Pair[] = [{ map: VersionedMap.of<number, number>(), plain: new Map() }];
          for (const { version, kind, key, value } of acts) {
            const pair = pairs[Math.max(0, pairs.length - 1 - version)] as Pair;
            const { map, plain } = pair;
            if (version > 0 && kind === 'set') branched += 1;
            if (kind === 'set')
              pairs.push({ map: map.set(key, value), plain: changed(pair, (copy) => copy.set(key, value)) });
            else if (kind === 'delete')
              pairs.push({ map: map.delete(key), plain: changed(pair, (copy) => copy.delete(key)) });
            else if (kind === 'get') expect(map.get(key)).toBe(plain.get(key));
            else if (kind === 'first') expect(map.firstKey()).toBe(plain.keys().next().value);
            else expect([...map.values()]).toEqual([...plain.values()]);
          }
          for (const pair of pairs) sameAsPlain(pair);
          for (const pair of pairs.reverse()) sameAsPlain(pair);
        }),
        { numRuns: 200 },
      );
      expect(branched).toBeGreaterThan(1000);
    },
    TIME_LIMIT_MS,
  );

  it(
    'is walked through as it is, whatever is made of it or asked meanwhile',
    () => {
      fc.assert(
        fc.property(fc.array(act, { minLength: 5, maxLength: 60 }), fc.nat(KEYS), (acts, size) => {
          const plain = new Map(Array.from({ length: size }, (_, key) => [key, key] as const));
          const map = VersionedMap.of(plain);
          const others = [map];
          const walked: [number, number][] = [];
          let turn = 0;
          for (const entry of map) {
            walked.push(entry);
            for (let count = 0; count < 5; count += 1) {
              const { version, kind, key, value } = acts[turn++ % acts.length] as (typeof acts)[number];
              const other = others[Math.max(0, others.length - 1 - version)] as typeof map;
              if (kind === 'set') others.push(other.set(key, value));
              else if (kind === 'delete') others.push(other.delete(key));
              else other.get(key);
            }
          }
          expect(walked).toEqual([...plain]);
        }),
        { numRuns: 300 },
      );
    },
    TIME_LIMIT_MS,
  );

  it('compared with another version of itself entry by entry, is equal only if both say the same in order', () => {
    const one = VersionedMap.of(Array.from({ length: 100 }, (_, key) => [key, { key }] as const));
    const other = one.set(7, { key: 8 });
    expect(other).not.toEqual(one);
    expect(other.set(7, { key: 7 })).toEqual(one);
    expect(one.delete(3).set(3, { key: 3 })).not.toEqual(one);
  });

  it('is the same map when nothing changes', () => {
    const map = VersionedMap.of([['a', 1]]);
    expect(map.set('a', 1)).toBe(map);
    expect(map.delete('b')).toBe(map);
  });

  it('keeps its order while entries come at the end and go at the front', () => {
    let map = VersionedMap.of<number, number>();
    for (let turn = 0; turn < 5000; turn += 1) {
      map = map.set(turn, turn);
      if (map.size > 100) map = map.delete(map.firstKey() ?? -1);
    }
    expect([...map.keys()]).toEqual(Array.from({ length: 100 }, (_, index) => 4900 + index));
  });
});

describe('a versioned set', () => {
  it(
    'is in every version what a set that is copied at each change would be',
    () => {
      fc.assert(
        fc.property(fc.array(act, { minLength: 1, maxLength: 80, size: 'max' }), (acts) => {
          const pairs = [{ set: VersionedSet.of<number>(), plain: new Set<number>() }];
          for (const { version, kind, key } of acts) {
            const { set, plain } = pairs[Math.max(0, pairs.length - 1 - version)] as (typeof pairs)[number];
            const copy = new Set(plain);
            if (kind === 'set') copy.add(key);
            else copy.delete(key);
            pairs.push({ set: kind === 'set' ? set.add(key) : set.delete(key), plain: copy });
          }
          for (const { set, plain } of pairs) {
            expect([...set]).toEqual([...plain]);
            expect([set.size, set.first()]).toEqual([plain.size, plain.values().next().value]);
            for (let key = 0; key < KEYS; key += 1) expect(set.has(key)).toBe(plain.has(key));
          }
        }),
        { numRuns: 100 },
      );
    },
    TIME_LIMIT_MS,
  );
});
