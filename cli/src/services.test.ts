// `sluice controller` as a user runs it, with a real Redis and no switches.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedisServer } from '@sluice/agents/testing';
import { testInventory } from '@sluice/controller/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './testing.ts';

const redis = await startRedisServer();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
});
afterAll(async () => {
  if ('stop' in redis) await redis.stop();
  await rm(folder, { recursive: true });
});

describe.skipIf('skipped' in redis)(`sluice controller ${'skipped' in redis ? redis.skipped : ''}`, () => {
  it('serves until it is interrupted, then ends with 0', async () => {
    const file = join(folder, 'controller.yaml');
    const config = {
      inventory: testInventory,
      redis: { socketPath: 'skipped' in redis ? '' : redis.socketPath },
      http: { port: 0 },
      openflow: { port: 0 },
      ovsdb: { endpoints: [`unix:${folder}/none.sock`] },
      logLevel: 'silent',
    };
    await writeFile(file, JSON.stringify(config));
    const interrupted = new AbortController();
    let said = '';
    const ended = run(['controller', '--config', file], {
      signal: interrupted.signal,
      onError: (text) => {
        said += text;
      },
    });
    await expect.poll(() => said).toContain('HTTP on');
    const api = /HTTP on (\S+),/.exec(said)?.[1] ?? '';
    const hosts = await run(['host', 'list', '--api', api]);
    expect(hosts.stdout).toMatch(/h1 +hypervisor +10\.0\.0\.1 +silent/);
    const early = await run(['migration', 'create', 'web', 'h2', '--api', api]);
    expect(early.exitCode).toBe(EXIT.unreachable);
    expect(early.stderr).toContain('still connecting');
    interrupted.abort();
    expect((await ended).exitCode).toBe(EXIT.ok);
  });

  it('refuses a bad configuration with 2, naming the place', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(file, 'tickMs: soon\n');
    const { exitCode, stderr } = await run(['controller', '--config', file]);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain(`${file}:1:1 tickMs`);
  });
});

describe('sluice', () => {
  it('explains itself with examples', async () => {
    const { exitCode, stdout } = await run(['--help']);
    expect(exitCode).toBe(EXIT.ok);
    for (const word of [
      'migration',
      'reservation',
      'topology',
      'host',
      'events',
      'controller',
      'agent',
      'config',
    ])
      expect(stdout).toContain(word);
    expect((await run(['migration', 'create', '--help'])).stdout).toContain('60Mbit/s');
    expect((await run(['--version'])).stdout).toBe('0.1.0\n');
  });

  it('asks for what is missing with 2', async () => {
    expect((await run(['agent'])).exitCode).toBe(EXIT.usage);
    expect((await run([])).exitCode).toBe(EXIT.usage);
  });
});
