/**
 * A map that is a value: `set` and `delete` give another one and leave this one as it was. All versions share one store
 * after Baker, Shallow Binding Makes Functional Arrays Fast (SIGPLAN Notices 26, 1991): the version that was used last
 * has it, every other one knows which change leads to it from its neighbour. So a line of versions, each made from the
 * last, costs what a plain `Map` costs, and whoever asks an older one has the changes in between taken back.
 *
 * Older versions point to newer ones and never the other way round, so what nobody holds any more is garbage. Whoever
 * holds an old version holds every value that has been replaced since. So a line ends after as many changes as the map
 * has entries; the next version begins another with a store of its own.
 *
 * Two versions that are asked in turns would take changes back for ever; so one that has paid as much for that as a copy
 * costs gets a store of its own, too. Iteration is in order of insertion, as with `Map`, and of one version, whatever is
 * made meanwhile.
 */
import { assert } from '@sluice/units';
import { type Held, NOBODY, Slots } from './slots.ts';

export class VersionedMap<K, V> implements ReadonlyMap<K, V> {
  readonly size: number;
  /** null for a version whose neighbour has them, or knows who has. */
  #slots: Slots<K, V> | null;
  #next: VersionedMap<K, V> | null = null;
  /** The change that leads from `#next` to this one. */
  #place = 0;
  #key: K | undefined = undefined;
  #value: Held<V> = NOBODY;
  /** Changes taken back to get here, since this version last had a store of its own. */
  #paid = 0;

  private constructor(slots: Slots<K, V>, size: number) {
    this.#slots = slots;
    this.size = size;
  }

  static of<K, V>(entries: Iterable<readonly [K, V]> = []): VersionedMap<K, V> {
    const slots = new Slots<K, V>();
    let size = 0;
    for (const [key, value] of entries) {
      const place = slots.placeOf(key);
      if (place === undefined) size += 1;
      slots.put(place ?? slots.end, key, value);
    }
    return new VersionedMap(slots, size);
  }

  get(key: K): V | undefined {
    return (this.#slots ?? this.#recall()).get(key);
  }

  has(key: K): boolean {
    return (this.#slots ?? this.#recall()).placeOf(key) !== undefined;
  }

  /** With another value in the key's place, or with the key as the last one. The same map when it says so already. */
  set(key: K, value: V): VersionedMap<K, V> {
    const slots = this.#slots ?? this.#recall();
    const place = slots.placeOf(key);
    if (place === undefined) return this.#changed(slots, slots.end, key, value, this.size + 1);
    return slots.valueAt(place) === value ? this : this.#changed(slots, place, key, value, this.size);
  }

  delete(key: K): VersionedMap<K, V> {
    const slots = this.#slots ?? this.#recall();
    const place = slots.placeOf(key);
    return place === undefined ? this : this.#changed(slots, place, key, NOBODY, this.size - 1);
  }

  /** The key that came first of those that are there. */
  firstKey(): K | undefined {
    const slots = this.#slots ?? this.#recall();
    const place = slots.firstPlace();
    return place === slots.end ? undefined : slots.keyAt(place);
  }

  *entries(): Generator<[K, V], undefined, unknown> {
    for (let place = 0; ; place += 1) {
      // Asked anew each time: the caller may have made or asked another version meanwhile. Places stay.
      const slots = this.#slots ?? this.#recall();
      if (place >= slots.end) return undefined;
      const value = slots.valueAt(place);
      if (value !== NOBODY) yield [slots.keyAt(place), value];
    }
  }

  *keys(): Generator<K, undefined, unknown> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  *values(): Generator<V, undefined, unknown> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  [Symbol.iterator](): Generator<[K, V], undefined, unknown> {
    return this.entries();
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  #changed(slots: Slots<K, V>, place: number, key: K, value: Held<V>, size: number): VersionedMap<K, V> {
    if (slots.changes > LINE_MIN + size) return this.#beginAnew(slots, key, value, size);
    const before = slots.change(place, key, value);
    const next = new VersionedMap(slots, size);
    this.#leadFrom(next, place, key, before);
    return next;
  }

  /** The next version gets a store of its own, without empty places if they are many; this one keeps what it has. */
  #beginAnew(slots: Slots<K, V>, key: K, value: Held<V>, size: number): VersionedMap<K, V> {
    const own = slots.isSparse ? slots.packed() : slots.copy();
    own.put(own.placeOf(key) ?? own.end, key, value);
    return new VersionedMap(own, size);
  }

  /** Another version has the slots from now on. */
  #leadFrom(next: VersionedMap<K, V>, place: number, key: K, value: Held<V>): void {
    this.#slots = null;
    this.#next = next;
    this.#place = place;
    this.#key = key;
    this.#value = value;
  }

  #own(slots: Slots<K, V>): void {
    this.#slots = slots;
    this.#next = null;
    this.#key = undefined;
    this.#value = NOBODY;
  }

  /** Takes back, from the version that has the slots, what lies between it and this one. */
  #recall(): Slots<K, V> {
    const line: VersionedMap<K, V>[] = [];
    let at: VersionedMap<K, V> = this;
    while (at.#next !== null) {
      line.push(at);
      at = at.#next;
    }
    const slots = at.#slots;
    assert(slots, 'no version of the map has its entries');
    this.#paid += line.length;
    return this.#paid > LINE_MIN + slots.end ? this.#copied(slots, line) : this.#rerooted(slots, at, line);
  }

  #rerooted(slots: Slots<K, V>, root: VersionedMap<K, V>, line: VersionedMap<K, V>[]): Slots<K, V> {
    let at = root;
    for (const version of line.reverse()) {
      // A version that leads from another has a key.
      const key = version.#key as K;
      const before = slots.put(version.#place, key, version.#value);
      at.#leadFrom(version, version.#place, key, before);
      version.#own(slots);
      at = version;
    }
    return slots;
  }

  #copied(slots: Slots<K, V>, line: VersionedMap<K, V>[]): Slots<K, V> {
    const copy = slots.copy();
    // As above: these versions have keys.
    for (const version of line.reverse()) copy.put(version.#place, version.#key as K, version.#value);
    this.#own(copy);
    this.#paid = 0;
    return copy;
  }
}

/** Fewer changes than this are not worth a copy, however small the map. */
const LINE_MIN = 64;
