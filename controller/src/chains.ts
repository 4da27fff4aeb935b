/** Work that must happen one after another under the same name, and beside everything under other names. */
export class Chains {
  readonly #tails = new Map<string, Promise<void>>();

  /** Work that rejects does not break its chain: the next goes on. */
  run(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(name) ?? Promise.resolve();
    const tail = before.then(work).catch(() => {});
    this.#tails.set(name, tail);
    void tail.then(() => {
      if (this.#tails.get(name) === tail) this.#tails.delete(name);
    });
    return tail;
  }

  /** Resolves when what is in this chain now has ended. */
  after(name: string): Promise<void> {
    return this.#tails.get(name) ?? Promise.resolve();
  }

  /** Resolves when nothing is left to do, also of what was added meanwhile. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }
}

/** One wish at a time, always the newest: what came in between is not carried out. */
export class LatestWins<T> {
  readonly #carryOut: (wish: T) => Promise<void>;
  #next: { readonly wish: T } | null = null;
  #running: Promise<void> | null = null;

  constructor(carryOut: (wish: T) => Promise<void>) {
    this.#carryOut = carryOut;
  }

  want(wish: T): void {
    this.#next = { wish };
    this.#running ??= this.#run();
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#next) {
      const { wish } = this.#next;
      this.#next = null;
      await this.#carryOut(wish).catch(() => {});
    }
    this.#running = null;
  }
}
