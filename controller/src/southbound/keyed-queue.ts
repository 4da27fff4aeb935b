/** Jobs that share a key run one after another, in the order in which they were given; others run side by side. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(keys: Iterable<string>, job: () => Promise<T>): Promise<T> {
    const mine = [...new Set(keys)];
    const before = Promise.all(mine.map((key) => this.#tails.get(key)));
    const result = before.then(job);
    const settled = result.then(
      () => {},
      () => {},
    );
    for (const key of mine) this.#tails.set(key, settled);
    void settled.then(() => {
      for (const key of mine) if (this.#tails.get(key) === settled) this.#tails.delete(key);
    });
    return result;
  }
}
