/**
 * The store in Redis. Keys, all below `<prefix>:`
 *
 *   epoch                       INCR at every start
 *   migration:<id>              JSON; index in the sorted set `migrations`, score = admission in wall-clock ms
 *   receipt:<id>                JSON
 *   reservation:<id>            JSON; index in the set `reservations`
 *   lease:reservation:<id>      PX, renewed while the migration lives
 *   events                      stream, capped; the entry's id is the event's id
 *   idempotency:<key>           PX
 *
 * Nothing waits for a dead Redis: no offline queue, every command has a time limit.
 */
import type { ChainableCommander, Redis } from 'ioredis';
import type { z } from 'zod';
import {
  type EventRecord,
  eventRecordSchema,
  idempotencyRecordSchema,
  isTerminal,
  type MigrationRecord,
  migrationRecordSchema,
  receiptRecordSchema,
  reservationRecordSchema,
} from './records.ts';
import { createRedisLink, type RedisLink, type RedisLinkOptions, type RedisTarget } from './redis-link.ts';
import {
  EVENTS_KEPT_MAX,
  IDEMPOTENCY_KEPT_MS,
  MIGRATIONS_KEPT_MAX,
  RESERVATION_LEASE_MS,
  type Store,
} from './store.ts';

/** Keys read by one command when everything is listed. */
const READ_BATCH = 200;

/** Connects; rejects with StoreFailure when Redis does not answer within its start limit. */
export async function createRedisStore(
  target: RedisTarget,
  prefix: string,
  options?: RedisLinkOptions,
): Promise<Store> {
  const link = await createRedisLink(target, options);
  return storeOn(link, keysBelow(prefix));
}

const keysBelow = (prefix: string) => ({
  epoch: `${prefix}:epoch`,
  migration: (id: string) => `${prefix}:migration:${id}`,
  migrations: `${prefix}:migrations`,
  receipt: (id: string) => `${prefix}:receipt:${id}`,
  reservation: (id: number) => `${prefix}:reservation:${id}`,
  reservations: `${prefix}:reservations`,
  lease: (id: number) => `${prefix}:lease:reservation:${id}`,
  events: `${prefix}:events`,
  idempotency: (key: string) => `${prefix}:idempotency:${key}`,
});
type Keys = ReturnType<typeof keysBelow>;

function storeOn(link: RedisLink, keys: Keys): Store {
  const ask = link.ask;
  return {
    available: link.available,
    check: () => ask(async (redis) => void (await redis.ping())),
    nextEpoch: () => ask((redis) => redis.incr(keys.epoch)),
    saveMigration: (record) => ask((redis) => saveMigration(redis, keys, record)),
    migration: (id) => ask((redis) => readOne(redis, keys.migration(id), migrationRecordSchema)),
    migrations: () =>
      ask(async (redis) => {
        const ids = await redis.zrange(keys.migrations, '0', '-1');
        return readMany(redis, ids.map(keys.migration), migrationRecordSchema);
      }),
    saveReceipt: (record) =>
      ask(async (redis) => void (await redis.set(keys.receipt(record.migrationId), JSON.stringify(record)))),
    receipt: (id) => ask((redis) => readOne(redis, keys.receipt(id), receiptRecordSchema)),
    saveReservation: (record) =>
      ask(async (redis) => {
        await carriedOut(
          redis
            .multi()
            .set(keys.reservation(record.id), JSON.stringify(record))
            .set(keys.lease(record.id), String(record.epoch), 'PX', RESERVATION_LEASE_MS)
            .sadd(keys.reservations, String(record.id)),
        );
      }),
    reservations: () =>
      ask(async (redis) => {
        const ids = await reservationIds(redis, keys);
        return (await readMany(redis, ids.map(keys.reservation), reservationRecordSchema)).records;
      }),
    leases: () =>
      ask(async (redis) => {
        const ids = await reservationIds(redis, keys);
        const found = await Promise.all(ids.map((id) => redis.exists(keys.lease(id))));
        return ids.filter((_, index) => found[index] === 1);
      }),
    deleteReservation: (id) =>
      ask(async (redis) => {
        await carriedOut(
          redis.multi().del(keys.reservation(id), keys.lease(id)).srem(keys.reservations, String(id)),
        );
      }),
    appendEvents: (events) => ask((redis) => appendEvents(redis, keys, events)),
    recentEvents: (limit) => ask((redis) => recentEvents(redis, keys, limit)),
    claimIdempotencyKey: (key, record) =>
      ask(async (redis) => {
        const text = JSON.stringify(record);
        const taken = await redis.set(keys.idempotency(key), text, 'PX', IDEMPOTENCY_KEPT_MS, 'NX');
        return taken === 'OK' ? null : readOne(redis, keys.idempotency(key), idempotencyRecordSchema);
      }),
    releaseIdempotencyKey: (key) => ask(async (redis) => void (await redis.del(keys.idempotency(key)))),
    close: link.close,
  };
}

