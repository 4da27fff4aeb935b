import { type PrivateRedis, startRedisServer } from '@sluice/agents/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareEventIds, nextEventId } from './event-id.ts';
import { createMemoryStore } from './memory-store.ts';
import { createRedisStore } from './redis-store.ts';
import { storeContract } from './store.contract.ts';
import { migrationRecord, reservationRecord } from './testing/records.ts';

storeContract('memory', async () => createMemoryStore());

const server = await startRedisServer();
const runs = { count: 0 };
const prefix = () => {
  runs.count += 1;
  return `test${runs.count}`;
};

describe.skipIf('skipped' in server)(`redis ${'skipped' in server ? server.skipped : ''}`, () => {
  const redis = server as PrivateRedis;
  let raw: Redis;
  beforeAll(() => {
    raw = new Redis({ path: redis.socketPath });
  });
  afterAll(async () => {
    raw.disconnect();
    await redis.stop();
  });
  storeContract('redis', () => createRedisStore({ socketPath: redis.socketPath }, prefix()));

  it('leaves out and counts a record that is not what the schema says', async () => {
    const name = prefix();
    const store = await createRedisStore({ socketPath: redis.socketPath }, name);
    await store.saveMigration(migrationRecord());
    await store.saveMigration(migrationRecord({ id: 'mig-2' }));
    await raw.set(`${name}:migration:mig-2`, '{"id":"mig-2","phase":"levitating"}');
    expect(await store.migrations()).toEqual({ records: [migrationRecord()], unreadable: 1 });
    expect(await store.migration('mig-2')).toBeNull();
    await store.close();
  });

  it('uses the documented keys and leaves none of a reservation behind', async () => {
    const name = prefix();
    const store = await createRedisStore({ socketPath: redis.socketPath }, name);
    await store.saveReservation(reservationRecord());
    expect((await raw.keys(`${name}:*`)).sort()).toEqual([
      `${name}:lease:reservation:1`,
      `${name}:reservation:1`,
      `${name}:reservations`,
    ]);
    expect(await raw.pttl(`${name}:lease:reservation:1`)).toBeGreaterThan(0);
    await store.deleteReservation(1);
    expect(await raw.keys(`${name}:*`)).toEqual([]);
    await store.close();
  });

  it('fails within its limit while redis hangs, and works again afterwards', async () => {
    const store = await createRedisStore({ socketPath: redis.socketPath }, prefix());
    process.kill(redis.pid, 'SIGSTOP');
    try {
      await expect(store.check()).rejects.toMatchObject({ name: 'StoreFailure', retriable: true });
      expect(store.available()).toBe(false);
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    await expect
      .poll(() =>
        store.check().then(
          () => store.available(),
          () => false,
        ),
      )
      .toBe(true);
    await store.close();
  });

  it('refuses to start on a socket where nobody listens', async () => {
    await expect(
      createRedisStore({ socketPath: `${redis.socketPath}.none` }, 'x', { startLimitMs: 50 }),
    ).rejects.toMatchObject({
      name: 'StoreFailure',
      detail: { code: 'unavailable' },
    });
  });
});

describe('event ids', () => {
  it('rise even when the wall clock steps back', () => {
    const first = nextEventId(null, 1000.7);
    const second = nextEventId(first, 500);
    const third = nextEventId(second, 1001);
    expect([first, second, third]).toEqual(['1000-0', '1000-1', '1001-0']);
    expect(compareEventIds(first, second)).toBeLessThan(0);
    expect(compareEventIds('9-0', '10-0')).toBeLessThan(0);
  });
});
