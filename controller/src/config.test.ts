import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { DEFAULT_CORE_CONFIG } from './core/index.ts';
import { testInventory } from './testing/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};
const inventoryLine = `inventory: ${JSON.stringify(testInventory)}\n`;

async function problemsOf(work: () => unknown): Promise<readonly ConfigProblem[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
const placed = async (file: string, env: NodeJS.ProcessEnv = {}) =>
  (await problemsOf(() => loadConfig(file, env))).map(
    ({ line, column, path, message }) => `${line}:${column} ${path} ${message}`,
  );

describe('a configuration', () => {
  it('needs only an inventory, and is frozen to the ground', () => {
    const config = parseConfig({ inventory: testInventory });
    expect(config).toMatchObject({
      http: { host: '127.0.0.1', port: 8470 },
      openflow: { host: '127.0.0.1', port: 6653 },
      prefix: 'sluice',
      core: DEFAULT_CORE_CONFIG,
    });
    expect(() => Object.assign(config.core, { speedup: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.inventory.hosts[0] ?? {}, { name: 'x' })).toThrow(TypeError);
  });

  it('takes seconds from the file and gives milliseconds to the core', () => {
    const { core } = parseConfig({
      inventory: testInventory,
      core: { agentLeaseSec: 1.5, headroomFraction: 0.2 },
    });
    expect(core).toEqual({ ...DEFAULT_CORE_CONFIG, agentLease: 1500, headroomFraction: 0.2 });
  });

  it('tells every problem at once, with its line and column', async () => {
    const text = `${inventoryLine}tickMs: 5
http:
  port: 70000
  hots: localhost
core:
  headroomFraction: 2
logLevel: loud
`;
    expect(await placed(await write('bad.yaml', text))).toEqual([
      expect.stringMatching(/^4:3 http\.port /),
      expect.stringMatching(/^5:3 http\.hots unknown setting/),
      expect.stringMatching(/^7:3 core\.headroomFraction /),
      expect.stringMatching(/^2:1 tickMs /),
      expect.stringMatching(/^8:1 logLevel /),
    ]);
  });

  it('reads its inventory from another file and names that file when it is wrong', async () => {
    const file = await write('main.yaml', 'inventoryFile: net.json\n');
    await write('net.json', JSON.stringify(testInventory, null, 2));
    expect((await loadConfig(file, {})).inventory.switches).toHaveLength(3);
    const text = JSON.stringify(testInventory, null, 2).replace(
      '"capacityBitsPerSec": 60000000',
      '"capacityBitsPerSec": 0',
    );
    await write('net.json', text);
    const [problem] = await problemsOf(() => loadConfig(file, {}));
    const line = text.split('\n').findIndex((content) => content.includes('"capacityBitsPerSec": 0')) + 1;
    expect(problem).toMatchObject({
      file: join(folder, 'net.json'),
      line,
      path: 'links.1.capacityBitsPerSec',
    });
  });

  it('refuses a capacity of zero, a floor above the link, and two cables on one port', async () => {
    const [first, ...links] = testInventory.links;
    const changed = (change: object) => ({ ...testInventory, links: [{ ...first, ...change }, ...links] });
    const paths = async (inventory: unknown) =>
      (await problemsOf(() => parseConfig({ inventory }))).map(({ path }) => path);
    expect(await paths(changed({ capacityBitsPerSec: 0 }))).toContain('inventory.links.0.capacityBitsPerSec');
    expect(await paths(changed({ floorBitsPerSec: 2e8 }))).toContain('inventory.links.0.floorBitsPerSec');
    expect(await paths(changed({ a: { switch: 's1', port: 3 } }))).toContain('inventory.links.1.a.port');
  });

  it('says where YAML ends to be YAML', async () => {
    expect(await placed(await write('broken.yaml', 'http:\n  host: [\n'))).toEqual([
      expect.stringMatching(/^3:1 /),
    ]);
  });

  it('says that a file cannot be read', async () => {
    const [problem] = await problemsOf(() => loadConfig(join(folder, 'none.yaml'), {}));
    expect(problem).toMatchObject({
      file: join(folder, 'none.yaml'),
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('lets the environment stand above the file', async () => {
    const file = await write(
      'env.yaml',
      `${inventoryLine}http: { host: localhost }\nredis: { url: 'redis://a' }\n`,
    );
    const env = {
      SLUICE_HTTP_PORT: '0',
      SLUICE_REDIS_SOCKET: '/run/redis.sock',
      SLUICE_PREFIX: 'lab',
      OTHER: 'x',
    };
    expect(await loadConfig(file, env)).toMatchObject({
      http: { host: 'localhost', port: 0 },
      redis: { socketPath: '/run/redis.sock' },
      prefix: 'lab',
    });
    expect(await placed(file, { SLUICE_HTTP_PORT: 'many' })).toEqual([expect.stringContaining('http.port')]);
  });

  it('listens beyond loopback only when that is said twice, because the API knows no users', async () => {
    const http = { host: '0.0.0.0' };
    const [problem] = await problemsOf(() => parseConfig({ inventory: testInventory, http }));
    expect(problem).toMatchObject({ path: 'http.host', message: expect.stringContaining('allowRemote') });
    expect(parseConfig({ inventory: testInventory, http: { ...http, allowRemote: true } }).http.host).toBe(
      '0.0.0.0',
    );
  });
});
