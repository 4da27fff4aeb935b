/** The lab itself on real parts: what it promises of queues, and that it leaves nothing behind, even when killed. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bitsPerSec } from '@sluice/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanStaleRuns, type Lab, mustSkip, openLab, snapshotSwitches } from '../src/lab/index.ts';
import { addQueue1, measureSaturated, networkSpec, removeQueue1 } from '../src/lab/saturation.ts';

const BUILT_LAB = fileURLToPath(new URL('../dist/lab/index.js', import.meta.url));
const BUILT_SATURATION = fileURLToPath(new URL('../dist/lab/saturation.js', import.meta.url));
const SYSCTLS = ['core/wmem_default', 'core/rmem_default', 'ipv4/tcp_allowed_congestion_control'];

/** What labs may change on a machine, seen from outside. */
async function traces(prefix: string): Promise<readonly string[]> {
  const links = (await promisify(execFile)('ip', ['-brief', 'link', 'show'])).stdout.split('\n');
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  const runs = existsSync('/run/sluice') ? readdirSync('/run/sluice') : [];
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && mentions(name, prefix));
  return [...links, ...namespaces, ...runs].filter((name) => name.startsWith(prefix)).concat(processes);
}

function mentions(pid: string, prefix: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(prefix);
  } catch {
    return false;
  }
}

/** A lab of somebody else at the same time keeps the settings raised; the last one restores them. */
const otherLabs = () =>
  existsSync('/run/sluice') && readdirSync('/run/sluice').some((name) => name.endsWith('.json'));

const settings = () => SYSCTLS.map((name) => readFileSync(`/proc/sys/net/${name}`, 'utf8').trim());

describe.skipIf(mustSkip('lab on real parts'))('a lab on real parts', () => {
  let before: readonly string[] = [];
  let alone = true;
  let lab: Lab;

  beforeAll(async () => {
    await cleanStaleRuns();
    alone = !otherLabs();
    before = settings();
    lab = await openLab({ label: 'e2e of the lab' });
  });

  afterAll(async () => {
    await lab.close();
    expect(await traces(lab.prefix)).toEqual([]);
    if (alone && !otherLabs()) expect(settings()).toEqual(before);
  });

  it('queue 1 comes, changes and goes without a trace in database and kernel', async () => {
    const network = await lab.buildNetwork(networkSpec(), { ip: lab.controllerIp, port: 1 });
    try {
      await network.provisionPorts('managed');
      const clean = await snapshotSwitches(lab, network);
      const port = network.port('right', 1);
      for (let round = 0; round < 5; round += 1) {
        const queue = await addQueue1(lab, port, bitsPerSec(20_000_000 + round * 1_000_000));
        const rate = 30_000_000 + round * 1_000_000;
        await lab.switchd.vsctl(['set', 'Queue', queue, `other-config:max-rate=${rate}`]);
        expect(await snapshotSwitches(lab, network)).not.toEqual(clean);
        await removeQueue1(lab, port, queue);
        expect(await snapshotSwitches(lab, network)).toEqual(clean);
      }
    } finally {
      await network.close();
    }
  });

  it('ports change between managed and unmanaged and back', async () => {
    const network = await lab.buildNetwork(networkSpec(), { ip: lab.controllerIp, port: 1 });
    try {
      await network.provisionPorts('managed');
      const managed = await snapshotSwitches(lab, network);
      await network.provisionPorts('unmanaged');
      const unmanaged = await snapshotSwitches(lab, network);
      const device = network.port('right', 1).device;
      expect(Object.keys(managed.qos[device]?.queues ?? {})).toEqual(['0', '2']);
      expect(Object.keys(unmanaged.qos[device]?.queues ?? {})).toEqual(['0']);
      await network.provisionPorts('managed');
      expect(await snapshotSwitches(lab, network)).toEqual(managed);
    } finally {
      await network.close();
    }
  });

  it('a guaranteed flow keeps its rate while UDP through the same cable fills queue 0', async () => {
    const { sent, arrived, reservedQueue, applications, applicationDrops } = await measureSaturated(lab);
    expect(arrived / sent).toBeGreaterThan(0.95);
    expect(reservedQueue).toBeGreaterThan(arrived);
    expect(applications).toBeGreaterThan(0);
    expect(applicationDrops).toBeGreaterThan(0);
  });

  it('what a killed owner leaves is removed at the next start, and nothing else', async () => {
    const prefix = await startAndKill();
    expect((await traces(prefix)).length).toBeGreaterThan(0);
    const cleaned = await cleanStaleRuns();
    expect(cleaned.map((run) => run.prefix)).toContain(prefix);
    expect(await traces(prefix)).toEqual([]);
    expect((await traces(lab.prefix)).length).toBeGreaterThan(0);
  });
});

/** A process that opens a lab with a network and a grandchild in a host, and kills itself in the middle. */
function startAndKill(): Promise<string> {
  const script = `
    const { openLab } = await import(${JSON.stringify(BUILT_LAB)});
    const { networkSpec } = await import(${JSON.stringify(BUILT_SATURATION)});
    const lab = await openLab({ label: 'killed' });
    const network = await lab.buildNetwork(networkSpec(), { ip: lab.controllerIp, port: 1 });
    const namespace = network.host('sender').namespace;
    lab.spawn({ name: 'parent', namespace, command: 'sh', args: ['-c', 'sleep 600 & sleep 601'] });
    process.stdout.write(lab.prefix, () => process.kill(process.pid, 'SIGKILL'));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let prefix = '';
  child.stdout.on('data', (chunk: Buffer) => {
    prefix += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (_code, signal) =>
      signal === 'SIGKILL' ? resolve(prefix) : reject(new Error(`the child was not killed: ${prefix}`)),
    );
  });
}
