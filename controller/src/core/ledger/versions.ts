/**
 * One set of sums for all versions of a ledger, after Baker, Shallow Binding Makes Functional Arrays Fast (SIGPLAN
 * Notices 26, 1991): the version that was used last has them, every other one knows which change leads to it from its
 * neighbour. Whoever asks an older version has the changes taken back, exactly; so a ledger stays a value, and a line
 * of steps, each from the last, costs no copy. A version whose past has been forgotten counts its holds anew.
 */
import { assert } from '@sluice/units';
import type { Hold } from './hold.ts';
import { Sums } from './sums.ts';

/** What a ledger holds and since when; what the sums are of. */
export interface Counted {
  readonly now: number;
  readonly version: Version;
  readonly holds: { values(): Iterable<Hold> };
}

/** A hold as it was and as it is; null = there was or is none. */
export interface Change {
  readonly before: Hold | null;
  readonly after: Hold | null;
}

/** Nothing of it can be seen, so that ledgers with the same holds are equal. */
export class Version {
  #sums: Sums | null;
  /** From `#next` to this one; null for the version that has the sums. */
  #change: Change | null = null;
  #next: Version | null = null;

  private constructor(sums: Sums | null) {
    this.#sums = sums;
  }

  static first(): Version {
    return new Version(new Sums());
  }

  /** Another hold in the place of one; null = there was or is none. */
  changed({ now, holds }: Counted, before: Hold | null, after: Hold | null): Version {
    const sums = this.sums({ now, holds, version: this });
    sums.forget(now);
    sums.change(before, after);
    const next = new Version(sums);
    this.#sums = null;
    this.#change = { before: after, after: before };
    this.#next = next;
    return next;
  }

  /**
   * The changes from an earlier version to this one, in some order; null when that is not known any more or they are
   * more than `most`. Holds that came and went in between may be among them.
   */
  changesSince(earlier: Version, most: number): readonly Change[] | null {
    const changes: Change[] = [];
    let at: Version | null = earlier;
    while (at !== this) {
      if (at === null || at.#change === null || changes.length === most) return null;
      changes.push(at.#change);
      at = at.#next;
    }
    return changes;
  }

  /** Good until the next version is made or asked. */
  sums({ now, holds }: Counted): Sums {
    if (this.#sums !== null && this.#sums.since <= now) return this.#sums;
    this.#become(now, holds);
    assert(this.#sums, 'a version of the ledger has lost its sums');
    return this.#sums;
  }

  #become(now: number, holds: Counted['holds']): void {
    const line: Version[] = [];
    let at: Version = this;
    while (at.#next !== null) {
      line.push(at);
      at = at.#next;
    }
    const sums = at.#sums;
    if (sums === null || sums.since > now) {
      this.#countAnew(holds);
      return;
    }
    for (const version of line.reverse()) {
      const { before, after } = version.#change ?? { before: null, after: null };
      sums.change(before, after);
      at.#change = { before: after, after: before };
      at.#next = version;
      at.#sums = null;
      version.#change = null;
      version.#next = null;
      version.#sums = sums;
      at = version;
    }
  }

  #countAnew(holds: Counted['holds']): void {
    const sums = new Sums();
    for (const hold of holds.values()) sums.change(null, hold);
    this.#sums = sums;
    this.#change = null;
    this.#next = null;
  }
}
