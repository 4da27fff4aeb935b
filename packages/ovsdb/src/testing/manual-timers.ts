/** For tests: a clock that moves only when told. */
import type { Timers } from '../timers.ts';

export class ManualTimers implements Timers {
  #now = 0;
  #waiting: { readonly at: number; readonly run: () => void }[] = [];

  after(delayMs: number, run: () => void): () => void {
    const entry = { at: this.#now + delayMs, run };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  get now(): number {
    return this.#now;
  }

  advance(byMs: number): void {
    const end = this.#now + byMs;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.at;
      const due = next;
      this.#waiting = this.#waiting.filter((other) => other !== due);
      due.run();
    }
    this.#now = end;
  }

  #next(end: number) {
    return this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
