/** GET /v1/migrations/{id}/explanation. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Explanation } from '../core/index.ts';
import { createMemoryStore, type MemoryStore } from '../store/index.ts';
import { startTestController, type TestController } from '../testing/index.ts';

let test: TestController<MemoryStore>;
beforeEach(async () => {
  test = await startTestController({ store: createMemoryStore() });
});
afterEach(async () => {
  await test.close();
  expect(test.bugs).toEqual([]);
});

const post = (body: unknown) =>
  fetch(`${test.url}/v1/migrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const explanation = (id: string) => fetch(`${test.url}/v1/migrations/${id}/explanation`);

it('says what binds the rate of a migration under way', async () => {
  test.agents.pauseAfterRound(1);
  await post({ vm: 'web', destination: 'h2', id: 'm1', rateMaxBitsPerSec: 30e6 });
  const answer = await explanation('m1');
  expect(answer.status).toBe(200);
  expect((await answer.json()) as Explanation).toMatchObject({
    migrationId: 'm1',
    binding: 'rate_max',
    targetBitsPerSec: 30e6,
    objective: 'own',
  });
});

it('is a 404 for a migration that is unknown, and a 409 for one that has ended', async () => {
  expect((await explanation('nobody')).status).toBe(404);
  await post({ vm: 'web', destination: 'h2', id: 'm2' });
  await expect
    .poll(
      async () => ((await (await fetch(`${test.url}/v1/migrations/m2`)).json()) as { phase: string }).phase,
    )
    .toBe('completed');
  const answer = await explanation('m2');
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({ code: 'migration_ended' });
});
