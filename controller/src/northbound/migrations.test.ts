import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore, type MemoryStore, type MigrationRecord } from '../store/index.ts';
import { startTestController, type TestController } from '../testing/index.ts';

let test: TestController<MemoryStore>;
beforeEach(async () => {
  test = await startTestController({ store: createMemoryStore() });
});
afterEach(async () => {
  await test.close();
  expect(test.bugs).toEqual([]);
});

const post = (body: unknown, headers: Record<string, string> = {}, path = '/v1/migrations') =>
  fetch(`${test.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const get = async <T>(path: string): Promise<T> => (await (await fetch(`${test.url}${path}`)).json()) as T;
const migration = (id: string) => get<MigrationRecord>(`/v1/migrations/${id}`);

describe('a migration', () => {
  it('is admitted with 202 and runs to its receipt', async () => {
    const answer = await post({ vm: 'web', destination: 'h2', id: 'first' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe('/v1/migrations/first');
    expect(await answer.json()).toMatchObject({ id: 'first', vm: 'web', outcome: null });
    await expect.poll(async () => (await migration('first')).phase).toBe('completed');
    const record = await migration('first');
    expect(record).toMatchObject({ source: 'h1', destination: 'h2', outcome: 'completed', policy: 'bda' });
    expect(record.rounds.length).toBeGreaterThan(1);
    expect(record.prediction?.totalTimeSec).toBeGreaterThan(0);
    expect(record.receipt).toEqual(await test.store.receipt('first'));
    expect(record.receipt).toMatchObject({ outcome: 'completed', checkedPages: 16_384 });
    expect(await test.store.reservations()).toEqual([]);
    expect(test.network.installed.size).toBe(0);
  });

  it('gets a name of its own when none is given', async () => {
    const { id } = (await (await post({ vm: 'web', destination: 'h2' })).json()) as MigrationRecord;
    expect(id).toMatch(/^mig-[0-9a-f]{10}$/);
  });

  it.each([
    ['POST', '/abort'],
    ['DELETE', ''],
  ])('is aborted by %s %s, once', async (method, suffix) => {
    test.agents.pauseAfterRound(1);
    await post({ vm: 'web', destination: 'h2', id: 'cut' });
    const path = `${test.url}/v1/migrations/cut${suffix}`;
    expect((await fetch(path, { method })).status).toBe(202);
    await expect.poll(async () => (await migration('cut')).phase).toBe('aborted');
    expect(test.network.installed.size).toBe(0);
    const again = await fetch(path, { method });
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'migration_ended', outcome: 'aborted' });
  });

  it('holds a reservation that is listed by link, host and migration until it has ended', async () => {
    test.agents.pauseAfterRound(1);
    await post({ vm: 'web', destination: 'h2', id: 'held' });
    const list = (query: string) =>
      get<{ reservations: { migrationId: string }[] }>(`/v1/reservations${query}`);
    await expect.poll(() => test.network.installed.size).toBe(1);
    const { path } = await migration('held');
    const link = encodeURIComponent(path[0] ?? '');
    for (const query of ['', `?link=${link}`, '?host=h1', '?host=h2', '?migration=held'])
      expect((await list(query)).reservations).toMatchObject([
        { migrationId: 'held', source: 'h1', destination: 'h2' },
      ]);
    for (const query of ['?host=h3', '?migration=other', '?link=none'])
      expect((await list(query)).reservations).toEqual([]);
    const { links } = await get<{ links: Record<string, number | string>[] }>('/v1/topology');
    const held = links.find(({ id }) => id === path[0]);
    expect(held).toMatchObject({ capacityBitsPerSec: 100e6, floorBitsPerSec: 20e6 });
    const {
      capacityBitsPerSec,
      headroomBitsPerSec,
      floorBitsPerSec,
      reservedBitsPerSec,
      residualBitsPerSec,
    } = held as Record<string, number>;
    expect(reservedBitsPerSec).toBeGreaterThan(0);
    expect(
      Number(headroomBitsPerSec) +
        Number(floorBitsPerSec) +
        Number(reservedBitsPerSec) +
        Number(residualBitsPerSec),
    ).toBeCloseTo(Number(capacityBitsPerSec));
    test.agents.resume();
    await expect.poll(async () => (await list('')).reservations).toEqual([]);
  });

  it('is found on pages by state', async () => {
    const moves = [
      ['a', 'h2'],
      ['b', 'h1'],
      ['c', 'h3'],
    ] as const;
    for (const [id, destination] of moves) {
      await post({ vm: 'web', destination, id });
      await expect.poll(async () => (await migration(id)).phase).toBe('completed');
    }
    const page = (query: string) =>
      get<{ migrations: MigrationRecord[]; nextCursor: string | null }>(`/v1/migrations${query}`);
    const first = await page('?limit=2&state=ended');
    expect(first.migrations.map(({ id }) => id)).toEqual(['c', 'b']);
    const second = await page(`?limit=2&state=ended&cursor=${first.nextCursor}`);
    expect(second.migrations.map(({ id }) => id)).toEqual(['a']);
    expect(second.nextCursor).toBeNull();
    expect((await page('?state=active')).migrations).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  const body = { vm: 'web', destination: 'h2' };
  const key = { 'idempotency-key': 'b3b3c1d2' };

  it('stands for one migration, however often and however close together it is sent', async () => {
    test.agents.pauseAfterRound(0);
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(body, key)));
    const records = (await Promise.all(answers.map((answer) => answer.json()))) as MigrationRecord[];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(new Set(records.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(3);
    expect((await get<{ migrations: unknown[] }>('/v1/migrations')).migrations).toHaveLength(1);
  });

  it('is refused with another body', async () => {
    await post(body, key);
    const answer = await post({ ...body, deadlineSec: 600 }, key);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('is free again after a refusal', async () => {
    expect((await post({ vm: 'ghost', destination: 'h2' }, key)).status).toBe(404);
    expect((await post(body, key)).status).toBe(202);
  });

  it('is refused when it is not one', async () => {
    expect((await post(body, { 'idempotency-key': 'a b' })).status).toBe(400);
  });
});

describe('what is', () => {
  it('hosts and VMs are listed as their agents report them', async () => {
    const { hosts } = await get<{ hosts: Record<string, unknown>[] }>('/v1/hosts');
    expect(hosts.find(({ name }) => name === 'h1')).toMatchObject({ agentAlive: true, vms: ['web', 'db'] });
    expect(hosts.find(({ name }) => name === 'c1')).toMatchObject({ kind: 'client', agentAlive: null });
    const { vms } = await get<{ vms: unknown[] }>('/v1/vms');
    expect(vms[0]).toMatchObject({
      name: 'web',
      host: 'h1',
      state: 'running',
      memoryBytes: 64 << 20,
      migration: null,
    });
  });
});
