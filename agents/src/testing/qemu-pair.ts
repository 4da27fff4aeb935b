/** Two hosts' drivers and a real QEMU on each, on loopback without root: the guest migrates from one to the other. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../emulated/process-identity.ts';
import type { HypervisorEvent } from '../hypervisor.ts';
import { QemuDriver } from '../qemu/driver.ts';
import { QmpClient } from '../qemu/qmp/index.ts';
import { brokenWords, type Dirtying, dirtyingGuest, WORKING_SET_AT } from './dirtying-guest.ts';

/** Not a multiple of 256 KiB: TCG of QEMU 7.2 loses dirty pages of a guest whose memory is. */
export const GUEST_MEMORY_KIB = 131_064;
const EVENT_LIMIT_MS = 60_000;
const POLL_MS = 10;
const QEMU = '/usr/bin/qemu-system-x86_64';

export const qemuMissing: string | undefined = existsSync(QEMU) ? undefined : `${QEMU} is not installed`;

export type Side = 'source' | 'destination';
type EventOf<K extends HypervisorEvent['kind']> = Extract<HypervisorEvent, { kind: K }>;

export interface QemuPair {
  readonly driver: Readonly<Record<Side, QemuDriver>>;
  readonly memoryBytes: number;
  readonly events: readonly HypervisorEvent[];
  readonly processes: Readonly<Record<Side, ChildProcess>>;
  next<K extends HypervisorEvent['kind']>(kind: K): Promise<EventOf<K>>;
  runState(side: Side): Promise<string | undefined>;
  /** A monitor of our own, beside the driver's. */
  monitor(side: Side): Promise<QmpClient>;
  /** How many pages of the dirtying guest are not what it wrote. */
  brokenPages(side: Side): Promise<number>;
  close(): Promise<void>;
}

export interface QemuPairOptions {
  /** Without: a machine that has nothing to run. */
  readonly guest?: Dirtying;
  readonly disks?: readonly string[];
  readonly argsOf?: (side: Side, dir: string) => Promise<readonly string[]>;
  readonly stallLimitMs?: number;
}

export async function qemuPair(options: QemuPairOptions = {}): Promise<QemuPair> {
  const root = await mkdtemp(join(tmpdir(), 'slq-'));
  const events: HypervisorEvent[] = [];
  const memoryBytes = GUEST_MEMORY_KIB * 1024;

  async function open(side: Side): Promise<{ driver: QemuDriver; process: ChildProcess }> {
    const guestsDir = join(root, side);
    await mkdir(guestsDir);
    const qmpSocket = join(guestsDir, 'vm.qmp');
    const own = (await options.argsOf?.(side, guestsDir)) ?? [];
    const args = [
      '-accel',
      'tcg',
      '-M',
      'pc',
      '-m',
      `${GUEST_MEMORY_KIB}K`,
      '-nodefaults',
      '-display',
      'none',
    ];
    const monitor = ['-qmp', `unix:${qmpSocket},server=on,wait=off`, '-no-reboot'];
    const second = ['-qmp', `unix:${join(guestsDir, 'second.qmp')},server=on,wait=off`];
    const kernel = options.guest === undefined ? [] : ['-kernel', join(root, 'guest')];
    const incoming = side === 'destination' ? ['-incoming', 'defer'] : [];
    const child = spawn(QEMU, [...args, ...monitor, ...second, ...kernel, ...incoming, ...own], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.resume();
    await until(() => existsSync(qmpSocket));
    const identity = child.pid === undefined ? undefined : await identify(child.pid);
    if (identity === undefined) throw new Error('QEMU did not start');
    const record = {
      ...{ version: 1, vmId: 'vm', pid: identity.pid, startTicks: identity.startTime, qmpSocket },
      ...{ netDevice: null, memoryBytes, mac: '52:54:00:00:00:01', ip: '10.0.0.1' },
      ...{ state: side === 'source' ? 'running' : 'incoming', disks: options.disks ?? [] },
    };
    await writeFile(join(guestsDir, 'vm.json'), JSON.stringify(record));
    const driver = new QemuDriver({
      guestsDir,
      launchIncoming: null,
      listenIp: '127.0.0.1',
      ports: { first: 49_152, last: 49_407 },
      stallLimitMs: options.stallLimitMs ?? 5000,
      dirtyRatePeriodMs: 0,
    });
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
    return { driver, process: child };
  }

  if (options.guest !== undefined) await writeFile(join(root, 'guest'), dirtyingGuest(options.guest));
  const [source, destination] = await Promise.all([open('source'), open('destination')]);
  const driver = { source: source.driver, destination: destination.driver };
  return {
    driver,
    memoryBytes,
    events,
    processes: { source: source.process, destination: destination.process },
    async next(kind) {
      let found: EventOf<typeof kind> | undefined;
      await until(
        () => {
          const at = events.findIndex((event) => event.kind === kind);
          if (at !== -1) found = events.splice(at, 1)[0] as EventOf<typeof kind>;
          return found !== undefined;
        },
        () => `no ${kind}; instead: ${JSON.stringify(events)}`,
      );
      if (found === undefined) throw new Error(`no ${kind}`);
      return found;
    },
    async runState(side) {
      return (await driver[side].listVms()).find(({ vmId }) => vmId === 'vm')?.state;
    },
    monitor: (side) => QmpClient.connect({ socketPath: join(root, side, 'second.qmp') }),
    async brokenPages(side) {
      const monitor = await QmpClient.connect({ socketPath: join(root, side, 'second.qmp') });
      const filename = join(root, side, 'memory');
      await monitor.execute('stop');
      const size = options.guest?.workingSetBytes ?? 0;
      await monitor.execute('pmemsave', { val: WORKING_SET_AT, size, filename });
      await monitor.execute('cont');
      monitor.close();
      return brokenWords(await readFile(filename));
    },
    async close() {
      await Promise.all([driver.source.close(), driver.destination.close()]);
      for (const { process: child } of [source, destination]) await ended(child);
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

async function until(holds: () => boolean, otherwise: () => string = () => 'in vain'): Promise<void> {
  for (const deadline = Date.now() + EVENT_LIMIT_MS; !holds(); ) {
    if (Date.now() > deadline) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
