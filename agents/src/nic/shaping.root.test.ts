/** The shaper against the kernel: two namespaces, a veth between them, real tc. Needs root. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { bitsPerSec } from '@sluice/units';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CommandRunner, systemRunner } from '../run-command.ts';
import { htbShaper } from './shaping.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const skip = process.getuid?.() === 0 ? undefined : 'needs root for network namespaces';
if (skip) console.warn(`skipped: HTB in the kernel: ${skip}`);

const PORT = 4444;
const SENT_BYTES = 2_000_000;

describe.skipIf(skip !== undefined)('HTB in the kernel', () => {
  const [near, far, device] = [`slt${process.pid}a`, `slt${process.pid}b`, `slt${process.pid}v`];
  const ip = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8' });
  const tc = (...args: string[]) => ip('netns', 'exec', near, 'tc', ...args);
  const runner: CommandRunner = {
    run: (command, args, input) => systemRunner.run('ip', ['netns', 'exec', near, command, ...args], input),
  };
  const inNamespace = (namespace: string, script: string) =>
    spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  let sink: ReturnType<typeof inNamespace>;

  beforeAll(async () => {
    for (const namespace of [near, far]) ip('netns', 'add', namespace);
    ip('-n', near, 'link', 'add', 'name', device, 'type', 'veth', 'peer', 'name', device, 'netns', far);
    for (const [namespace, address] of [
      [near, '10.1.0.1/24'],
      [far, '10.1.0.2/24'],
    ] as const) {
      ip('-n', namespace, 'addr', 'add', address, 'dev', device);
      ip('-n', namespace, 'link', 'set', 'dev', device, 'up');
      ip('-n', namespace, 'link', 'set', 'dev', 'lo', 'up');
      ip('netns', 'exec', namespace, 'ethtool', '-K', device, 'tx', 'off');
    }
    sink = inNamespace(
      far,
      `require('net').createServer((s) => s.resume().on('end', () => s.end())).listen(${PORT}, () => console.log('up'))`,
    );
    if (sink.stdout) await once(sink.stdout, 'data');
  });
  afterAll(() => {
    sink?.kill('SIGKILL');
    for (const namespace of [near, far]) ip('netns', 'del', namespace);
  });

  const sendingScript = `const s = require('net').connect(${PORT}, '10.1.0.2'); s.end(Buffer.alloc(${SENT_BYTES})); s.resume()`;
  const sendAll = async (): Promise<void> => {
    await once(inNamespace(near, sendingScript), 'exit');
  };
  const shaper = () => htbShaper({ device, capacity: bitsPerSec(100e6), runner });
  const withHeaders = (bytes: number) => {
    expect(bytes).toBeGreaterThan(SENT_BYTES * 1.03);
    expect(bytes).toBeLessThan(SENT_BYTES * 1.2);
  };

  it('carries a migration in its class, at changing rates, without a drop', async () => {
    const nic = shaper();
    await nic.start();
    await nic.add('m', { ip: '10.1.0.2', port: PORT }, bitsPerSec(40e6));
    const sending = sendAll();
    for (const rate of [20e6, 80e6, 60e6]) await nic.setRate('m', bitsPerSec(rate));
    await sending;
    withHeaders((await nic.wireBytes('m')) ?? 0);
    expect(tc('-s', 'class', 'show', 'dev', device, 'classid', '1:100')).toMatch(/\(dropped 0,/);
    await nic.remove('m');
    expect(tc('class', 'show', 'dev', device)).not.toContain('1:100');
    await nic.close();
    expect(tc('qdisc', 'show', 'dev', device)).not.toContain('htb');
  });

  it('counts a migration that shares the queue of the applications', async () => {
    const nic = shaper();
    await nic.start();
    await nic.add('m', { ip: '10.1.0.2', port: PORT }, null);
    await sendAll();
    withHeaders((await nic.wireBytes('m')) ?? 0);
    expect(tc('class', 'show', 'dev', device)).not.toContain('1:100');
    await nic.close();
  });

  it('replaces its own left-over and refuses a foreign one', async () => {
    await shaper().start();
    const next = shaper();
    await next.start();
    await next.close();
    tc('qdisc', 'add', 'dev', device, 'root', 'handle', '5:', 'htb', 'default', '1');
    await expect(shaper().start()).rejects.toMatchObject({ code: 'foreign_qdisc' });
    tc('qdisc', 'del', 'dev', device, 'root');
  });

  it('guarantees a floor to what a VM of this host sends, and to nothing else', async () => {
    const guest = `slt${process.pid}g`;
    const mac = '02:00:00:00:01:01';
    ip('netns', 'add', guest);
    try {
      // A VM behind a bridge, whose frames leave by the device with its own MAC.
      ip('-n', near, 'link', 'add', 'name', 'br0', 'type', 'bridge');
      ip('-n', near, 'link', 'add', 'name', 'tap0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', guest);
      for (const port of [device, 'tap0']) ip('-n', near, 'link', 'set', 'dev', port, 'master', 'br0', 'up');
      ip('-n', near, 'link', 'set', 'dev', 'br0', 'up');
      ip('-n', guest, 'link', 'set', 'dev', 'eth0', 'address', mac, 'up');
      ip('-n', guest, 'addr', 'add', '10.1.0.3/24', 'dev', 'eth0');
      ip('netns', 'exec', guest, 'ethtool', '-K', 'eth0', 'tx', 'off');
      const nic = shaper();
      await nic.start();
      await nic.setGuests([mac]);
      await nic.keepFloor('m', bitsPerSec(20_508_000));
      expect(tc('class', 'show', 'dev', device)).toMatch(/class htb 1:30 .*rate 20Mbit ceil 100Mbit/);
      const sent = () =>
        Number(
          /Sent (\d+) bytes/.exec(tc('-s', 'class', 'show', 'dev', device, 'classid', '1:30'))?.[1] ?? 0,
        );
      await once(inNamespace(guest, sendingScript), 'exit');
      withHeaders(sent());
      const before = sent();
      ip('-n', near, 'addr', 'del', '10.1.0.1/24', 'dev', device);
      ip('-n', near, 'addr', 'add', '10.1.0.1/24', 'dev', 'br0');
      await sendAll();
      // But for the last word of a connection, or a question about neighbours.
      expect(sent() - before).toBeLessThan(10_000);
      await nic.remove('m');
      expect(tc('class', 'show', 'dev', device)).not.toContain('1:30');
      await nic.close();
    } finally {
      ip('netns', 'del', guest);
    }
  });
});
