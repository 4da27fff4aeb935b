/**
 * Real guests under QEMU on real Open vSwitch: they boot in their hosts' namespaces, do what they are told, and one is
 * migrated while a client uses it, with every page of it checked afterwards. Nothing stays behind, even after a kill.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bitsPerSec } from '@sluice/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildGuestImage,
  findAnswering,
  findLabGuests,
  type GuestImage,
  type GuestSpecInput,
  isUnharmed,
  type LabGuest,
  listLabGuests,
  migrateLabGuest,
  parseGuestSpec,
  startLabGuest,
  stopLabGuests,
} from '../src/guests/index.ts';
import {
  cleanStaleRuns,
  type Lab,
  mustSkip,
  type Network,
  obstaclesToGuests,
  openLab,
} from '../src/lab/index.ts';
import { startEchoProber, startGuestClient } from '../src/traffic/index.ts';
import { guestNetwork } from './guest-network.ts';

const BUILT_GUESTS = fileURLToPath(new URL('../dist/guests/index.js', import.meta.url));
const BUILT_LAB = fileURLToPath(new URL('../dist/lab/index.js', import.meta.url));
const MIB = 1024 * 1024;
const RATE_BITS_PER_SEC = 100e6;
/** What a migration writes about itself for people who read the output of the tests. */
const say = (text: string) => process.stdout.write(`${text}\n`);

const WEB: GuestSpecInput = {
  vmId: 'web',
  memoryBytes: 96 * MIB,
  mac: '52:54:00:5c:00:01',
  ip: '10.60.1.1',
  prefixLength: 16,
  workloadBytes: 20 * MIB,
  fillBytes: 16 * MIB,
  load: { pagesPerSec: 400, workingSetBytes: 8 * MIB, pattern: 'random' },
};
const DB: GuestSpecInput = { ...WEB, vmId: 'db', mac: '52:54:00:5c:00:02', ip: '10.60.1.2' };

