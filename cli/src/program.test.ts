import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore, type MigrationRecord } from '@sluice/controller';
import { startTestController, type TestController, testInventory } from '@sluice/controller/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './testing.ts';

/** Port 1 of loopback: nobody listens there. */
const NOBODY = 'http://127.0.0.1:1';

describe('the sluice command', () => {
  let test: TestController<ReturnType<typeof createMemoryStore>>;
  beforeEach(async () => {
    test = await startTestController({ store: createMemoryStore() });
  });
  afterEach(() => test.close());
  const sluice = (...args: string[]) => run(args, { env: { SLUICE_API: test.url } });

  it('migrates and follows to the receipt', async () => {
    const { exitCode, stdout, stderr } = await sluice(
      'migration',
      'create',
      'web',
      'h2',
      '--wait',
      '--timeout',
      '60s',
    );
    expect(stderr).toContain('web h1 -> h2');
    expect(stdout).toContain('completed');
    expect(stdout).toContain('pages checked 16384');
    expect(exitCode).toBe(EXIT.ok);
  });

  it('prints only the id without --wait, and the whole record as JSON with --json', async () => {
    const plain = await sluice('migration', 'create', 'web', 'h2', '--id', 'mine');
    expect(plain).toEqual({ exitCode: EXIT.ok, stdout: 'mine\n', stderr: '' });
    const json = await sluice('migration', 'show', 'mine', '-o', 'json');
    expect((JSON.parse(json.stdout) as MigrationRecord).id).toBe('mine');
  });

  it('sends rates and times in the units of the API', async () => {
    test.agents.pauseAfterRound(0);
    const limits = [
      '--rate-max',
      '5MB/s',
      '--rate-min',
      '1 Mbit',
      '--deadline',
      '10min',
      '--downtime-limit',
      '250ms',
    ];
    const { stdout } = await sluice(
      'migration',
      'create',
      'web',
      'h2',
      ...limits,
      '--floor',
      '10Mbit/s',
      '--json',
    );
    expect((JSON.parse(stdout) as MigrationRecord).limits).toMatchObject({
      rateMinBitsPerSec: 1e6,
      rateMaxBitsPerSec: 40e6,
      deadlineSec: 600,
      downtimeLimitSec: 0.25,
      applicationFloorBitsPerSec: 10e6,
    });
  });

  it('aborts a live migration, and a follower of it fails', async () => {
    test.agents.pauseAfterRound(1);
    await sluice('migration', 'create', 'web', 'h2', '--id', 'long');
    const watching = sluice('migration', 'watch', 'long');
    const aborted = await sluice('migration', 'abort', 'long', '--reason', 'maintenance', '--wait');
    expect(aborted).toMatchObject({ exitCode: EXIT.ok, stdout: 'long aborted\n' });
    expect(await watching).toMatchObject({ exitCode: EXIT.failed });
    expect((await sluice('reservation', 'list')).stdout.trim().split('\n')).toHaveLength(1);
  });

  it('shows reservations, topology and hosts while a migration is under way', async () => {
    test.agents.pauseAfterRound(1);
    await sluice('migration', 'create', 'web', 'h2', '--id', 'long');
    await expect.poll(async () => (await sluice('migration', 'show', 'long')).stdout).toContain('precopy');
    expect((await sluice('reservation', 'list', '--host', 'h2')).stdout).toContain('long');
    expect((await sluice('reservation', 'list', '--link', 'nowhere')).stdout).not.toContain('long');
    expect((await sluice('topology', 'show')).stdout).toContain('s1:2>s2:2');
    expect((await sluice('host', 'list')).stdout).toMatch(/h1 +hypervisor +10\.0\.0\.1 +alive/);
    expect((await sluice('migration', 'list', '--state', 'active')).stdout).toContain('long');
  });

  it('replays events as one JSON object a line', async () => {
    await sluice('migration', 'create', 'web', 'h2', '--wait');
    const { stdout, exitCode } = await sluice('events', '--since', '0-0', '--count', '3', '--json');
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types.slice(0, 2)).toEqual(['migration_admitted', 'migration_started']);
    expect(exitCode).toBe(EXIT.ok);
  });

  it('gives up following after --timeout, and the migration goes on', async () => {
    test.agents.pauseAfterRound(0);
    const { exitCode, stderr } = await sluice(
      'migration',
      'create',
      'web',
      'h2',
      '--wait',
      '--timeout',
      '50ms',
    );
    expect(exitCode).toBe(EXIT.timedOut);
    expect(stderr).toContain('it goes on');
  });

  it('ends with 130 when interrupted, and the migration goes on', async () => {
    test.agents.pauseAfterRound(0);
    const interrupted = new AbortController();
    const ended = await run(['migration', 'create', 'web', 'h2', '--id', 'kept', '--wait'], {
      env: { SLUICE_API: test.url },
      signal: interrupted.signal,
      onError: () => interrupted.abort(),
    });
    expect(ended.exitCode).toBe(EXIT.interrupted);
    expect((await sluice('migration', 'list', '--state', 'active')).stdout).toContain('kept');
  });

  it.each([
    [
      'a VM that nobody knows',
      ['migration', 'create', 'ghost', 'h2'],
      EXIT.notFound,
      /no agent has reported/,
    ],
    ['a host that is not there', ['migration', 'create', 'web', 'h9'], EXIT.notFound, /no host named h9/],
    ['the host on which the VM is', ['migration', 'create', 'web', 'h1'], EXIT.refused, /on h1 already/],
    ['a migration that is not there', ['migration', 'show', 'nothing'], EXIT.notFound, /no migration/],
    [
      'a rate without unit',
      ['migration', 'create', 'web', 'h2', '--rate-max', '60'],
      EXIT.usage,
      /needs its unit/,
    ],
    [
      'an option that is not there',
      ['migration', 'create', 'web', 'h2', '--fast'],
      EXIT.usage,
      /unknown option/,
    ],
    ['a verb that is not there', ['teleport'], EXIT.usage, /unknown command/],
    ['an API that is no URL', ['host', 'list', '--api', 'localhost'], EXIT.usage, /not an http URL/],
    ['a controller that is not there', ['host', 'list', '--api', NOBODY], EXIT.unreachable, /is it running/],
  ])('refuses %s with its own exit code', async (_name, args, exitCode, message) => {
    const ended = await sluice(...args);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toMatch(message);
    expect(ended.stdout).toBe('');
  });

  it('writes the problem document to stderr when JSON is asked for', async () => {
    const { stderr } = await sluice('migration', 'create', 'web', 'h1', '--json');
    expect(JSON.parse(stderr)).toMatchObject({ code: 'same_host', status: 422, hostId: 'h1' });
  });
});

describe('sluice config check', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  it('says good for a good file', async () => {
    const file = await write('good.yaml', JSON.stringify({ inventory: testInventory }));
    expect(await run(['config', 'check', file])).toMatchObject({
      exitCode: EXIT.ok,
      stdout: `${file}: good\n`,
    });
  });

  it('lists all problems of a bad file with line and column', async () => {
    const file = await write(
      'bad.yaml',
      `inventory: ${JSON.stringify(testInventory)}\ntickMs: -1\nhttpp: {}\n`,
    );
    const { exitCode, stderr } = await run(['config', 'check', file]);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain(`${file}:2:1 tickMs`);
    expect(stderr).toContain(`${file}:3:1 httpp unknown setting`);
  });

  it('knows an agent from a controller', async () => {
    const file = await write('agent.yaml', 'hostId: h1\n');
    const { exitCode, stderr } = await run(['config', 'check', '--kind', 'agent', file]);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain('redis');
  });
});
