/** A set that is a value, as `VersionedMap` is: in order of insertion, all versions on one store. */
import { VersionedMap } from './versioned-map.ts';

export class VersionedSet<T> implements ReadonlySet<T> {
  readonly #members: VersionedMap<T, true>;

  private constructor(members: VersionedMap<T, true>) {
    this.#members = members;
  }

  static of<T>(members: Iterable<T> = []): VersionedSet<T> {
    return new VersionedSet(VersionedMap.of(Array.from(members, (member) => [member, true] as const)));
  }

  get size(): number {
    return this.#members.size;
  }

  has(member: T): boolean {
    return this.#members.has(member);
  }

  /** With one more at the end. The same set when it is there already. */
  add(member: T): VersionedSet<T> {
    return this.#with(this.#members.set(member, true));
  }

  delete(member: T): VersionedSet<T> {
    return this.#with(this.#members.delete(member));
  }

  /** The one that came first of those that are there. */
  first(): T | undefined {
    return this.#members.firstKey();
  }

  *entries(): Generator<[T, T], undefined, unknown> {
    for (const member of this.#members.keys()) yield [member, member];
    return undefined;
  }

  keys(): Generator<T, undefined, unknown> {
    return this.#members.keys();
  }

  values(): Generator<T, undefined, unknown> {
    return this.#members.keys();
  }

  [Symbol.iterator](): Generator<T, undefined, unknown> {
    return this.#members.keys();
  }

  forEach(visit: (member: T, again: T, set: ReadonlySet<T>) => void): void {
    for (const member of this.#members.keys()) visit(member, member, this);
  }

  #with(members: VersionedMap<T, true>): VersionedSet<T> {
    return members === this.#members ? this : new VersionedSet(members);
  }
}
