/** Two agents in the namespaces of two hosts, a VM with a network, and somebody who uses it meanwhile. Needs root. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AgentConfigInput } from './config.ts';
import { type AgentCommand, type AgentReport, reportEnvelopeSchema, streamNames } from './contract/index.ts';
import { nodeArgsFor } from './emulated/child.ts';
import { destroyVms } from './emulated/destroy-vms.ts';
import { type HostNamespaces, hostNamespaces } from './testing/host-namespaces.ts';
import { type PrivateRedis, startRedisServer } from './testing/redis-server.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const LIMIT_MS = 60_000;
const MEMORY_BYTES = 16 * 1024 * 1024;

const isRoot = process.getuid?.() === 0;
const server = isRoot ? await startRedisServer() : { skipped: 'needs root for network namespaces' };
if ('skipped' in server) console.warn(`skipped: agents in namespaces: ${server.skipped}`);

describe.skipIf('skipped' in server)('a VM that is used while it is migrated', () => {
  const { socketPath, stop } = server as PrivateRedis;
  const names = streamNames('sluice');
  let net: HostNamespaces;
  let redis: Redis;
  let root: string;
  const children: ChildProcess[] = [];
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

  const startAgentIn = async (index: 1 | 2): Promise<ChildProcess> => {
    const { namespace, device, ip } = net.host(index);
    const config: AgentConfigInput = {
      hostId: `h${index}`,
      redis: { socketPath },
      nic: { device, capacityBitsPerSec: 100e6, ip },
      stateDir: join(root, `h${index}`),
      networkNamespace: namespace,
      vms: [],
    };
    const vm = {
      vmId: 'vm',
      memoryBytes: MEMORY_BYTES,
      mac: '02:00:00:00:01:01',
      ip: '10.2.0.101',
      network: { namespace: net.vm, hostDevice: net.vm },
      dirty: { phases: [{ durationSec: 1, dirtyRateBytesPerSec: 1e6, workingSetBytes: 1024 * 1024 }] },
    };
    const file = join(root, `h${index}.json`);
    await writeFile(file, JSON.stringify(index === 1 ? { ...config, vms: [vm] } : config));
    const args = [...nodeArgsFor(path('./main.ts')), '--config', file, '--stop-vms'];
    const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, process.execPath, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    if (child.stdout === null) throw new Error('no output');
    for await (const line of createInterface(child.stdout)) if (line.includes('"agent_ready"')) break;
    child.stdout.resume();
    return child;
  };
  const command = (hostId: string, body: AgentCommand) =>
    redis.xadd(
      names.commands(hostId),
      '*',
      'json',
      JSON.stringify({ commandId: `${hostId} ${body.kind}`, epoch: 1, command: body }),
    );
  const report = async <K extends AgentReport['kind']>(
    kind: K,
  ): Promise<Extract<AgentReport, { kind: K }>> => {
    for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; ) {
      const reply = await redis.xread('BLOCK', 200, 'STREAMS', names.reports, readTo);
      for (const [entryId, fields] of reply?.[0]?.[1] ?? []) {
        readTo = entryId;
        reports.push(reportEnvelopeSchema.parse(JSON.parse(fields[1] ?? '')).report);
      }
      const at = reports.findIndex((found) => found.kind === kind);
      if (at !== -1) return reports.splice(at, 1)[0] as Extract<AgentReport, { kind: K }>;
    }
    throw new Error(`no ${kind}`);
  };
  const reports: AgentReport[] = [];
  let readTo = '0';

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'slr-'));
    net = hostNamespaces(`slr${process.pid}`);
    redis = new Redis(socketPath);
    await Promise.all([startAgentIn(1), startAgentIn(2)]);
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([1, 2].map((index) => destroyVms(join(root, `h${index}`))));
    net.close();
    redis.disconnect();
    await stop();
    await rm(root, { recursive: true, force: true });
  });

  it('keeps its address and its connections; the pause is seen, and nothing is left behind', async () => {
    const user = spawn(
      'ip',
      [
        'netns',
        'exec',
        net.client,
        process.execPath,
        ...nodeArgsFor(path('./testing/vm-user.ts')),
        '10.2.0.101',
        '5000',
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    children.push(user);
    const lines = createInterface(user.stdout)[Symbol.asyncIterator]();
    const look = async () => {
      user.stdin.write('?');
      return JSON.parse((await lines.next()).value);
    };
    expect((await lines.next()).value).toBe('reached');

    const migrationId = 'm';
    const rates = { rateCapBitsPerSec: 70e6, nicRateBitsPerSec: 80e6 };
    await command('h2', {
      kind: 'prepare_incoming',
      migrationId,
      vmId: 'vm',
      memoryBytes: MEMORY_BYTES,
      sourceHostId: 'h1',
    });
    const { ip, port } = await report('incoming_prepared');
    await command('h1', {
      kind: 'start_migration',
      migrationId,
      vmId: 'vm',
      destination: { ip, port },
      ...rates,
    });
    const round = await report('round_finished');
    // Headers, and on a busy machine segments that are sent twice.
    expect(round.wireBytes / round.transferredBytes).toBeGreaterThan(1.03);
    expect(
      net.ip('netns', 'exec', net.host(1).namespace, 'tc', 'class', 'show', 'dev', net.host(1).device),
    ).toContain('htb 1:100 ');
    await command('h1', { kind: 'begin_switchover', migrationId, ...rates });
    const completed = await report('migration_completed');
    const before = await look();
    await expect
      .poll(async () => (await look()).echoes, { timeout: LIMIT_MS })
      .toBeGreaterThan(before.echoes + 50);
    await expect
      .poll(async () => (await look()).tcpBytes, { timeout: LIMIT_MS })
      .toBeGreaterThan(before.tcpBytes + 50_000);
    const after = await look();
    expect(after.tcpEnded).toBe(false);
    // The prober sees the pause; by how much more or less, the network and the machine decide.
    expect(after.longestGapMs).toBeGreaterThan((completed.stopAndCopy.durationSec * 1000) / 2);
    expect(net.ip('-n', net.host(2).namespace, 'link', 'show', 'dev', net.vm)).toContain('br0');
    user.stdin.end();

    for (const child of children.filter((candidate) => candidate !== user)) {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
    }
    expect(net.ip('netns')).not.toContain(net.vm);
    for (const index of [1, 2] as const) {
      const { namespace, device } = net.host(index);
      expect(net.ip('netns', 'exec', namespace, 'tc', 'qdisc', 'show', 'dev', device)).not.toContain('htb');
    }
  });
});
