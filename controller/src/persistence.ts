/**
 * Carries out the effects that write to the store, before anything else of their step happens. What could not be
 * written is kept (only the last state of each thing) and written when the store is back; live migrations go on.
 */
import { type Instant, unreachable } from '@sluice/units';
import type { Effect, MigrationId, Prediction } from './core/index.ts';
import type { MigrationBook } from './migration-book.ts';
import {
  isTerminal,
  type MigrationRecord,
  type PredictionRecord,
  type ReservationRecord,
  type Store,
} from './store/index.ts';
import {
  migrationRecordOf,
  predictionRecordOf,
  receiptRecordOf,
  reservationRecordOf,
} from './store/record-of.ts';
import { withinLimit } from './time-limit.ts';

/** Longest time a step waits for the store; a round boundary has 400 ms in all before the sender goes on by itself. */
const PERSIST_LIMIT_MS = 350;

export type PersistingEffect = Extract<
  Effect,
  { kind: 'save_migration' | 'save_reservation' | 'delete_reservation' | 'save_receipt' }
>;

export const isPersisting = (effect: Effect): effect is PersistingEffect =>
  effect.kind === 'save_migration' ||
  effect.kind === 'save_reservation' ||
  effect.kind === 'delete_reservation' ||
  effect.kind === 'save_receipt';

export interface PersistenceParts {
  readonly store: Store;
  readonly book: MigrationBook;
  readonly epoch: number;
  readonly iso: (at: Instant) => string;
}

export class Persistence {
  readonly #parts: PersistenceParts;
  /** What the store has not got yet, by the thing it is about, oldest first. */
  readonly #unwritten = new Map<string, () => Promise<void>>();
  /** Reservations that live, as they were saved last. */
  readonly #leased = new Map<number, ReservationRecord>();
  /** Of live migrations; a record carries it from then on. */
  readonly #predictions = new Map<MigrationId, PredictionRecord>();
  #writing: Promise<boolean> | null = null;

  constructor(parts: PersistenceParts) {
    this.#parts = parts;
  }

  /** Writes of whole things that wait for the store. */
  get behind(): number {
    return this.#unwritten.size;
  }

  /** Goes into the records of an admitted migration from now on. */
  predicted({ id, prediction }: { readonly id: MigrationId; readonly prediction: Prediction }): void {
    this.#predictions.set(id, predictionRecordOf(prediction));
  }

  /** true = everything is in the store; false = it will follow. Never rejects for the store's sake. */
  async persist(effects: readonly PersistingEffect[]): Promise<boolean> {
    const isBehind = this.behind > 0;
    const records = effects.flatMap((effect) => this.#note(effect));
    // While it is behind, a step does not wait for it: `catchUp` does.
    const isWritten = isBehind
      ? false
      : await withinLimit(this.catchUp(), PERSIST_LIMIT_MS, 'the store').catch(() => false);
    // Afterwards, so that who sees the end of a migration finds nothing of it in the store any more.
    for (const record of records) this.#parts.book.put(record);
    return isWritten;
  }

  /** Writes what waits; stops at the first failure. */
  catchUp(): Promise<boolean> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  /** Saves live reservations again: that renews the lease, and heals a store that has lost them. */
  async renewLeases(): Promise<void> {
    const saves = [...this.#leased.values()].map((record) => this.#parts.store.saveReservation(record));
    await Promise.allSettled(saves);
  }

  async #write(): Promise<boolean> {
    for (const [key, write] of this.#unwritten) {
      try {
        await write();
      } catch {
        return false;
      }
      // Something newer about the same thing may have come meanwhile; the loop meets it again.
      if (this.#unwritten.get(key) === write) this.#unwritten.delete(key);
    }
    return this.#unwritten.size === 0 || this.#write();
  }

  #later(key: string, write: () => Promise<void>): void {
    this.#unwritten.delete(key);
    this.#unwritten.set(key, write);
  }

  /** Puts the write on the list; returns what the book is to show. */
  #note(effect: PersistingEffect): readonly MigrationRecord[] {
    const { store, epoch } = this.#parts;
    switch (effect.kind) {
      case 'save_migration': {
        const { id } = effect.migration;
        const prediction = this.#predictions.get(id) ?? null;
        const record = migrationRecordOf(effect.migration, { ...this.#parts, prediction });
        if (isTerminal(record.phase)) this.#predictions.delete(id);
        this.#later(`migration ${record.id}`, () => store.saveMigration(record));
        return [record];
      }
      case 'save_receipt': {
        const record = receiptRecordOf(effect.receipt);
        this.#later(`receipt ${record.migrationId}`, () => store.saveReceipt(record));
        return [];
      }
      case 'save_reservation': {
        const record = reservationRecordOf(effect.reservation, epoch);
        this.#leased.set(record.id, record);
        this.#later(`reservation ${record.id}`, () => store.saveReservation(record));
        return [];
      }
      case 'delete_reservation': {
        const id = effect.reservationId;
        this.#leased.delete(id);
        this.#later(`reservation ${id}`, () => store.deleteReservation(id));
        return [];
      }
      default:
        return unreachable(effect);
    }
  }
}
