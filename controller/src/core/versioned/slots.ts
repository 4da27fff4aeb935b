/**
 * Entries of a map in the order in which they came, changed in place: the one store behind many versions of a
 * `VersionedMap`. Every entry has a place and keeps it for good; one that goes leaves its place empty. So a change is a
 * place and what was there before, and taking it back leaves exactly what was, order included.
 * Places stay below the end of both arrays, hence the casts.
 */

/** In the place of a value: nobody is there. */
export const NOBODY = Symbol('nobody');
export type Held<V> = V | typeof NOBODY;

export class Slots<K, V> {
  #places: Map<K, number>;
  #keys: (K | undefined)[];
  readonly #values: Held<V>[];
  /** Another store has the same keys: whoever of both gets or loses one copies them first. */
  #sharesKeys = false;
  /** Nobody is before it. */
  #front = 0;
  #changes = 0;

  constructor(places: Map<K, number> = new Map(), keys: (K | undefined)[] = [], values: Held<V>[] = []) {
    this.#places = places;
    this.#keys = keys;
    this.#values = values;
  }

  /** Beyond the last place that is taken: where the next entry goes. */
  get end(): number {
    return this.#values.length;
  }

  /** How many times an entry has been changed since this store was made; taking back does not count. */
  get changes(): number {
    return this.#changes;
  }

  placeOf(key: K): number | undefined {
    return this.#places.get(key);
  }

  keyAt(place: number): K {
    return this.#keys[place] as K;
  }

  valueAt(place: number): Held<V> {
    return this.#values[place] as Held<V>;
  }

  get(key: K): V | undefined {
    const place = this.#places.get(key);
    // Whoever has a place is there.
    return place === undefined ? undefined : (this.#values[place] as V);
  }

  /** The first place that is taken; the end when none is. */
  firstPlace(): number {
    while (this.#front < this.#values.length && this.#values[this.#front] === NOBODY) this.#front += 1;
    return this.#front;
  }

  /** As `put`, for the first time. */
  change(place: number, key: K, value: Held<V>): Held<V> {
    this.#changes += 1;
    return this.put(place, key, value);
  }

  /** Puts an entry, or nobody, in a place, which is empty or has the same key. @returns what was there. */
  put(place: number, key: K, value: Held<V>): Held<V> {
    const before = place < this.#values.length ? this.valueAt(place) : NOBODY;
    if (before !== NOBODY && value !== NOBODY) this.#values[place] = value;
    else if (value !== NOBODY) this.#enter(place, key, value);
    else if (before !== NOBODY) this.#leave(place, key);
    return before;
  }

  /** The same entries in the same places, for somebody else to change. Most changes leave the keys as they are. */
  copy(): Slots<K, V> {
    const copy = new Slots(this.#places, this.#keys, [...this.#values]);
    copy.#front = this.#front;
    copy.#sharesKeys = true;
    this.#sharesKeys = true;
    return copy;
  }

  /** More places are empty than taken. */
  get isSparse(): boolean {
    return this.#places.size * 2 < this.#values.length;
  }

  /** The same entries in the same order, with no place empty. */
  packed(): Slots<K, V> {
    const packed = new Slots<K, V>();
    this.#values.forEach((value, place) => {
      if (value !== NOBODY) packed.put(packed.end, this.keyAt(place), value);
    });
    return packed;
  }

  #enter(place: number, key: K, value: V): void {
    this.#ownKeys();
    while (place >= this.#values.length) {
      this.#keys.push(undefined);
      this.#values.push(NOBODY);
    }
    this.#keys[place] = key;
    this.#values[place] = value;
    this.#places.set(key, place);
    if (place < this.#front) this.#front = place;
  }

  /** What is added and taken back at once leaves no empty places behind. */
  #leave(place: number, key: K): void {
    this.#ownKeys();
    this.#keys[place] = undefined;
    this.#values[place] = NOBODY;
    this.#places.delete(key);
    while (this.#values.at(-1) === NOBODY) {
      this.#values.pop();
      this.#keys.pop();
    }
  }

  #ownKeys(): void {
    if (!this.#sharesKeys) return;
    this.#places = new Map(this.#places);
    this.#keys = [...this.#keys];
    this.#sharesKeys = false;
  }
}
