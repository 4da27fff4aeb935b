/** What is done about one migration, one thing after another, until it is over. */

type Task = () => Promise<void> | void;

export class Turns {
  readonly #trouble: (error: unknown) => Promise<void> | void;
  #last: Promise<void> = Promise.resolve();
  #isLookDue = false;
  #isOver = false;

  /** `trouble` hears of what a task throws, and the next one follows; what `trouble` throws is a fault of ours and ends all. */
  constructor(trouble: (error: unknown) => Promise<void> | void) {
    this.#trouble = trouble;
  }

  /** After all that is waiting; not at all when the migration is over by then. */
  take(task: Task): void {
    this.#last = this.#last.then(async () => {
      if (this.#isOver) return;
      try {
        await task();
      } catch (error) {
        await this.#trouble(error);
      }
    });
  }

  /** One look at a time: a hypervisor that does not answer must not pile them up. */
  lookSoon(look: Task): void {
    if (this.#isLookDue) return;
    this.#isLookDue = true;
    this.take(() => {
      this.#isLookDue = false;
      return look();
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  /** Resolves when all that was waiting has been done. */
  settled(): Promise<void> {
    return this.#last;
  }
}
