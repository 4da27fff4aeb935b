/**
 * The driver over two real libvirt daemons and a TCG guest on loopback: control, rates, abort, and the guest's memory
 * after all of it. Rates are printed, not judged: others may use the machine.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startAgent } from '../agent.ts';
import { type AgentCommand, type AgentReport, reportEnvelopeSchema, streamNames } from '../contract/index.ts';
import { nodeArgsFor } from '../emulated/child.ts';
import {
  driverOptions,
  type LibvirtPair,
  type LibvirtPairOptions,
  libvirtPair,
} from '../testing/libvirt-pair.ts';
import {
  ackedBytes,
  LISTEN_IP,
  libvirtMissing,
  type PrivateLibvirt,
  privateLibvirt,
} from '../testing/private-libvirt.ts';
import type { Side } from '../testing/qemu-guests.ts';
import { startRedisServer } from '../testing/redis-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });
if (libvirtMissing !== undefined) console.warn(`skipped: migrations by real libvirt: ${libvirtMissing}`);

const MEBIBYTE = 1024 * 1024;
/** 8 MB/s into 4 MiB: at less than 64 Mbit/s it never converges. */
const GUEST = { workingSetBytes: 4 * MEBIBYTE, pagesPerSec: 2000 };
/** 16 Mbit/s. */
const CALM_GUEST = { workingSetBytes: 4 * MEBIBYTE, pagesPerSec: 500 };
const LIMIT_MS = 60_000;
/** A rate is a mean over this. */
const MEASURE_MS = 1500;

