/** A real QEMU on each of two pretended hosts, without root: the guest on the first, one that waits for it on the second. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../emulated/process-identity.ts';
import { QmpClient, type QmpEvent } from '../qemu/qmp/index.ts';
import { brokenWords, type Dirtying, dirtyingGuest, WORKING_SET_AT } from './dirtying-guest.ts';

/** Not a multiple of 256 KiB: TCG of QEMU 7.2 loses dirty pages of a guest whose memory is. */
const GUEST_MEMORY_KIB = 131_064;
const LIMIT_MS = 60_000;
const POLL_MS = 10;
const QEMU = '/usr/bin/qemu-system-x86_64';

export const qemuMissing: string | undefined = existsSync(QEMU) ? undefined : `${QEMU} is not installed`;

export type Side = 'source' | 'destination';

export interface QemuGuests {
  readonly root: string;
  readonly guestsDir: Readonly<Record<Side, string>>;
  readonly memoryBytes: number;
  readonly processes: Readonly<Record<Side, ChildProcess>>;
  /** A monitor of our own, beside the driver's. */
  monitor(side: Side, onEvent?: (event: QmpEvent) => void): Promise<QmpClient>;
  /** Until the guest has written its whole working set; before, there is too little to make rounds of. */
  written(): Promise<void>;
  /** How many pages of the guest are not what it wrote. */
  brokenPages(side: Side): Promise<number>;
  close(): Promise<void>;
}

export interface QemuGuestsOptions {
  /** Without: a machine that has nothing to run. */
  readonly guest?: Dirtying;
  readonly disks?: readonly string[];
  readonly argsOf?: (side: Side, dir: string) => Promise<readonly string[]>;
}

export async function qemuGuests(options: QemuGuestsOptions = {}): Promise<QemuGuests> {
  const root = await mkdtemp(join(tmpdir(), 'slq-'));
  const guestsDir = { source: join(root, 'source'), destination: join(root, 'destination') };
  const memoryBytes = GUEST_MEMORY_KIB * 1024;
  const kernel = join(root, 'guest');
  if (options.guest !== undefined) await writeFile(kernel, dirtyingGuest(options.guest));

  async function start(side: Side): Promise<ChildProcess> {
    const dir = guestsDir[side];
    await mkdir(dir);
    const qmpSocket = join(dir, 'vm.qmp');
    const second = join(dir, 'second.qmp');
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
    for (const socket of [qmpSocket, second]) args.push('-qmp', `unix:${socket},server=on,wait=off`);
    if (options.guest !== undefined) args.push('-kernel', kernel);
    if (side === 'destination') args.push('-incoming', 'defer');
    args.push('-no-reboot', ...((await options.argsOf?.(side, dir)) ?? []));
    const child = spawn(QEMU, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.resume();
    await until(() => existsSync(qmpSocket) && existsSync(second));
    const identity = child.pid === undefined ? undefined : await identify(child.pid);
    if (identity === undefined) throw new Error('QEMU did not start');
    const record = {
      ...{ version: 1, vmId: 'vm', pid: identity.pid, startTicks: identity.startTime, qmpSocket },
      ...{ netDevice: null, memoryBytes, mac: '52:54:00:00:00:01', ip: '10.0.0.1' },
      ...{ state: side === 'source' ? 'running' : 'incoming', disks: options.disks ?? [] },
    };
    await writeFile(join(dir, 'vm.new'), JSON.stringify(record));
    await rename(join(dir, 'vm.new'), join(dir, 'vm.json'));
    return child;
  }

  const [source, destination] = await Promise.all([start('source'), start('destination')]);
  /** A socket's file is there an instant before QEMU listens on it. */
  const monitor: QemuGuests['monitor'] = async (side, onEvent) => {
    const address = { socketPath: join(guestsDir[side], 'second.qmp') };
    for (const deadline = Date.now() + LIMIT_MS; ; ) {
      try {
        return await QmpClient.connect(address, onEvent === undefined ? {} : { onEvent });
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
  };
  return {
    root,
    guestsDir,
    memoryBytes,
    processes: { source, destination },
    monitor,
    async written() {
      const client = await monitor('source');
      const look = { 'command-line': `xp /1wx 0x${WORKING_SET_AT.toString(16)}` };
      let text = '';
      for (const deadline = Date.now() + LIMIT_MS; !/0x0*([2-9a-f]|[1-9a-f][0-9a-f]+)\s*$/.test(text); ) {
        if (Date.now() > deadline) throw new Error(`the guest does not write: ${text}`);
        text = String(await client.execute('human-monitor-command', look));
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      client.close();
    },
    async brokenPages(side) {
      const client = await monitor(side);
      const filename = join(guestsDir[side], 'memory');
      await client.execute('stop');
      const size = options.guest?.workingSetBytes ?? 0;
      await client.execute('pmemsave', { val: WORKING_SET_AT, size, filename });
      await client.execute('cont');
      client.close();
      return brokenWords(await readFile(filename));
    },
    async close() {
      for (const child of [source, destination]) await ended(child);
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

/** Looks until it holds. @throws Error that says what there is instead */
export async function until(holds: () => boolean, otherwise: () => string = () => 'in vain'): Promise<void> {
  for (const deadline = Date.now() + LIMIT_MS; !holds(); ) {
    if (Date.now() > deadline) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
