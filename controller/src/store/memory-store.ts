/** The store inside the process: for simulations and tests, and for a first try without Redis. */
import { compareEventIds } from './event-id.ts';
import {
  type EventRecord,
  type IdempotencyRecord,
  isTerminal,
  type MigrationRecord,
  type ReceiptRecord,
  type ReservationRecord,
} from './records.ts';
import {
  EVENTS_KEPT_MAX,
  MIGRATIONS_KEPT_MAX,
  RESERVATION_LEASE_MS,
  type Store,
  StoreFailure,
} from './store.ts';

export interface MemoryStore extends Store {
  /** For tests: as if the server were gone. */
  setAvailable(available: boolean): void;
}

export function createMemoryStore(options: { readonly nowMs?: () => number } = {}): MemoryStore {
  const nowMs = options.nowMs ?? (() => performance.now());
  const migrations = new Map<string, MigrationRecord>();
  const receipts = new Map<string, ReceiptRecord>();
  const reservations = new Map<number, ReservationRecord>();
  const leases = new Map<number, number>();
  const keys = new Map<string, IdempotencyRecord>();
  const events: EventRecord[] = [];
  let epoch = 0;
  let isAvailable = true;

  /** Copies in both directions, so that nobody shares an object with the store; fails when it is "gone". */
  const answer = async <T>(work: () => T): Promise<T> => {
    if (!isAvailable) throw new StoreFailure({ code: 'unavailable' });
    return structuredClone(work());
  };

  const forgetOldest = () => {
    for (const record of migrations.values()) {
      if (migrations.size <= MIGRATIONS_KEPT_MAX) return;
      if (!isTerminal(record.phase)) continue;
      migrations.delete(record.id);
      receipts.delete(record.id);
    }
  };

  return {
    available: () => isAvailable,
    setAvailable: (available) => {
      isAvailable = available;
    },
    check: () => answer(() => undefined),
    nextEpoch: () => answer(() => ++epoch),
    saveMigration: (record) =>
      answer(() => {
        migrations.set(record.id, structuredClone(record));
        forgetOldest();
      }),
    migration: (id) => answer(() => migrations.get(id) ?? null),
    migrations: () => answer(() => ({ records: [...migrations.values()], unreadable: 0 })),
    saveReceipt: (record) =>
      answer(() => {
        receipts.set(record.migrationId, structuredClone(record));
      }),
    receipt: (id) => answer(() => receipts.get(id) ?? null),
    saveReservation: (record) =>
      answer(() => {
        reservations.set(record.id, structuredClone(record));
        leases.set(record.id, nowMs() + RESERVATION_LEASE_MS);
      }),
    reservations: () => answer(() => [...reservations.values()]),
    leases: () => answer(() => [...leases].filter(([, end]) => end > nowMs()).map(([id]) => id)),
    deleteReservation: (id) =>
      answer(() => {
        reservations.delete(id);
        leases.delete(id);
      }),
    appendEvents: (added) =>
      answer(() => {
        for (const event of added) {
          const last = events.at(-1);
          if (!last || compareEventIds(event.id, last.id) > 0) events.push(structuredClone(event));
        }
        events.splice(0, events.length - EVENTS_KEPT_MAX);
      }),
    recentEvents: (limit) => answer(() => events.slice(-limit)),
    claimIdempotencyKey: (key, record) =>
      answer(() => {
        const holder = keys.get(key) ?? null;
        if (!holder) keys.set(key, record);
        return holder;
      }),
    releaseIdempotencyKey: (key) =>
      answer(() => {
        keys.delete(key);
      }),
    close: async () => {},
  };
}