describe.skipIf(libvirtMissing !== undefined)('a libvirt guest', () => {
  let libvirt: PrivateLibvirt;
  let pair: LibvirtPair | undefined;
  beforeAll(async () => {
    libvirt = await privateLibvirt();
  });
  afterAll(() => libvirt?.close());
  afterEach(async () => {
    await pair?.close();
    pair = undefined;
    await libvirt.endGuest('vm');
  });
  const open = async (options: LibvirtPairOptions = {}): Promise<LibvirtPair> => {
    pair = await libvirtPair(libvirt, options);
    return pair;
  };
  const begin = async ({ driver }: LibvirtPair, rateCapBitsPerSec: number | null, mechanism = {}) => {
    const common = { migrationId: 'm', vmId: 'vm', mechanism };
    const { memoryBytes } = libvirt;
    const destination = await driver.destination.prepareIncoming({ ...common, memoryBytes });
    await driver.source.startMigration({ ...common, destination, rateCapBitsPerSec });
    return destination;
  };
  /** Of what the kernel says was acknowledged: neither QEMU's nor libvirt's word. */
  const measure = async ({ ip, port }: { readonly ip: string; readonly port: number }): Promise<string> => {
    const [from, fromMs] = [ackedBytes(ip, port), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
    const rate = ((ackedBytes(ip, port) - from) * 8000) / (performance.now() - fromMs);
    return (rate / 1e6).toFixed(2);
  };
  const states = async ({ state }: LibvirtPair) => [
    await state('source', 'vm'),
    await state('destination', 'vm'),
  ];
  const downtimeLimit = async (): Promise<number> =>
    Number(await libvirt.virsh('source', 'migrate-getmaxdowntime', 'vm'));

  it('moves in rounds at the rate it is told, stops at the word, and not a page is lost', async () => {
    await libvirt.startGuest('vm', GUEST);
    const moving = await open();
    expect(await moving.driver.source.listVms()).toMatchObject([
      { vmId: 'vm', state: 'running', memoryBytes: libvirt.memoryBytes, ip: '10.0.0.1' },
    ]);
    const at = await begin(moving, 20e6);
    await moving.next('started');
    const first = await moving.next('round_finished');
    expect(first).toMatchObject({ round: 0, transferredBytes: expect.any(Number) });
    expect(first.remainingBytes).toBeGreaterThan(MEBIBYTE);
    const measured = [await measure(at)];
    for (const rate of [50e6, 20e6]) {
      moving.driver.source.setRateCap('m', rate);
      await moving.next('rate_cap_applied');
      measured.push(await measure(at));
    }
    console.log(`libvirt, 20, 50, 20 Mbit/s: ${measured.join(', ')}`);
    expect(moving.events.some(({ kind }) => kind === 'vm_stopped')).toBe(false);
    moving.driver.source.beginSwitchover('m', 50e6);
    await moving.next('vm_stopped');
    await moving.next('vm_resumed');
    const completed = await moving.next('completed');
    expect(completed.downtimeSec).toBeGreaterThan(0);
    expect(completed.stopAndCopy.transferredBytes).toBeGreaterThan(MEBIBYTE);
    expect(await states(moving)).toEqual([undefined, 'running']);
    expect(await libvirt.brokenPages('destination', 'vm')).toBe(0);
  });

  it('stops when the rest fits the terms, and takes its definition along', async () => {
    await libvirt.startGuest('vm', CALM_GUEST, { isPersistent: true });
    const moving = await open();
    await begin(moving, 40e6);
    await moving.next('round_finished');
    moving.driver.source.beginSwitchover('m', 40e6, { rateBitsPerSec: 10e6, downtimeLimitSec: 0.3 });
    const { remainingBytes } = await moving.next('vm_stopped');
    const { downtimeSec } = await moving.next('completed');
    console.log(`libvirt, terms of 375 kB: stopped at ${remainingBytes}, downtime ${downtimeSec} s`);
    expect(remainingBytes).toBeLessThan(MEBIBYTE);
    await moving.next('vm_resumed');
    expect(await libvirt.virsh('source', 'list', '--all', '--name')).not.toContain('vm');
    expect(await libvirt.virsh('destination', 'list', '--all', '--name', '--persistent')).toContain('vm');
    expect(await libvirt.brokenPages('destination', 'vm')).toBe(0);
  });

  it('goes on at the source when the migration is cancelled, with its limit as before', async () => {
    await libvirt.startGuest('vm', GUEST);
    const before = await downtimeLimit();
    const staying = await open({ rates: 'mebibytes' });
    const at = await begin(staying, 50e6);
    await staying.next('started');
    const measured = [await measure(at)];
    staying.driver.source.setRateCap('m', 20e6);
    await staying.next('rate_cap_applied');
    measured.push(await measure(at));
    console.log(`libvirt in whole MiB/s, 50, 20 Mbit/s (41.9, 16.8): ${measured.join(', ')}`);
    expect(await downtimeLimit()).toBe(1);
    staying.driver.source.cancel('m', 'changed our mind');
    staying.driver.destination.cancel('m', 'changed our mind');
    const failed = [await staying.next('failed'), await staying.next('failed')];
    expect(failed.find(({ side }) => side === 'source')).toMatchObject({
      code: 'cancelled',
      vmRunning: true,
    });
    expect(failed.find(({ side }) => side === 'destination')).toMatchObject({ vmRunning: false });
    expect(await downtimeLimit()).toBe(before);
    expect(await states(staying)).toEqual(['running', undefined]);
    expect(await libvirt.brokenPages('source', 'vm')).toBe(0);
  });

  it('is taken back by the next agent when the one that migrated it was killed', async () => {
    await libvirt.startGuest('vm', GUEST);
    const before = await downtimeLimit();
    const entry = fileURLToPath(new URL('../testing/migrating-libvirt-host.ts', import.meta.url));
    const destination = { ip: LISTEN_IP.destination, port: 49_216 };
    const options = JSON.stringify({ driver: driverOptions(libvirt, 'source'), destination });
    const host = spawn(process.execPath, [...nodeArgsFor(entry), options], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await new Promise((resolve) => host.on('message', resolve));
    host.kill('SIGKILL');
    await expect
      .poll(() => libvirt.virsh('source', 'domjobinfo', 'vm', '--rawstats'))
      .toContain('Job type: 2');
    const next = await open();
    await expect
      .poll(() => libvirt.virsh('source', 'domjobinfo', 'vm', '--rawstats'), { timeout: LIMIT_MS })
      .toContain('Job type: 0');
    await expect.poll(downtimeLimit, { timeout: LIMIT_MS }).toBe(before);
    expect(await states(next)).toEqual(['running', undefined]);
  });

  it('moves in post-copy, stands still when it is interrupted, and goes on over another port', async () => {
    await libvirt.startGuest('vm', GUEST);
    const moving = await open();
    await begin(moving, 8e6, { postcopy: true });
    await moving.next('started');
    moving.driver.source.startPostcopy('m', 8e6);
    expect(await moving.next('vm_resumed')).toMatchObject({ isPostcopy: true });
    expect(await moving.next('postcopy')).toMatchObject({ state: 'running' });
    moving.driver.source.pausePostcopy('m');
    await expect
      .poll(async () => (await moving.next('postcopy')).state, { timeout: LIMIT_MS })
      .toBe('paused');
    const again = await moving.driver.destination.prepareRecovery('m');
    moving.driver.source.recoverPostcopy('m', again, 80e6);
    await moving.next('incoming_finished');
    const completed = await moving.next('completed');
    console.log(`libvirt, post-copy: downtime ${completed.downtimeSec} s`);
    expect(await states(moving)).toEqual([undefined, 'running']);
    expect(await libvirt.brokenPages('destination', 'vm')).toBe(0);
  });

  it('moves under two agents as the controller says, telling every step', async () => {
    const server = await startRedisServer();
    if ('skipped' in server) return console.warn(`skipped: agents over libvirt: ${server.skipped}`);
    await libvirt.startGuest('vm', GUEST);
    const names = streamNames('sluice');
    const redis = new Redis(server.socketPath);
    const agent = (side: Side) =>
      startAgent({
        hostId: side,
        redis: { socketPath: server.socketPath },
        nic: { device: 'lo', capacityBitsPerSec: 1e9, ip: LISTEN_IP[side], shaping: 'none' },
        stateDir: join(libvirt.root, side),
        hypervisor: { kind: 'libvirt', uri: libvirt.uri(side), destinationUri: libvirt.uriTemplate },
        logLevel: 'silent',
      });
    const command = (side: Side, body: AgentCommand) => {
      const envelope = { commandId: `${body.kind} ${Math.random()}`, epoch: 1, command: body };
      return redis.xadd(names.commands(side), '*', 'json', JSON.stringify(envelope));
    };
    const reports: AgentReport[] = [];
    let readTo = '0';
    const report = async <K extends AgentReport['kind']>(kind: K) => {
      for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; ) {
        const at = reports.findIndex((found) => found.kind === kind);
        if (at !== -1) return reports.splice(at, 1)[0] as Extract<AgentReport, { kind: K }>; // Found by its kind.
        const reply = await redis.xread('BLOCK', 200, 'STREAMS', names.reports, readTo);
        for (const [entryId, fields] of reply?.[0]?.[1] ?? []) {
          readTo = entryId;
          reports.push(reportEnvelopeSchema.parse(JSON.parse(fields[1] ?? '')).report);
        }
      }
      throw new Error(`no ${kind}; instead: ${JSON.stringify(reports)}`);
    };
    const agents = await Promise.all([agent('source'), agent('destination')]);
    try {
      const common = { migrationId: 'm', vmId: 'vm', mechanism: { throttle: true } };
      const rates = { rateCapBitsPerSec: 40e6, nicRateBitsPerSec: null };
      const { memoryBytes } = libvirt;
      await command('destination', {
        ...{ kind: 'prepare_incoming', ...common, memoryBytes, sourceHostId: 'source' },
      });
      const { ip, port } = await report('incoming_prepared');
      await command('source', { kind: 'start_migration', ...common, destination: { ip, port }, ...rates });
      await report('migration_started');
      const round = await report('round_finished');
      expect(round.wireBytes).toBeGreaterThan(round.transferredBytes);
      await command('source', { kind: 'next_round', migrationId: 'm', round: 1, ...rates });
      await command('source', { kind: 'set_rate_cap', migrationId: 'm', ...rates });
      await report('rate_cap_applied');
      await command('source', { kind: 'begin_switchover', migrationId: 'm', ...rates });
      await report('vm_stopped');
      expect((await report('vm_resumed')).vm).toMatchObject({ vmId: 'vm', state: 'running', ip: '10.0.0.1' });
      expect((await report('migration_completed')).stopAndCopy.transferredBytes).toBeGreaterThan(0);
      await command('destination', {
        ...{ kind: 'prepare_incoming', migrationId: 'n', vmId: 'vm', memoryBytes, sourceHostId: 'source' },
      });
      expect(await report('migration_failed')).toMatchObject({ code: 'busy', vmRunning: true });
    } finally {
      await Promise.all(agents.map((one) => one.close()));
      redis.disconnect();
      await server.stop();
    }
  });

  // The last: its destination does not come back.
  it('goes on at the source when the destination loses power', async () => {
    await libvirt.startGuest('vm', GUEST);
    const staying = await open();
    await begin(staying, 8e6);
    await staying.next('started');
    const atMs = performance.now();
    await libvirt.kill('destination');
    expect(await staying.next('failed')).toMatchObject({
      ...{ side: 'source', code: 'connection_lost', vmRunning: true },
    });
    console.log(`libvirt, destination gone: told after ${Math.round(performance.now() - atMs)} ms`);
    expect(await staying.state('source', 'vm')).toBe('running');
    expect(await libvirt.brokenPages('source', 'vm')).toBe(0);
  });
});
