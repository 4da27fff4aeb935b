// The whole controller on a real Redis that hangs, and what it leaves there.

import { type PrivateRedis, startRedisServer } from '@sluice/agents/testing';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { createRedisStore, type MigrationRecord } from './store/index.ts';
import { startTestController } from './testing/index.ts';

const server = await startRedisServer();
afterAll(() => ('stop' in server ? server.stop() : undefined));

describe.skipIf('skipped' in server)(`on a real Redis ${'skipped' in server ? server.skipped : ''}`, () => {
  const redis = server as PrivateRedis;
  const start = async (prefix: string) =>
    startTestController({ store: await createRedisStore({ socketPath: redis.socketPath }, prefix) });
  const create = (url: string, id: string, vm: string) =>
    fetch(`${url}/v1/migrations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ vm, destination: 'h2', id }),
    });
  const show = async (url: string, id: string) =>
    (await (await fetch(`${url}/v1/migrations/${id}`)).json()) as MigrationRecord;

  it('a migration goes on while it hangs, new ones wait, and afterwards only the record and receipt stay', async () => {
    const test = await start('outage');
    test.agents.pauseAfterRound(1);
    await create(test.url, 'runs', 'web');
    await expect.poll(async () => (await show(test.url, 'runs')).phase).toBe('precopy');
    process.kill(redis.pid, 'SIGSTOP');
    try {
      const refused = await create(test.url, 'late', 'db');
      expect(refused.status).toBe(503);
      test.agents.resume();
      await expect.poll(async () => (await show(test.url, 'runs')).phase).toBe('completed');
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    const raw = new Redis({ path: redis.socketPath });
    await expect
      .poll(async () => (await raw.keys('outage:*')).sort())
      .toEqual([
        'outage:epoch',
        'outage:events',
        'outage:migration:runs',
        'outage:migrations',
        'outage:receipt:runs',
      ]);
    expect(JSON.parse((await raw.get('outage:migration:runs')) ?? '')).toMatchObject({ phase: 'completed' });
    raw.disconnect();
    await test.close();
    expect(test.bugs).toEqual([]);
  });

  it('a later process finds the history, under a higher epoch', async () => {
    const first = await start('again');
    await create(first.url, 'done', 'web');
    await expect.poll(async () => (await show(first.url, 'done')).phase).toBe('completed');
    const { epoch } = await show(first.url, 'done');
    await first.close();
    const second = await start('again');
    expect(await show(second.url, 'done')).toMatchObject({ phase: 'completed', epoch });
    await create(second.url, 'next', 'web');
    expect((await show(second.url, 'next')).epoch).toBe(epoch + 1);
    await second.close();
  });
});