async function saveMigration(redis: Redis, keys: Keys, record: MigrationRecord): Promise<void> {
  const score = Date.parse(record.admittedAt);
  await carriedOut(
    redis
      .multi()
      .set(keys.migration(record.id), JSON.stringify(record))
      .zadd(keys.migrations, String(score), record.id),
  );
  const surplus = (await redis.zcard(keys.migrations)) - MIGRATIONS_KEPT_MAX;
  if (surplus <= 0) return;
  const oldest = await redis.zrange(keys.migrations, '0', String(surplus + READ_BATCH));
  const { records } = await readMany(redis, oldest.map(keys.migration), migrationRecordSchema);
  const ended = records.filter(({ phase }) => isTerminal(phase)).slice(0, surplus);
  const forget = redis.multi();
  for (const { id } of ended) forget.del(keys.migration(id), keys.receipt(id)).zrem(keys.migrations, id);
  await carriedOut(forget);
}

async function appendEvents(redis: Redis, keys: Keys, events: readonly EventRecord[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const event of events)
    pipeline.xadd(keys.events, 'MAXLEN', '~', EVENTS_KEPT_MAX, event.id, 'json', JSON.stringify(event));
  await carriedOut(pipeline, isStaleEventId);
}

/** Runs a transaction or pipeline; `exec` itself is silent about single commands that failed. */
async function carriedOut(
  commands: ChainableCommander,
  harmless: (error: Error) => boolean = () => false,
): Promise<void> {
  for (const [error] of (await commands.exec()) ?? []) if (error && !harmless(error)) throw error;
}

/** XADD with an id at or below the last: the same event, appended by an attempt whose answer was lost. */
const isStaleEventId = (error: Error): boolean => error.message.includes('equal or smaller');

async function recentEvents(redis: Redis, keys: Keys, limit: number): Promise<readonly EventRecord[]> {
  const entries = await redis.xrevrange(keys.events, '+', '-', 'COUNT', limit);
  return entries.reverse().flatMap(([, [, text]]) => parse(text ?? '', eventRecordSchema) ?? []);
}

const reservationIds = async (redis: Redis, keys: Keys): Promise<number[]> =>
  (await redis.smembers(keys.reservations)).map(Number).sort((a, b) => a - b);

async function readOne<T>(redis: Redis, key: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await redis.get(key);
  return text === null ? null : parse(text, schema);
}

async function readMany<T>(
  redis: Redis,
  names: readonly string[],
  schema: z.ZodType<T>,
): Promise<{ records: T[]; unreadable: number }> {
  const records: T[] = [];
  let unreadable = 0;
  for (let from = 0; from < names.length; from += READ_BATCH) {
    for (const text of await redis.mget(...names.slice(from, from + READ_BATCH))) {
      const record = text === null ? null : parse(text, schema);
      if (record) records.push(record);
      else unreadable += 1;
    }
  }
  return { records, unreadable };
}

/** What others, or an older version, wrote: null when it is not what the schema says. */
function parse<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
