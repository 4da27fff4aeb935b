/** Door of the store: the interface, its two implementations, the records. */
export { compareEventIds, isEventId, nextEventId } from './event-id.ts';
export { createMemoryStore, type MemoryStore } from './memory-store.ts';
export type {
  EventRecord,
  IdempotencyRecord,
  MigrationRecord,
  PredictionRecord,
  ReceiptRecord,
  ReservationRecord,
} from './records.ts';
export { eventRecordSchema, isTerminal, migrationRecordSchema, PHASES } from './records.ts';
export type { RedisTarget } from './redis-link.ts';
export { createRedisStore } from './redis-store.ts';
export type { Store, StoreFailureDetail } from './store.ts';
export {
  EVENTS_KEPT_MAX,
  IDEMPOTENCY_KEPT_MS,
  MIGRATIONS_KEPT_MAX,
  RESERVATION_LEASE_MS,
  StoreFailure,
} from './store.ts';
