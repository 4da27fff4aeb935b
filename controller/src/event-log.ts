/**
 * Everything worth telling, numbered: a bounded ring in memory for readers, and the store's stream behind it. While
 * the store is away events wait, and follow when it is back; ids are our own, so nothing is renumbered.
 */
import { EVENTS_KEPT_MAX, type EventRecord, nextEventId, type Store } from './store/index.ts';

/** Events appended to the store by one call. */
const APPEND_BATCH = 200;

export interface Announcement {
  readonly type: string;
  readonly subject: string | null;
  readonly data: EventRecord['data'];
}

export interface EventLogOptions {
  readonly store: Store;
  readonly wallMs: () => number;
  /** What the store kept of earlier processes. */
  readonly earlier: readonly EventRecord[];
  readonly keptMax?: number;
}

export class EventLog {
  readonly #store: Store;
  readonly #wallMs: () => number;
  readonly #keptMax: number;
  readonly #ring: EventRecord[];
  readonly #listeners = new Set<(event: EventRecord) => void>();
  #unsaved: EventRecord[] = [];
  #saving: Promise<void> | null = null;
  /** Events that the store never got because it was away for too long. */
  lost = 0;

  constructor(options: EventLogOptions) {
    this.#keptMax = options.keptMax ?? EVENTS_KEPT_MAX;
    this.#store = options.store;
    this.#wallMs = options.wallMs;
    this.#ring = [...options.earlier];
  }

  append({ type, subject, data }: Announcement): EventRecord {
    const wallMs = this.#wallMs();
    const id = nextEventId(this.#ring.at(-1)?.id ?? null, wallMs);
    const event: EventRecord = {
      id,
      source: 'sluice',
      type,
      time: new Date(wallMs).toISOString(),
      subject,
      data,
    };
    this.#ring.push(event);
    if (this.#ring.length > this.#keptMax) this.#ring.shift();
    this.#unsaved.push(event);
    if (this.#unsaved.length > this.#keptMax) {
      this.#unsaved.shift();
      this.lost += 1;
    }
    for (const listen of this.#listeners) listen(event);
    void this.save();
    return event;
  }

  /** All that are kept, oldest first. */
  get kept(): readonly EventRecord[] {
    return this.#ring;
  }

  /** Returns what ends the subscription. */
  listen(listener: (event: EventRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Brings the store up to date; gives up until the next call when the store is away. */
  save(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #save(): Promise<void> {
    while (this.#unsaved.length > 0) {
      const batch = this.#unsaved.slice(0, APPEND_BATCH);
      try {
        await this.#store.appendEvents(batch);
      } catch {
        return; // the store's own availability tells of it; the tick tries again
      }
      const saved = new Set(batch);
      this.#unsaved = this.#unsaved.filter((event) => !saved.has(event));
    }
  }
}
