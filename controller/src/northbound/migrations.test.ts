import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { createMemoryStore, MigrationRecord } from '../store/index.ts';
import { startTestController, type TestController } from '../testing/index.ts';

let test: TestController<ReturnType<typeof createMemoryStore>>;
beforeEach(async () => {
  test = await startTestController();
});
afterEach(async () => {
  await test.close();
  expect(test.bugs).toEqual([]);
});

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${test.url}/v1/migrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const migration = async (id: string): Promise<MigrationRecord> =>
  (await (await fetch(`${test.url}/v1/migrations/${id}`)).json()) as MigrationRecord;

describe('POST /v1/migrations', () => {
  it('admits, and the migration runs to its receipt', async () => {
    const answer = await post({ vm: 'web', destination: 'h2', id: 'first' });
    expect(await answer.clone().json()).toMatchObject({ id: 'first', vm: 'web', outcome: null });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe('/v1/migrations/first');
    await expect.poll(async () => (await migration('first')).phase).toBe('completed');
    expect(await migration('first')).toMatchObject({ source: 'h1', destination: 'h2', outcome: 'completed' });
    expect(await test.store.receipt('first')).toMatchObject({ outcome: 'completed', checkedPages: 16_384 });
    expect(await test.store.reservations()).toEqual([]);
    expect(test.network.installed.size).toBe(0);
  });
});