describe.skipIf(mustSkip('real guests', obstaclesToGuests()))('real guests', () => {
  let image: GuestImage;
  let lab: Lab;
  let network: Network;

  beforeAll(async () => {
    await cleanStaleRuns();
    const began = performance.now();
    image = await buildGuestImage();
    say(
      `guest image of ${image.kernelPackage} ${image.kernelVersion}: ${Math.round(performance.now() - began)} ms`,
    );
    lab = await openLab({ label: 'e2e of guests' });
    network = await lab.buildNetwork(guestNetwork(), { ip: lab.controllerIp, port: 1 });
    await network.provisionPorts('managed');
    for (const bridge of network.bridges.values())
      await lab.switchd.ofctl(['add-flow', bridge, 'priority=0,actions=NORMAL']);
  });

  afterAll(async () => {
    const { prefix } = lab;
    const pids = listLabGuests(prefix).map(({ record }) => record.pid);
    await lab.close();
    expect(await traces(prefix)).toEqual([]);
    expect(pids.filter((pid) => isQemu(pid))).toEqual([]);
  });

  const start = (spec: GuestSpecInput, host: string): Promise<LabGuest> =>
    startLabGuest({ prefix: lab.prefix, host, spec: parseGuestSpec(spec), image });

  async function asked<T>(
    vmId: string,
    ask: (control: Awaited<ReturnType<typeof findAnswering>>) => Promise<T>,
  ) {
    const control = await findAnswering(lab.prefix, vmId);
    try {
      return await ask(control);
    } finally {
      control.close();
    }
  }

  it('boot in two namespaces, take a load and serve clients', async () => {
    const began = performance.now();
    const guests = [await start(WEB, 'h1'), await start(DB, 'h2')];
    await asked('web', (control) => control.status());
    await asked('db', (control) => control.status());
    const sizes = guests.map(({ record }) => `${Math.round(residentBytes(record.pid) / MIB)} MiB`);
    say(`two guests answer after ${Math.round(performance.now() - began)} ms, resident ${sizes.join(', ')}`);

    const status = await asked('db', (control) => control.setLoad({ pagesPerSec: 100, pattern: 'hot_cold' }));
    expect(status).toMatchObject({ pagesPerSec: 100, pattern: 'hot_cold', workingSetBytes: 8 * MIB });
    const verdict = await asked('db', (control) => control.verify());
    expect(verdict).toMatchObject({ wrongPages: 0, sequenceMatches: true });

    const { namespace } = network.host('c1');
    const page = await promisify(execFile)('nsenter', [
      `--net=/run/netns/${namespace}`,
      ...['busybox', 'wget', '-q', '-O', '-', `http://${DB.ip}/`],
    ]);
    expect(page.stdout).toBe('A guest of Sluice.\n');
    const rate = bitsPerSec(4e6);
    const client = {
      name: 'client',
      namespace,
      ip: WEB.ip,
      port: 5000,
      rate,
      direction: 'download' as const,
    };
    const flow = await startGuestClient(lab, client);
    await expect
      .poll(() => flow.samples.reduce((sum, sample) => sum + sample.bytes, 0), { timeout: 10_000 })
      .toBeGreaterThan(0);
    await flow.stop();
  });

  it('that are on a host already, or have the address of another, are refused', async () => {
    await expect(start(WEB, 'h1')).rejects.toThrow('is on this host already');
    await expect(start({ ...WEB, vmId: 'twin' }, 'h9')).rejects.toThrow(
      /there is no host h9.*ip 10.60.1.1 is that of web; mac .* is that of web/,
    );
  });

  it('migrate with every page as it was, while a client uses them', async () => {
    const { namespace } = network.host('c1');
    const prober = await startEchoProber(lab, {
      name: 'prober',
      namespace,
      ip: WEB.ip,
      port: 5000,
      periodMs: 5,
    });
    const rate = bitsPerSec(2e6);
    const flow = await startGuestClient(lab, {
      ...{ name: 'user', namespace, ip: WEB.ip, port: 5000, rate },
      direction: 'download',
    });
    await expect.poll(() => prober.echoes.length, { timeout: 10_000 }).toBeGreaterThan(20);
    await asked('web', (control) => control.resetStall());

    const { rounds, completion, verdict, from, to } = await migrateLabGuest({
      ...{ prefix: lab.prefix, vmId: 'web', to: 'h2', rateCapBitsPerSec: RATE_BITS_PER_SEC },
    });
    const heard = prober.echoes.length;
    await expect.poll(() => prober.echoes.length, { timeout: 10_000 }).toBeGreaterThan(heard + 20);
    const gap = prober.longestGap();
    const mbit = (completion.transferredBytes * 8) / completion.totalTimeSec / 1e6;
    say(
      `${from} to ${to}: ${completion.totalTimeSec.toFixed(2)} s in ${rounds.length} rounds, ` +
        `${(completion.transferredBytes / 1e6).toFixed(1)} MB at ${mbit.toFixed(1)} Mbit/s, ` +
        `QEMU's downtime ${Math.round(completion.downtimeSec * 1000)} ms, outage seen by a prober ${Math.round(gap?.durationMs ?? -1)} ms, ` +
        `guest's own longest stall ${verdict.longestStallMs.toFixed(0)} ms, ${verdict.checkedPages} pages checked`,
    );
    expect(verdict).toMatchObject({ wrongPages: 0, firstWrongPage: -1, sequenceMatches: true });
    expect(isUnharmed(verdict)).toBe(true);
    expect(verdict.writtenPages).toBeGreaterThan(0);
    expect(findLabGuests(lab.prefix, 'web').map(({ host }) => host)).toEqual(['h2']);
    expect(flow.problem).toBe(null);
    await flow.stop();
    await prober.stop();
  });

  it('take their disks along, written until the end, every block checked', async () => {
    const disk: GuestSpecInput = {
      ...WEB,
      ...{ vmId: 'disk', mac: '52:54:00:5c:00:03', ip: '10.60.1.3', diskBytes: 8 * MIB },
      load: { pagesPerSec: 100, workingSetBytes: 4 * MIB, diskBlocksPerSec: 20 },
    };
    await start(disk, 'h1');
    await asked('disk', async (control) => {
      const enough = { timeout: 20_000 };
      await expect.poll(async () => (await control.status()).diskWrittenBlocks, enough).toBeGreaterThan(20);
    });
    const { completion, verdict } = await migrateLabGuest({
      ...{ prefix: lab.prefix, vmId: 'disk', to: 'h2', rateCapBitsPerSec: RATE_BITS_PER_SEC },
    });
    say(
      `with a disk of 8 MiB: ${completion.totalTimeSec.toFixed(2)} s, ${verdict.diskWrittenBlocks} blocks written, ` +
        `${verdict.diskCheckedBlocks} checked`,
    );
    expect(verdict).toMatchObject({ wrongPages: 0, sequenceMatches: true, diskCheckedBlocks: 2048 });
    expect(verdict).toMatchObject({ diskWrongBlocks: 0, diskFailedWrites: 0 });
    expect(findLabGuests(lab.prefix, 'disk').map(({ host }) => host)).toEqual(['h2']);
  });

  it('end by their recorded process', async () => {
    const pids = listLabGuests(lab.prefix).map(({ record }) => record.pid);
    expect(pids).toHaveLength(3);
    await stopLabGuests(lab.prefix);
    expect(listLabGuests(lab.prefix)).toEqual([]);
    expect(pids.filter(isQemu)).toEqual([]);
  });

  it('of a killed lab are ended by the next clean-up', async () => {
    const { prefix, pid } = await startAndKill();
    await cleanStaleRuns();
    expect(isQemu(pid)).toBe(false);
    expect(await traces(prefix)).toEqual([]);
  });
});

/** What a lab may leave, seen from outside. */
async function traces(prefix: string): Promise<readonly string[]> {
  const links = (await promisify(execFile)('ip', ['-brief', 'link', 'show'])).stdout.split('\n');
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  const runs = existsSync('/run/sluice') ? readdirSync('/run/sluice') : [];
  return [...links, ...namespaces, ...runs].filter((name) => name.startsWith(prefix));
}

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

function isQemu(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('qemu-system');
  } catch {
    return false;
  }
}

/** A process that opens a lab, boots a guest in it, and kills itself in the middle. */
function startAndKill(): Promise<{ readonly prefix: string; readonly pid: number }> {
  const script = `
    const { openLab } = await import(${JSON.stringify(BUILT_LAB)});
    const { buildGuestImage, parseGuestSpec, startLabGuest } = await import(${JSON.stringify(BUILT_GUESTS)});
    const lab = await openLab({ label: 'killed' });
    await lab.buildNetwork(JSON.parse(process.argv[1]), { ip: lab.controllerIp, port: 1 });
    const spec = parseGuestSpec(JSON.parse(process.argv[2]));
    const guest = await startLabGuest({ prefix: lab.prefix, host: 'h1', spec, image: await buildGuestImage() });
    const line = JSON.stringify({ prefix: lab.prefix, pid: guest.record.pid });
    process.stdout.write(line, () => process.kill(process.pid, 'SIGKILL'));
  `;
  const options = [JSON.stringify(guestNetwork()), JSON.stringify(WEB)];
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (_code, signal) =>
      signal === 'SIGKILL'
        ? resolve(JSON.parse(text))
        : reject(new Error(`the child was not killed: ${text}`)),
    );
  });
}
