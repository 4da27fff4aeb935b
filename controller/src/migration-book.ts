/**
 * Every migration that is kept, as records: what the API lists. Fed by the same effects that feed the store and
 * filled from the store at start, so that reading needs no store.
 */
import { isTerminal, MIGRATIONS_KEPT_MAX, type MigrationRecord } from './store/index.ts';

export class MigrationBook {
  /** In order of admission. */
  readonly #records = new Map<string, MigrationRecord>();

  constructor(earlier: readonly MigrationRecord[]) {
    for (const record of earlier) this.put(record);
  }

  put(record: MigrationRecord): void {
    this.#records.set(record.id, record);
    if (this.#records.size <= MIGRATIONS_KEPT_MAX) return;
    const oldest = [...this.#records.values()].find(({ phase }) => isTerminal(phase));
    if (oldest) this.#records.delete(oldest.id);
  }

  get(id: string): MigrationRecord | null {
    return this.#records.get(id) ?? null;
  }

  /** The newest first. */
  newestFirst(): readonly MigrationRecord[] {
    return [...this.#records.values()].reverse();
  }
}
