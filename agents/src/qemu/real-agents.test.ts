/** Two agents, Redis between them and the controller's part, and a real QEMU guest: what a controller hears. */
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningAgent, startAgent } from '../agent.ts';
import { type AgentCommand, type AgentReport, reportEnvelopeSchema, streamNames } from '../contract/index.ts';
import { type QemuGuests, qemuGuests, qemuMissing, type Side } from '../testing/qemu-guests.ts';
import { type PrivateRedis, startRedisServer } from '../testing/redis-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
const LIMIT_MS = 60_000;
const server = qemuMissing === undefined ? await startRedisServer() : { skipped: qemuMissing };
if ('skipped' in server) console.warn(`skipped: agents over QEMU: ${server.skipped}`);

const MEBIBYTE = 1024 * 1024;
const HOSTS = { source: 'h1', destination: 'h2' } as const;

describe.skipIf('skipped' in server)('two agents over QEMU', () => {
  const { socketPath, stop } = server as PrivateRedis;
  const names = streamNames('sluice');
  let redis: Redis;
  let guests: QemuGuests;
  let agents: readonly RunningAgent[] = [];
  const reports: { readonly hostId: string; readonly report: AgentReport }[] = [];
  let readTo = '0';

  const open = (side: Side): Promise<RunningAgent> =>
    startAgent({
      hostId: HOSTS[side],
      redis: { socketPath },
      nic: { device: 'lo', capacityBitsPerSec: 1e9, ip: '127.0.0.1', shaping: 'none' },
      stateDir: join(guests.root, HOSTS[side]),
      hypervisor: { kind: 'qemu', guestsDir: guests.guestsDir[side] },
      logLevel: 'silent',
    });
  const command = (side: Side, body: AgentCommand) => {
    const envelope = { commandId: `${body.kind} ${Math.random()}`, epoch: 1, command: body };
    return redis.xadd(names.commands(HOSTS[side]), '*', 'json', JSON.stringify(envelope));
  };
  const report = async <K extends AgentReport['kind']>(
    kind: K,
  ): Promise<Extract<AgentReport, { kind: K }>> => {
    for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; ) {
      const at = reports.findIndex(({ report: found }) => found.kind === kind);
      if (at !== -1) return reports.splice(at, 1)[0]?.report as Extract<AgentReport, { kind: K }>; // Found by its kind.
      const reply = await redis.xread('BLOCK', 200, 'STREAMS', names.reports, readTo);
      for (const [entryId, fields] of reply?.[0]?.[1] ?? []) {
        readTo = entryId;
        reports.push(reportEnvelopeSchema.parse(JSON.parse(fields[1] ?? '')));
      }
    }
    throw new Error(`no ${kind}; instead: ${JSON.stringify(reports)}`);
  };

  beforeAll(async () => {
    redis = new Redis(socketPath);
    guests = await qemuGuests({ guest: { workingSetBytes: 8 * MEBIBYTE, pagesPerSec: 2000 } });
    await guests.written();
    agents = await Promise.all([open('source'), open('destination')]);
  });
  afterAll(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    await guests.close();
    redis.disconnect();
    await stop();
  });

  it('carry a guest over as the controller says, telling every step', async () => {
    const { capabilities, vms } = await report('host_profile');
    expect(capabilities).toContain('postcopy');
    expect(vms).toMatchObject([{ vmId: 'vm', memoryBytes: guests.memoryBytes }]);
    const common = { migrationId: 'm', vmId: 'vm', mechanism: { throttle: true } };
    const rates = { rateCapBitsPerSec: 40e6, nicRateBitsPerSec: null };
    const { memoryBytes } = guests;
    await command('destination', { kind: 'prepare_incoming', ...common, memoryBytes, sourceHostId: 'h1' });
    const { ip, port } = await report('incoming_prepared');
    await command('source', { kind: 'start_migration', ...common, destination: { ip, port }, ...rates });
    await report('migration_started');
    const round = await report('round_finished');
    expect(round).toMatchObject({ round: 0, remainingBytes: expect.any(Number) });
    expect(round.wireBytes).toBeGreaterThan(round.transferredBytes);
    await command('source', { kind: 'next_round', migrationId: 'm', round: 1, ...rates });
    await command('source', { kind: 'set_rate_cap', migrationId: 'm', ...rates });
    expect(await report('rate_cap_applied')).toMatchObject({ rateCapBitsPerSec: 40e6 });
    await report('round_finished');
    await command('source', { kind: 'begin_switchover', migrationId: 'm', ...rates });
    expect((await report('vm_stopped')).remainingBytes).toBeGreaterThan(MEBIBYTE);
    expect((await report('vm_resumed')).vm).toMatchObject({ vmId: 'vm', state: 'running' });
    const { stopAndCopy } = await report('migration_completed');
    expect(stopAndCopy.transferredBytes).toBeGreaterThan(MEBIBYTE);
    expect(await guests.brokenPages('destination')).toBe(0);
  });

  it('say so when what was asked for is not to be had', async () => {
    await command('destination', {
      ...{ kind: 'prepare_incoming', migrationId: 'n', vmId: 'vm', memoryBytes: guests.memoryBytes },
      ...{ sourceHostId: 'h1', mechanism: {} },
    });
    expect(await report('migration_failed')).toMatchObject({ code: 'busy', vmRunning: true });
  });
});
