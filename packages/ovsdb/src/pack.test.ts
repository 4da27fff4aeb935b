// What npm would publish, installed without a network into an empty project: every example of the README is checked
// against its types and runs there, against a private ovsdb-server. The test plays ovs-vswitchd.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
import { ovs } from './open-vswitch.ts';
import { Certificates, whyNoCertificates } from './testing/certificates.ts';
import { eventually, OvsdbServer, whyNoServer } from './testing/ovsdb-server.ts';
import { named } from './value.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const PACK_CHECK = fileURLToPath(new URL('../../../scripts/pack-check.mjs', import.meta.url));
/** No promise of the package: several compilers and npm run one after another. */
const TIMEOUT_MS = 600_000;

const missing = whyNoServer() ?? whyNoCertificates();
if (missing) console.warn(`skipped: the examples of the README as a package, because ${missing}`);

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

describe('the package', () => {
  it(
    'holds what is built from its sources, and neither tests nor their helpers',
    () => {
      const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], {
        cwd: FOLDER,
        encoding: 'utf8',
      });
      const [{ files }] = JSON.parse(listed) as [{ files: { path: string }[] }];
      const paths = files.map(({ path }) => path);
      const built = paths
        .filter((path) => /^dist\/.*\.js$/.test(path))
        .map((path) => path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
      expect(built.sort()).toEqual(paths.filter((path) => path.startsWith('src/')).sort());
      expect(paths.filter((path) => /test|generator|tsbuildinfo|bench/.test(path))).toEqual([]);
      expect(paths).toEqual(
        expect.arrayContaining(['README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
      );
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

describe.skipIf(missing !== null)(
  'the examples of the README, in a project that installed the package',
  () => {
    let certificates: Certificates;
    let server: OvsdbServer;
    let folder: string;
    let vswitchd: OvsdbClient<typeof OPEN_VSWITCH>;
    let sslEndpoint: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'ovsdb-readme-'));
      certificates = new Certificates();
      const ca = certificates.authority('ca');
      const own = certificates.identity('switch', 'ca');
      const ours = certificates.identity('controller', 'ca');
      for (const [from, to] of [
        [ours.keyPath, 'key.pem'],
        [ours.certPath, 'cert.pem'],
      ] as const)
        copyFileSync(from, join(certificates.folder, to));
      const log = join(folder, 'server.log');
      const keys = [
        `--private-key=${own.keyPath}`,
        `--certificate=${own.certPath}`,
        `--ca-cert=${ca.certPath}`,
      ];
      server = new OvsdbServer({ args: ['--remote=pssl:0:127.0.0.1', ...keys, `--log-file=${log}`] });
      await server.start();
      const port = () => /listening on port (\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
      await eventually(() => port() !== undefined, 'the server says its port');
      sslEndpoint = `ssl:127.0.0.1:${port()}`;
      vswitchd = await OvsdbClient.connect({ endpoint: server.endpoint, database: OPEN_VSWITCH });
      await vswitchd.transact([
        ovs.insert('Interface', { name: 's1-eth1' }, { uuidName: 'i' }),
        ovs.insert('Port', { name: 's1-eth1', interfaces: [named('i')] }, { uuidName: 'p' }),
        ovs.insert('Bridge', { name: 's1', ports: [named('p')] }, { uuidName: 'b' }),
        ovs.insert('Open_vSwitch', { bridges: [named('b')] }),
      ]);
      const view = await vswitchd.monitor({ Open_vSwitch: ['next_cfg', 'cur_cfg'] });
      view.subscribe(() => {
        for (const row of view.table('Open_vSwitch').values())
          if (row.cur_cfg < row.next_cfg)
            vswitchd.transact([ovs.update('Open_vSwitch', [], { cur_cfg: row.next_cfg })]).catch(() => {});
      });
    });
    afterAll(async () => {
      vswitchd.close();
      await server.dispose();
      certificates.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    it(
      'compile and run',
      async () => {
        const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
        const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
        const here = (block: string) =>
          block
            .replaceAll('unix:/var/run/openvswitch/db.sock', server.endpoint)
            .replaceAll(/tcp:10\.0\.0\.1[^']*/g, server.endpoint)
            .replaceAll('ssl:switch.example:6640', sslEndpoint)
            .replaceAll('/etc/controller', certificates.folder);
        blocks.forEach((block, index) => {
          writeFileSync(
            join(folder, `example-${index}.ts`),
            `${here(block)}\nconsole.log('example ${index} ends');\n`,
          );
        });
        const examples = readdirSync(folder)
          .filter((name) => name.endsWith('.ts'))
          .sort();
        expect(examples).toHaveLength(7);
        const said = await packCheck(examples.map((name) => join(folder, name)));
        for (const index of blocks.keys()) expect(said).toContain(`example ${index} ends`);
        expect(said).toMatch(/queue [0-9a-f-]{36}/);
        expect(said).toContain('it is not ours any more');
        expect(said).not.toMatch(/server_untrusted|client_rejected/);
      },
      TIMEOUT_MS,
    );
  },
);
