// The controller as a process of its own, with a real Redis and no switches.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRedisServer } from '@sluice/agents/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testInventory } from './testing/index.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const redis = await startRedisServer();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-main-'));
});
afterAll(async () => {
  if ('stop' in redis) await redis.stop();
  await rm(folder, { recursive: true });
});

function start(...args: string[]) {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', MAIN, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number | null) };
}

describe.skipIf('skipped' in redis)(
  `the controller process ${'skipped' in redis ? redis.skipped : ''}`,
  () => {
    it('says where it listens, and ends with 0 on SIGTERM', async () => {
      const file = join(folder, 'controller.json');
      const config = {
        inventory: testInventory,
        redis: { socketPath: 'skipped' in redis ? '' : redis.socketPath },
        http: { port: 0 },
        openflow: { port: 0 },
        ovsdb: { endpoints: [`unix:${folder}/none.sock`] },
      };
      await writeFile(file, JSON.stringify(config));
      const { child, output, ended } = start('--config', file);
      await expect.poll(output).toContain('"event":"controller_listening"');
      const url = /"httpUrl":"([^"]+)"/.exec(output())?.[1];
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const ready = await fetch(`${url}/readyz`);
      expect(await ready.json()).toMatchObject({
        ready: false,
        reasons: [expect.stringContaining('not_ready'), expect.anything()],
      });
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(output()).toContain('"event":"controller_closed"');
    });

    it('ends with 2 and every problem when the configuration is bad', async () => {
      const file = join(folder, 'bad.json');
      await writeFile(file, '{"tickMs": 0, "colour": 1}');
      const { output, ended } = start('--config', file);
      expect(await ended).toBe(2);
      expect(output()).toContain('inventory');
      expect(output()).toContain('tickMs');
      expect(output()).toContain('colour');
      expect(output()).not.toContain('    at ');
    });

    it('ends with 1 and a sentence when Redis is not there', async () => {
      const file = join(folder, 'no-redis.json');
      await writeFile(
        file,
        JSON.stringify({ inventory: testInventory, redis: { socketPath: `${folder}/none.sock` } }),
      );
      const { output, ended } = start('--config', file);
      expect(await ended).toBe(1);
      expect(output()).toContain('the store cannot be reached');
    });
  },
);
