// What npm would publish, installed without a network into an empty project: the examples of the README are checked
// against its types and run there, and so does its command.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '..');
const PACK_CHECK = join(FOLDER, '..', '..', 'scripts', 'pack-check.mjs');
/** No promise of the package: several compilers and npm run one after another. */
const TIMEOUT_MS = 600_000;

/** Ends with 0, or throws what it said. */
const packCheck = (files: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PACK_CHECK, FOLDER, ...files], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
  });

/** Uses both doors and the command as somebody would who installed the package. */
const USE = `
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createController, decodeMessage, encodeMessage, flowMod, flowStatsRequest, OFPFC, of10, of15 } from '@oflib/openflow';
import { createFakeSwitch } from '@oflib/openflow/testing';

const controller = createController({ port: 0 });
const arrived = new Promise<string>((resolve) => {
  controller.on('switch', async (sw) => {
    await sw.sendBatch([flowMod({ command: OFPFC.ADD, match: { in_port: 1 } })]);
    const { flows } = await sw.request(flowStatsRequest());
    resolve(sw.dpid + ' ' + flows.length);
  });
});
const fake = createFakeSwitch({ dpid: '00000000000000aa', ports: [{ portNo: 1, name: 'p1' }] });
await fake.connect(await controller.listen());
assert.equal(await arrived, '00000000000000aa 1');
await fake.close();
await controller.close();

for (const [version, message] of [['1.0', of10.flowMod({ command: 0 })], ['1.5', of15.flowMod({ command: 0 })]] as const) {
  assert.deepEqual(decodeMessage(encodeMessage(message, 1, version)).message, message);
}
const hex = execFileSync('node_modules/.bin/oflib', ['encode', '1.3', 'add-flow', 'in_port=1,actions=output:2'], { encoding: 'utf8' });
assert.match(execFileSync('node_modules/.bin/oflib', ['print', hex.trim()], { encoding: 'utf8' }), /ADD .*in_port=1 actions=output:2/);
`;

/** The commands of the README, where npm has put the command of the package. */
const shell = (text: string): string => `
const PATH = process.cwd() + '/node_modules/.bin:' + process.env.PATH;
execFileSync('bash', ['-euo', 'pipefail', '-c', ${JSON.stringify(text)}], { env: { ...process.env, PATH }, stdio: 'inherit' });
`;

describe('the package', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'openflow-readme-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'holds what is built from its sources, and no tests',
    () => {
      const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], {
        cwd: FOLDER,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      // The script before packing may say something first.
      const [{ files }] = JSON.parse(listed.slice(listed.indexOf('[\n'))) as [{ files: { path: string }[] }];
      const paths = files.map(({ path }) => path);
      const built = paths
        .filter((path) => /^dist\/.*\.js$/.test(path))
        .map((path) => path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
      expect(built.sort()).toEqual(paths.filter((path) => path.startsWith('src/')).sort());
      expect(paths.filter((path) => /\.test\.|tsbuildinfo|harness|\/tools\//.test(path))).toEqual([]);
      const needed = [
        'README.md',
        'package.json',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/testing/index.js',
      ];
      expect(paths).toEqual(expect.arrayContaining(needed));
    },
    TIMEOUT_MS,
  );

  it(
    'runs in an empty project, with the examples of the README',
    async () => {
      const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
      const examples = [...readme.matchAll(/```ts (messages\.ts)\n(.*?)```/gs)].map(
        ([, name = '', code = '']) => {
          writeFileSync(join(folder, name), code);
          return join(folder, name);
        },
      );
      expect(examples.length).toBeGreaterThan(0);
      const use = join(folder, 'use.ts');
      const commands = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text);
      expect(commands.length).toBeGreaterThan(0);
      writeFileSync(use, `${USE}${shell(commands.join('\n'))}`);
      await packCheck([use, ...examples]);
    },
    TIMEOUT_MS,
  );

  it('needs nothing else', () => {
    const manifest = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
    expect([manifest.dependencies, manifest.peerDependencies, manifest.private]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
