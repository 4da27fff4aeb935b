import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningAgent, startAgent } from './agent.ts';
import type { AgentCommand, AgentReport, ReportEnvelope } from './contract/index.ts';
import { reportEnvelopeSchema, streamNames } from './contract/index.ts';
import { testVm } from './testing/emulated-pair.ts';
import { type PrivateRedis, startRedisServer } from './testing/index.ts';

// Real processes: seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const server = await startRedisServer();
if ('skipped' in server) console.warn(`skipped: agent over Redis: ${server.skipped}`);
const LIMIT_MS = 90_000;

describe.skipIf('skipped' in server)('two agents over Redis', () => {
  const names = streamNames('sluice');
  let redis: Redis;
  let root: string;
  let agents: RunningAgent[];
  let commandCount = 0;
  const reports: ReportEnvelope[] = [];
  const { socketPath, stop } = server as PrivateRedis;

  const command = async (hostId: string, body: AgentCommand, epoch = 1): Promise<void> => {
    commandCount += 1;
    const envelope = { commandId: `c${commandCount}`, epoch, command: body };
    await redis.xadd(names.commands(hostId), '*', 'json', JSON.stringify(envelope));
  };
  let readTo = '0';
  const report = async <K extends AgentReport['kind']>(
    kind: K,
    matches: (found: Extract<AgentReport, { kind: K }>, envelope: ReportEnvelope) => boolean = () => true,
  ): Promise<Extract<AgentReport, { kind: K }>> => {
    for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; ) {
      const reply = await redis.xread('BLOCK', 200, 'STREAMS', names.reports, readTo);
      for (const [entryId, fields] of reply?.[0]?.[1] ?? []) {
        readTo = entryId;
        reports.push(reportEnvelopeSchema.parse(JSON.parse(fields[1] ?? '')));
      }
      const at = reports.findIndex(
        (envelope) =>
          envelope.report.kind === kind &&
          matches(envelope.report as Extract<AgentReport, { kind: K }>, envelope),
      );
      if (at !== -1) return reports.splice(at, 1)[0]?.report as Extract<AgentReport, { kind: K }>;
    }
    throw new Error(`no ${kind}; instead ${JSON.stringify(reports.map((envelope) => envelope.report))}`);
  };
  const config = (hostId: string, vms: ReturnType<typeof testVm>[]) => ({
    hostId,
    redis: { socketPath },
    nic: { device: 'lo', capacityBitsPerSec: 100e6, ip: '127.0.0.1', shaping: 'none' as const },
    stateDir: join(root, hostId),
    vms,
    heartbeatMs: 100,
    destroyVmsOnClose: true,
    logLevel: 'silent' as const,
  });

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sla-'));
    redis = new Redis(socketPath);
    agents = await Promise.all([startAgent(config('h1', [testVm()])), startAgent(config('h2', []))]);
  });
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    redis.disconnect();
    await stop();
    await rm(root, { recursive: true, force: true });
  });

  it('carry a VM from one to the other, telling every step, and leave no command behind', async () => {
    await report('host_profile', (found) => found.vms.some(({ vmId }) => vmId === 'vm'));
    await report('nic_load', (found) =>
      found.vms.some(({ dirtyRateBytesPerSec }) => dirtyRateBytesPerSec > 0),
    );
    const migrationId = 'm1';
    await command('h2', {
      kind: 'prepare_incoming',
      migrationId,
      vmId: 'vm',
      memoryBytes: testVm().memoryBytes,
      sourceHostId: 'h1',
    });
    const { ip, port } = await report('incoming_prepared');
    const rates = { rateCapBitsPerSec: 60e6, nicRateBitsPerSec: 64e6 };
    await command('h1', {
      kind: 'start_migration',
      migrationId,
      vmId: 'vm',
      destination: { ip, port },
      ...rates,
    });
    await report('migration_started');
    const round = await report('round_finished');
    expect(round.wireBytes).toBeGreaterThan(round.transferredBytes);
    await command('h1', {
      kind: 'set_rate_cap',
      migrationId,
      rateCapBitsPerSec: 70e6,
      nicRateBitsPerSec: 75e6,
    });
    expect(await report('rate_cap_applied')).toEqual({
      kind: 'rate_cap_applied',
      migrationId,
      rateCapBitsPerSec: 70e6,
    });
    await command('h1', {
      kind: 'begin_switchover',
      migrationId,
      rateCapBitsPerSec: null,
      nicRateBitsPerSec: null,
    });
    await report('vm_stopped');
    expect((await report('vm_resumed')).vm).toMatchObject({ vmId: 'vm', state: 'running' });
    expect(await report('migration_completed')).toMatchObject({ checkedPages: 2048 });
    await report('host_profile', (found, { hostId }) => hostId === 'h1' && found.vms.length === 0);
    for (const host of ['h1', 'h2'])
      await expect.poll(() => redis.xlen(names.commands(host)), { timeout: LIMIT_MS }).toBe(0);
  });

  it('refuse a controller of an earlier epoch and clear its commands away', async () => {
    await command('h1', { kind: 'cancel_migration', migrationId: 'x', reason: 'new' }, 5);
    await expect.poll(() => redis.xlen(names.commands('h1')), { timeout: LIMIT_MS }).toBe(0);
    const stale = { kind: 'prepare_incoming', vmId: 'y', memoryBytes: 4096, sourceHostId: 'h2' } as const;
    await command('h1', { ...stale, migrationId: 'stale' }, 4);
    await redis.xadd(names.commands('h1'), '*', 'json', 'rubbish');
    await command('h1', { ...stale, migrationId: 'fresh' }, 5);
    await report('incoming_prepared', ({ migrationId }) => migrationId === 'fresh');
    await expect.poll(() => redis.xlen(names.commands('h1')), { timeout: LIMIT_MS }).toBe(0);
    const prepared = reports.filter((envelope) => envelope.report.kind === 'incoming_prepared');
    expect(prepared).toEqual([]);
    await command('h1', { kind: 'cancel_migration', migrationId: 'fresh', reason: 'enough' }, 5);
    expect(await report('migration_failed')).toMatchObject({ migrationId: 'fresh', code: 'cancelled' });
  });

  it('answer a command about a migration or VM that they do not know', async () => {
    const rates = { rateCapBitsPerSec: 1e6, nicRateBitsPerSec: null };
    await command('h2', { kind: 'next_round', migrationId: 'ghost', round: 1, ...rates }, 5);
    expect(await report('migration_failed', ({ migrationId }) => migrationId === 'ghost')).toMatchObject({
      side: 'source',
      code: 'unknown_migration',
    });
    const destination = { ip: '127.0.0.1', port: 1 };
    await command(
      'h2',
      { kind: 'start_migration', migrationId: 'g2', vmId: 'ghost', destination, ...rates },
      5,
    );
    expect(await report('migration_failed', ({ migrationId }) => migrationId === 'g2')).toMatchObject({
      code: 'unknown_vm',
      vmRunning: false,
    });
  });

  it('end what can be ended when their controller has gone silent for a lease', async () => {
    const agent = await startAgent({ ...config('h4', []), leaseMs: 500 });
    const incoming = { vmId: 'z', memoryBytes: 4096, sourceHostId: 'h1' };
    await command('h4', { kind: 'prepare_incoming', migrationId: 'alone', ...incoming }, 5);
    await report('incoming_prepared', ({ migrationId }) => migrationId === 'alone');
    // Never seen, a controller is not missed.
    await report('nic_load', (_, { hostId, seq }) => hostId === 'h4' && seq > 10);
    expect(reports.some((one) => one.hostId === 'h4' && one.report.kind === 'migration_failed')).toBe(false);
    await redis.set(names.controllerSign, '5');
    // It is seen once some heartbeats have gone by, for each waits until the one before has looked.
    const latest = (await redis.xrevrange(names.reports, '+', '-'))
      .map(([, fields]) => reportEnvelopeSchema.parse(JSON.parse(fields[1] ?? '')))
      .find(({ hostId }) => hostId === 'h4');
    const seqMin = (latest?.seq ?? 0) + 4;
    await report('nic_load', (_, { hostId, seq }) => hostId === 'h4' && seq >= seqMin);
    await redis.del(names.controllerSign);
    expect(await report('migration_failed', ({ migrationId }) => migrationId === 'alone')).toMatchObject({
      code: 'cancelled',
      detail: expect.stringContaining('lost its controller'),
    });
    await agent.close();
  });

  it('start while Redis is away and report when it comes', async () => {
    const at = join(root, 'late.sock');
    const agent = await startAgent({ ...config('h3', []), redis: { socketPath: at } });
    const late = await startRedisServer({ at });
    if ('skipped' in late) throw new Error(late.skipped);
    const reader = new Redis(at);
    await expect.poll(() => reader.xlen(names.reports), { timeout: LIMIT_MS }).toBeGreaterThan(1);
    const [first] = await reader.xrange(names.reports, '-', '+', 'COUNT', 1);
    expect(reportEnvelopeSchema.parse(JSON.parse(first?.[1][1] ?? ''))).toMatchObject({
      hostId: 'h3',
      seq: 0,
      report: { kind: 'host_profile' },
    });
    await agent.close();
    reader.disconnect();
    await late.stop();
  });
});
