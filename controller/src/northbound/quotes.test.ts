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

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${test.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const phaseOf = async (id: string) =>
  ((await (await fetch(`${test.url}/v1/migrations/${id}`)).json()) as MigrationRecord).phase;

interface Quoted {
  readonly accepted: boolean;
  readonly etag: string;
  readonly guaranteedBitsPerSec: number;
  readonly refusal: { readonly code: string };
  readonly changes: readonly object[];
}
const WANTED = { vm: 'web', destination: 'h2' };

describe('a quote', () => {
  it('says what a migration would get and take, and admits nothing', async () => {
    const answer = await post('/v1/quotes', WANTED);
    expect(answer.status).toBe(200);
    const quoted = (await answer.json()) as Quoted;
    expect(answer.headers.get('etag')).toBe(`"${quoted.etag}"`);
    expect(quoted).toMatchObject({
      accepted: true,
      guaranteedForSec: null,
      expected: { rounds: expect.any(Number), downtimeSec: expect.any(Number) },
      interval: { low: expect.any(Object), high: expect.any(Object) },
    });
    expect(quoted.guaranteedBitsPerSec).toBeGreaterThan(0);
    const { migrations } = (await (await fetch(`${test.url}/v1/migrations`)).json()) as { migrations: [] };
    expect(migrations).toEqual([]);
  });
  it('is relied on with If-Match, and refused once it says something else', async () => {
    test.agents.pauseAfterRound(1);
    const etag = (await post('/v1/quotes', WANTED)).headers.get('etag') ?? '';
    const tags = ['"0123456789abcdef"', etag];
    const [stale, good] = [
      await post('/v1/migrations', WANTED, { 'if-match': tags[0] ?? '' }),
      await post('/v1/migrations', WANTED, { 'if-match': tags[1] ?? '' }),
    ];
    expect([stale.status, good.status]).toEqual([412, 202]);
    expect(await stale.json()).toMatchObject({ code: 'quote_stale', etag: etag.slice(1, -1) });
    expect((await post('/v1/migrations', WANTED, { 'if-match': 'W/whatever' })).status).toBe(400);
  });
  it('of what would be refused says why, and what would pass', async () => {
    const late = { ...WANTED, deadlineSec: 0.1 };
    const answer = await post('/v1/quotes', late);
    expect(answer.status).toBe(200);
    const quoted = (await answer.json()) as Quoted;
    expect(quoted).toMatchObject({ accepted: false, refusal: { code: 'deadline_infeasible' } });
    expect(quoted.changes).toContainEqual({ change: 'deadline', deadlineSec: expect.any(Number) });
    const changed = quoted.changes.find((one) => 'deadlineSec' in one) as { deadlineSec: number };
    const again = await post('/v1/quotes', { ...late, deadlineSec: changed.deadlineSec });
    expect(((await again.json()) as Quoted).accepted).toBe(true);
  });
  it('that is refused as a migration says there, too, what would pass', async () => {
    const late = { ...WANTED, deadlineSec: 0.1 };
    const { changes } = (await (await post('/v1/quotes', late)).json()) as Quoted;
    const refused = await post('/v1/migrations', late);
    const problem = (await refused.json()) as { code: string; changes: readonly object[]; fix: string };
    expect([refused.status, problem.code, problem.changes]).toEqual([422, 'deadline_infeasible', changes]);
    const { deadlineSec } = changes.find((one) => 'deadlineSec' in one) as { deadlineSec: number };
    expect(problem.fix).toContain(`deadlineSec ${deadlineSec}`);
  });
  it('refuses a body as a migration does', async () => {
    const answer = await post('/v1/quotes', { ...WANTED, startAtSec: 20, deadlineSec: 10, prio: 3 });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain('priority');
  });
});

describe('a held migration', () => {
  it('waits for its commit, and then runs', async () => {
    const held = await post('/v1/migrations', { ...WANTED, id: 'two-phase', holdForSec: 60 });
    expect([held.status, await phaseOf('two-phase')]).toEqual([202, 'held']);
    expect(test.network.installed.size).toBe(0);
    expect((await post('/v1/migrations/two-phase/commit', {})).status).toBe(202);
    await expect.poll(() => phaseOf('two-phase')).toBe('completed');
    const late = await post('/v1/migrations/two-phase/commit', {});
    expect([late.status, await late.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'migration_ended' }),
    ]);
    expect((await post('/v1/migrations/none/commit', {})).status).toBe(404);
  });
  it('is let go in time', async () => {
    await post('/v1/migrations', { ...WANTED, id: 'forgotten', holdForSec: 0.1 });
    await expect.poll(() => phaseOf('forgotten')).toBe('aborted');
  });
});

describe('a scheduled migration', () => {
  it('begins by itself at its time', async () => {
    const answer = await post('/v1/migrations', { ...WANTED, id: 'planned', startAtSec: 0.3 });
    expect(await answer.json()).toMatchObject({ phase: 'scheduled' });
    await expect.poll(() => phaseOf('planned')).toBe('completed');
  });
});
