/**
 * What outlives the process: desired state and history. One contract suite (`store.contract.ts`) holds for every
 * implementation. All methods but `available` and `close` reject with StoreFailure.
 */
import type {
  EventRecord,
  IdempotencyRecord,
  MigrationRecord,
  ReceiptRecord,
  ReservationRecord,
} from './records.ts';

/** Migrations that are kept, with their receipts; the oldest ended ones go first. */
export const MIGRATIONS_KEPT_MAX = 1000;
/** Events that are kept, and so how far back a reader may resume. */
export const EVENTS_KEPT_MAX = 10_000;
/** A reservation whose controller is gone for this long is nobody's. */
export const RESERVATION_LEASE_MS = 10_000;
/** How long a retry may come after the first attempt. */
export const IDEMPOTENCY_KEPT_MS = 24 * 3600 * 1000;

export interface Store {
  /** The last known answer to "does it take writes?"; cheap. */
  available(): boolean;
  /** Asks now. @throws StoreFailure */
  check(): Promise<void>;
  /** A number higher than any given before: the fencing token of this process. */
  nextEpoch(): Promise<number>;
  /** Inserts or replaces. Drops the oldest ended migrations above MIGRATIONS_KEPT_MAX. */
  saveMigration(record: MigrationRecord): Promise<void>;
  migration(id: string): Promise<MigrationRecord | null>;
  /** All, oldest first. Records that no longer parse are left out and counted. */
  migrations(): Promise<{ readonly records: readonly MigrationRecord[]; readonly unreadable: number }>;
  saveReceipt(record: ReceiptRecord): Promise<void>;
  receipt(migrationId: string): Promise<ReceiptRecord | null>;
  /** Inserts or replaces, with a fresh lease; saving again is how a lease is renewed. */
  saveReservation(record: ReservationRecord): Promise<void>;
  reservations(): Promise<readonly ReservationRecord[]>;
  /** Ids of reservations whose lease has not run out. */
  leases(): Promise<readonly number[]>;
  /** Deletes a reservation and its lease; one that does not exist is no error. */
  deleteReservation(reservationId: number): Promise<void>;
  /** Ids must rise; an id that is not above the last is ignored, so that a retry is harmless. */
  appendEvents(events: readonly EventRecord[]): Promise<void>;
  /** The newest, oldest of them first. */
  recentEvents(limit: number): Promise<readonly EventRecord[]>;
  /** Takes the key, or says who has it. null = taken now. */
  claimIdempotencyKey(key: string, record: IdempotencyRecord): Promise<IdempotencyRecord | null>;
  releaseIdempotencyKey(key: string): Promise<void>;
  close(): Promise<void>;
}

export type StoreFailureDetail =
  | { readonly code: 'unavailable' }
  | { readonly code: 'rejected'; readonly message: string };

/** Every failure of the store; `retriable` when it may work later without anybody changing anything. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  constructor(
    readonly detail: StoreFailureDetail,
    options?: ErrorOptions,
  ) {
    super(
      detail.code === 'unavailable' ? 'the store cannot be reached' : `the store refused: ${detail.message}`,
      options,
    );
  }
  get retriable(): boolean {
    return this.detail.code === 'unavailable';
  }
}
