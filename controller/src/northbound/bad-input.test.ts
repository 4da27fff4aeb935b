// Every row is a request that must be refused over real HTTP with a code and a fix, and must leave nothing behind.
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore, type MemoryStore } from '../store/index.ts';
import { startTestController, type TestController } from '../testing/index.ts';

let test: TestController<MemoryStore>;
beforeAll(async () => {
  test = await startTestController({ store: createMemoryStore() });
});
afterAll(async () => {
  await test.close();
  expect(test.bugs).toEqual([]);
});

interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly fix: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly path: string; readonly message: string; readonly fix?: string }[];
}

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${test.url}/v1/migrations`, { method: 'POST', headers, body });

async function expectNothingLeft(): Promise<void> {
  const get = async (path: string) => (await fetch(`${test.url}${path}`)).json();
  expect(await get('/v1/migrations')).toEqual({ migrations: [], nextCursor: null });
  expect(await get('/v1/reservations')).toEqual({ reservations: [] });
  const { links } = (await get('/v1/topology')) as { links: { reservedBitsPerSec: number }[] };
  expect(links.every(({ reservedBitsPerSec }) => reservedBitsPerSec === 0)).toBe(true);
  expect(await test.store.migrations()).toEqual({ records: [], unreadable: 0 });
  expect(await test.store.reservations()).toEqual([]);
  expect(await test.store.leases()).toEqual([]);
  expect(test.agents.channel.sent).toEqual([]);
  expect(test.network.installed.size).toBe(0);
}

const good = { vm: 'web', destination: 'h2' };
type Row = readonly [name: string, body: unknown, status: number, code: string, says: RegExp];
const rows: readonly Row[] = [
  ['a VM that nobody knows', { vm: 'ghost', destination: 'h2' }, 404, 'unknown_vm', /GET \/v1\/vms/],
  ['an unknown destination', { vm: 'web', destination: 'h9' }, 404, 'unknown_host', /GET \/v1\/hosts/],
  ['an unknown source', { ...good, source: 'h9' }, 404, 'unknown_host', /GET \/v1\/hosts/],
  ['a source where the VM is not', { ...good, source: 'h3' }, 409, 'wrong_source', /"source": "h1"/],
  [
    'the same source and destination',
    { vm: 'web', destination: 'h1' },
    422,
    'same_host',
    /another destination/,
  ],
  ['a destination that runs no VMs', { vm: 'web', destination: 'c1' }, 422, 'not_a_hypervisor', /hypervisor/],
  ['an impossible deadline', { ...good, deadlineSec: 0.5 }, 422, 'deadline_infeasible', /deadlineSec \d/],
  [
    'more rate than there is',
    { ...good, rateMinBitsPerSec: 9e8 },
    422,
    'rate_too_low',
    /rateMinBitsPerSec \d/,
  ],
  [
    'a floor above the link',
    { ...good, applicationFloorBitsPerSec: 5e8 },
    409,
    'floor_infeasible',
    /applicationFloorBitsPerSec \d/,
  ],
  ['an empty body', {}, 400, 'invalid_request', /vm/],
  ['a list', [good], 400, 'invalid_request', /fields/],
  ['a number for a name', { ...good, vm: 7 }, 400, 'invalid_request', /name of a VM/],
  ['null for a name', { ...good, destination: null }, 400, 'invalid_request', /hypervisor host/],
  [
    'a rate as text',
    { ...good, rateMaxBitsPerSec: '60Mbit/s' },
    400,
    'invalid_request',
    /60000000 for 60 Mbit/,
  ],
  ['NaN as text', { ...good, rateMaxBitsPerSec: 'NaN' }, 400, 'invalid_request', /60000000 for 60 Mbit/],
  ['a negative rate', { ...good, rateMaxBitsPerSec: -1 }, 400, 'invalid_request', /bits per second/],
  ['a rate of zero', { ...good, rateMaxBitsPerSec: 0 }, 400, 'invalid_request', /bits per second/],
  ['a negative deadline', { ...good, deadlineSec: -5 }, 400, 'invalid_request', /number of seconds/],
  ['megabits', { ...good, rateMbps: 60 }, 400, 'invalid_request', /use rateMaxBitsPerSec/],
  ['megabits as the least', { ...good, rateMinMbit: 60 }, 400, 'invalid_request', /use rateMinBitsPerSec/],
  ['a deadline in milliseconds', { ...good, deadlineMs: 60_000 }, 400, 'invalid_request', /use deadlineSec/],
  [
    'a downtime in milliseconds',
    { ...good, maxDowntime: 300 },
    400,
    'invalid_request',
    /use downtimeLimitSec/,
  ],
  ['an unknown field', { ...good, colour: 'red' }, 400, 'invalid_request', /remove it; the fields are/],
  ['an unknown policy', { ...good, policy: 'fastest' }, 400, 'invalid_request', /bda, bda-robust/],
  [
    'least above largest',
    { ...good, rateMinBitsPerSec: 2e6, rateMaxBitsPerSec: 1e6 },
    400,
    'invalid_request',
    /bits/,
  ],
  ['half a round', { ...good, roundsMax: 1.5 }, 400, 'invalid_request', /whole number/],
  ['an id with a slash', { ...good, id: '../x' }, 400, 'invalid_request', /letters, digits/],
];
const rawRows: readonly Row[] = [
  ['text that is no JSON', '{"vm": "web",', 400, 'malformed_json', /quotes, commas/],
  ['a bare word', 'hello', 400, 'malformed_json', /one JSON object/],
  ['NaN', '{"vm":"web","destination":"h2","deadlineSec":NaN}', 400, 'malformed_json', /one JSON object/],
  [
    'a number beyond doubles',
    '{"vm":"web","destination":"h2","deadlineSec":1e400}',
    400,
    'invalid_request',
    /seconds/,
  ],
  [
    '__proto__',
    '{"vm":"web","destination":"h2","__proto__":{"policy":"bda"}}',
    400,
    'invalid_request',
    /remove it/,
  ],
  [
    'a deep nest',
    `{"vm":${'['.repeat(7000)}${']'.repeat(7000)},"destination":"h2"}`,
    400,
    'invalid_request',
    /VM/,
  ],
  ['only a deep nest', `${'['.repeat(8000)}${']'.repeat(8000)}`, 400, 'invalid_request', /fields/],
  ['a huge body', `{"vm":"${'x'.repeat(20_000)}"}`, 413, 'body_too_large', /only the fields/],
];

describe('a bad request is refused and leaves nothing behind', () => {
  const check = async (response: Response, [, , status, code, says]: Row) => {
    const problem = (await response.json()) as ProblemDocument;
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect({ status: response.status, code: problem.code }).toEqual({ status, code });
    expect(problem.status).toBe(status);
    expect(problem.type).toBe(`urn:sluice:problem:${code}`);
    expect(`${problem.fix} ${JSON.stringify(problem.errors ?? [])}`).toMatch(says);
    expect(problem.requestId).toBe(response.headers.get('x-request-id'));
    expect(JSON.stringify(problem)).not.toContain('node_modules');
    await expectNothingLeft();
  };
  it.each(rows)('%s', async (...row) => check(await post(JSON.stringify(row[1])), row));
  it.each(rawRows)('%s', async (...row) => check(await post(String(row[1])), row));

  it('another content type', async () => {
    const response = await post('vm=web', { 'content-type': 'application/x-www-form-urlencoded' });
    await check(response, ['', '', 415, 'unsupported_media_type', /application\/json/]);
  });

  it('no path, because the links are down', async () => {
    const { links } = (await (await fetch(`${test.url}/v1/topology`)).json()) as { links: { id: string }[] };
    const between = links.map(({ id }) => id as never).filter((id) => /^s\d.*>s\d/.test(id));
    for (const link of between) test.network.emit({ kind: 'link_went_down', link });
    const response = await post(JSON.stringify(good));
    await check(response, ['', '', 409, 'no_path', /links that are down/]);
    for (const link of between) test.network.emit({ kind: 'link_came_up', link });
  });
});

describe('every resource', () => {
  it.each([
    ['GET', '/v1/nothing', 404, 'not_found'],
    ['PUT', '/v1/migrations', 405, 'method_not_allowed'],
    ['POST', '/v1/topology', 405, 'method_not_allowed'],
    ['GET', '/v1/migrations/none', 404, 'unknown_migration'],
    ['DELETE', '/v1/migrations/none', 404, 'unknown_migration'],
    ['POST', '/v1/migrations/none/abort', 404, 'unknown_migration'],
    ['GET', '/v1/migrations?limit=0', 400, 'invalid_request'],
    ['GET', '/v1/migrations?state=flying', 400, 'invalid_request'],
    ['GET', '/v1/migrations?cursor=gone', 400, 'invalid_cursor'],
    ['GET', '/v1/reservations?rate=7', 400, 'invalid_request'],
    ['GET', '/v1/events?after=yesterday', 400, 'invalid_request'],
    ['GET', '/v1/migrations/%E0%A4%A', 400, 'malformed_path'],
  ])('%s %s is answered %d %s', async (method, path, status, code) => {
    const response = await fetch(`${test.url}${path}`, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, code });
  });

  it('says which methods there are', async () => {
    const response = await fetch(`${test.url}/v1/migrations`, { method: 'PATCH' });
    expect(response.headers.get('allow')).toBe('GET, POST');
  });

  it('is not served under a name of somebody else', async () => {
    const { port } = test.controller.httpAddress;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ port, path: '/v1/hosts', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('keeps the request id of a caller who gives a sane one', async () => {
    const id = async (given: string) =>
      (await fetch(`${test.url}/healthz`, { headers: { 'x-request-id': given } })).headers.get(
        'x-request-id',
      );
    expect(await id('abc-1')).toBe('abc-1');
    expect(await id('a b<script>')).not.toContain('script');
  });
});
