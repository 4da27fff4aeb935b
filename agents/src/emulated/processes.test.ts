/** What outlives what: agents, VMs, senders and receivers as processes of their own, killed by pid. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { emulatedPair, type Pair, testVm } from '../testing/emulated-pair.ts';
import { nodeArgsFor } from './child.ts';
import { EmulatedDriver } from './driver.ts';
import { recordedVms } from './state-dir.ts';
import { takeBackVm } from './take-back.ts';

// Real processes: seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const POLL = { timeout: 90_000, interval: 20 };
const pairs: Pair[] = [];
afterEach(async () => {
  await Promise.all(pairs.splice(0).map((pair) => pair.close()));
});
const openPair = async (): Promise<Pair> => {
  const pair = await emulatedPair();
  pairs.push(pair);
  return pair;
};
const isDirtying = async (pair: Pair): Promise<boolean> => {
  const client = await pair.control('source');
  const bitmap = await client.syncBitmap();
  client.close();
  return bitmap.some((byte) => byte !== 0);
};

describe('a VM', () => {
  it('outlives its driver and is adopted by the next one, not started a second time', async () => {
    const pair = await openPair();
    const [before] = await recordedVms(pair.stateDir.source);
    await pair.source.close();
    const next = new EmulatedDriver({
      stateDir: pair.stateDir.source,
      listenIp: '127.0.0.1',
      host: null,
      vms: [testVm()],
    });
    await next.start({ onEvent: () => undefined, onVmsChanged: () => undefined });
    expect(await next.listVms()).toMatchObject([{ vmId: 'vm', state: 'running' }]);
    const [after] = await recordedVms(pair.stateDir.source);
    expect(after?.record.process).toEqual(before?.record.process);
    await next.close();
  });

  it('that was killed is no longer listed, and its place can be taken', async () => {
    const pair = await openPair();
    const [found] = await recordedVms(pair.stateDir.source);
    if (found === undefined) throw new Error('no VM');
    process.kill(found.record.process.pid, 'SIGKILL');
    await expect.poll(() => pair.source.listVms(), POLL).toEqual([]);
    await expect.poll(() => recordedVms(pair.stateDir.source), POLL).toEqual([]);
  });

  it('goes on by itself when its sender is killed while it is paused', async () => {
    const pair = await openPair();
    const client = await pair.control('source');
    await client.pause();
    expect(await pair.source.listVms()).toMatchObject([{ state: 'paused' }]);
    client.close(); // What a killed sender leaves behind.
    await expect.poll(async () => (await pair.source.listVms())[0]?.state, POLL).toBe('running');
    await expect.poll(() => isDirtying(pair), POLL).toBe(true);
  });

  it('takes another dirty profile while it runs', async () => {
    const pair = await openPair();
    const client = await pair.control('source');
    const phase = {
      durationSec: 1,
      dirtyRateBytesPerSec: 0,
      workingSetBytes: 4096,
      pattern: 'cyclic' as const,
    };
    await client.setDirtyProfile({ phases: [phase], repeat: false, burst: null });
    await client.syncBitmap();
    // The next sampling window is without a write.
    await expect.poll(async () => (await client.status()).dirtyRateBytesPerSec, POLL).toBe(0);
    expect((await client.syncBitmap()).every((byte) => byte === 0)).toBe(true);
    client.close();
  });

  it('that was handed over does not go on when its sender is gone', async () => {
    const pair = await openPair();
    const client = await pair.control('source');
    await client.pause();
    await client.handOver();
    await expect(client.resume()).rejects.toMatchObject({ code: 'refused' });
    client.close();
    const other = await pair.control('source');
    expect(await other.status()).toMatchObject({ state: 'paused', handedOver: true });
    other.close();
    await takeBackVm(pair.stateDir.source, 'vm'); // Only a person's word brings it back.
    expect(await pair.source.listVms()).toMatchObject([{ state: 'running' }]);
  });
});

describe('an agent process that is killed in the middle of a round', () => {
  it('cancels the migration, and the VM runs on', async () => {
    const pair = await openPair();
    await pair.source.close();
    const { ip, port } = await pair.destination.prepareIncoming({
      migrationId: 'm',
      vmId: 'vm',
      memoryBytes: pair.memoryBytes,
    });
    const host = spawn(
      process.execPath,
      [
        ...nodeArgsFor(fileURLToPath(new URL('../testing/migrating-host.ts', import.meta.url))),
        JSON.stringify({ stateDir: pair.stateDir.source, destination: { ip, port } }),
      ],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    await new Promise((resolve) => host.once('message', resolve)); // Round 0 has begun.
    host.kill('SIGKILL');
    expect(await pair.next('failed')).toMatchObject({ side: 'destination', vmRunning: false });
    await expect.poll(() => isDirtying(pair), POLL).toBe(true);
    expect(await pair.damagedPages('source')).toBe(0);
  });
});
