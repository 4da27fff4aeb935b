/**
 * Inputs that wait for the core, in the order in which they were heard. What the next one of its kind replaces
 * anyway (ticks, loads, heartbeats) waits once at most per sender, so a slow moment cannot fill the queue with it.
 */
import type { Heard } from './core/index.ts';

/** At 12 hosts and 20 migrations some 60 inputs a second come; this is minutes of them. */
export const INPUT_QUEUE_MAX = 10_000;

export class InputQueue {
  readonly #waiting: Heard[] = [];
  /** Inputs for which there was no room. */
  dropped = 0;

  get length(): number {
    return this.#waiting.length;
  }

  /** false = no room: the input is lost. */
  push(heard: Heard): boolean {
    const key = replaceableBy(heard);
    if (key !== null) {
      const index = this.#waiting.findIndex((other) => replaceableBy(other) === key);
      if (index >= 0) this.#waiting.splice(index, 1);
    }
    if (this.#waiting.length >= INPUT_QUEUE_MAX) {
      this.dropped += 1;
      return false;
    }
    this.#waiting.push(heard);
    return true;
  }

  shift(): Heard | undefined {
    return this.#waiting.shift();
  }
}

/** Inputs with the same text replace each other; null = every one counts. */
function replaceableBy(heard: Heard): string | null {
  if (heard.kind === 'tick' || heard.kind === 'link_load_measured') return heard.kind;
  if (heard.kind === 'agent_reported' && heard.report.kind === 'nic_load') return `nic_load ${heard.hostId}`;
  return null;
}
