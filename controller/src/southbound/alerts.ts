/** Findings against the inventory and the promises of switches: kept for status(), told once each. */
import { ALERTS_MAX } from './limits.ts';
import type { TakeNote } from './note.ts';

export interface Alert {
  readonly kind: string;
  readonly detail: string;
}

export class Alerts {
  readonly #note: TakeNote;
  readonly #alerts = new Map<string, Alert>();

  constructor(note: TakeNote) {
    this.#note = note;
  }

  raise(kind: string, detail: string): void {
    const key = `${kind} ${detail}`;
    if (this.#alerts.has(key)) return;
    this.#alerts.set(key, { kind, detail });
    const oldest = this.#alerts.keys().next().value;
    if (this.#alerts.size > ALERTS_MAX && oldest !== undefined) this.#alerts.delete(oldest);
    this.#note({ level: 'warn', event: 'network_alert', detail: { kind, detail } });
  }

  list(): readonly Alert[] {
    return [...this.#alerts.values()];
  }
}
