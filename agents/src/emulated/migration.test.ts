import { afterEach, describe, expect, it, vi } from 'vitest';
import { emulatedPair, type Pair, type Side } from '../testing/emulated-pair.ts';
import type { EmulatedDriver } from './driver.ts';
import { ROUND_DECISION_TIMEOUT_MS } from './sender.ts';

// Real processes: seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const CAP = 80e6;
const POLL = { timeout: 90_000, interval: 20 };

const pairs: Pair[] = [];
const openPair = async (options?: Parameters<typeof emulatedPair>[0]): Promise<Pair> => {
  const pair = await emulatedPair(options);
  pairs.push(pair);
  return pair;
};
const stateOn = async (driver: EmulatedDriver): Promise<string | undefined> =>
  (await driver.listVms())[0]?.state;
const stillDirties = async (pair: Pair, side: Side): Promise<void> => {
  const client = await pair.control(side);
  await client.syncBitmap();
  await expect.poll(async () => (await client.syncBitmap()).some((byte) => byte !== 0), POLL).toBe(true);
  client.close();
};

afterEach(async () => {
  await Promise.all(pairs.splice(0).map((pair) => pair.close()));
});

describe('a migration between two emulated hosts', () => {
  it('converges while the guest writes, and the image arrives intact', async () => {
    const pair = await openPair();
    await pair.begin('m', CAP);
    const first = await pair.next('round_finished');
    expect(first.round).toBe(0);
    pair.source.nextRound('m', 1, CAP);
    const second = await pair.next('round_finished');
    expect(second.round).toBe(1);
    // Round 1 sends what round 0 left: the pages with their headers, in frames.
    expect(second.transferredBytes).toBeGreaterThan(first.remainingBytes);
    expect(second.transferredBytes).toBeLessThan(first.remainingBytes * 1.02 + 100);
    expect(second.transferredBytes).toBeLessThan(first.transferredBytes);
    pair.source.beginSwitchover('m', null);
    const stopped = await pair.next('vm_stopped');
    const completed = await pair.next('completed');
    expect(completed.checkedPages).toBe(pair.memoryBytes / 4096);
    expect(completed.stopAndCopy.transferredBytes).toBeGreaterThan(stopped.remainingBytes);
    expect(completed.downtimeSec).toBeLessThan(completed.totalTimeSec);
    await pair.next('vm_resumed');
    expect(await pair.source.listVms()).toEqual([]);
    expect(await stateOn(pair.destination)).toBe('running');
    expect(await pair.damagedPages('destination')).toBe(0);
    await stillDirties(pair, 'destination');
  });

  it('slows the guest down as long as the migration lasts, when it is told to', async () => {
    const pair = await openPair();
    await pair.begin('m', CAP);
    await pair.next('round_finished');
    pair.source.throttle('m', 1);
    const client = await pair.control('source');
    const isQuiet = async () => (await client.syncBitmap()).every((byte) => byte === 0);
    await expect.poll(isQuiet, POLL).toBe(true);
    client.close();
    pair.source.cancel('m', 'enough');
    await pair.next('failed');
    await stillDirties(pair, 'source');
  });

  it('goes back and forth', async () => {
    const pair = await openPair();
    await pair.begin('m', null);
    await pair.next('round_finished');
    pair.source.beginSwitchover('m', null);
    await pair.next('vm_resumed');
    await pair.next('completed');
    const { ip, port } = await pair.source.prepareIncoming({
      migrationId: 'back',
      vmId: 'vm',
      memoryBytes: pair.memoryBytes,
    });
    await pair.destination.startMigration({
      migrationId: 'back',
      vmId: 'vm',
      destination: { ip, port },
      rateCapBitsPerSec: null,
    });
    await pair.next('round_finished');
    pair.destination.beginSwitchover('back', null);
    await pair.next('vm_resumed');
    await pair.next('completed');
    expect(await stateOn(pair.source)).toBe('running');
    expect(await pair.destination.listVms()).toEqual([]);
    expect(await pair.damagedPages('source')).toBe(0);
  });

  it('begins the next round at the old cap when nobody decides', async () => {
    const pair = await openPair();
    await pair.begin('m', CAP);
    await pair.next('round_finished');
    const next = await pair.next('round_finished');
    expect(next.round).toBe(1);
    // The decision that comes too late is a new cap only; the sender is not set back.
    pair.source.nextRound('m', 1, 50e6);
    expect((await pair.next('round_finished')).round).toBe(2);
    expect(ROUND_DECISION_TIMEOUT_MS).toBe(400);
  });

  it('switches over at the end of the round when the order comes in the middle of one', async () => {
    const pair = await openPair();
    await pair.begin('m', CAP);
    await pair.next('started');
    pair.source.beginSwitchover('m', null);
    expect((await pair.next('round_finished')).round).toBe(0);
    expect((await pair.next('completed')).checkedPages).toBe(pair.memoryBytes / 4096);
    await pair.next('vm_resumed');
  });

  it('takes a new cap in the middle of a round', async () => {
    const pair = await openPair();
    await pair.begin('m', 1e6); // 70 s for round 0
    await pair.next('started');
    pair.source.setRateCap('m', null);
    expect(await pair.next('rate_cap_applied')).toEqual({
      kind: 'rate_cap_applied',
      migrationId: 'm',
      rateCapBitsPerSec: null,
    });
    expect((await pair.next('round_finished')).durationSec).toBeLessThan(60);
  });

  it('is cancelled in the middle of a round: the VM runs on, the copy is gone', async () => {
    const pair = await openPair();
    await pair.begin('m', 10e6);
    await pair.next('started');
    pair.source.cancel('m', 'changed my mind');
    const failures = [await pair.next('failed'), await pair.next('failed')];
    expect(failures).toContainEqual({
      kind: 'failed',
      migrationId: 'm',
      side: 'source',
      code: 'cancelled',
      detail: 'changed my mind',
      vmRunning: true,
    });
    expect(failures).toContainEqual(expect.objectContaining({ side: 'destination', vmRunning: false }));
    expect(await stateOn(pair.source)).toBe('running');
    await stillDirties(pair, 'source');
    expect(await pair.destination.listVms()).toEqual([]);
    expect(await pair.damagedPages('source')).toBe(0);
  });

  it('fails when the destination gives up, and the VM runs on', async () => {
    const pair = await openPair();
    await pair.begin('m', 10e6);
    await pair.next('started');
    pair.destination.cancel('m', 'no room');
    const failures = [await pair.next('failed'), await pair.next('failed')];
    expect(failures).toContainEqual(expect.objectContaining({ side: 'source', vmRunning: true }));
    expect(failures).toContainEqual(
      expect.objectContaining({ side: 'destination', code: 'cancelled', vmRunning: false }),
    );
    expect(await stateOn(pair.source)).toBe('running');
  });

  it('fails with connect_failed when nobody listens', async () => {
    const pair = await openPair();
    await pair.source.startMigration({
      migrationId: 'm',
      vmId: 'vm',
      destination: { ip: '127.0.0.1', port: 1 },
      rateCapBitsPerSec: CAP,
    });
    expect(await pair.next('failed')).toMatchObject({
      side: 'source',
      code: 'connect_failed',
      vmRunning: true,
    });
  });

  it('is refused for an unknown VM, a VM that is here already, and a VM that is being migrated', async () => {
    const pair = await openPair();
    const destination = { ip: '127.0.0.1', port: 1 };
    const start = (vmId: string, migrationId: string) =>
      pair.source.startMigration({ migrationId, vmId, destination, rateCapBitsPerSec: CAP });
    await expect(start('nobody', 'x')).rejects.toMatchObject({ code: 'unknown_vm' });
    await expect(
      pair.source.prepareIncoming({ migrationId: 'x', vmId: 'vm', memoryBytes: 4096 }),
    ).rejects.toMatchObject({ code: 'busy' });
    await pair.begin('m', 10e6);
    await expect(start('vm', 'other')).rejects.toMatchObject({ code: 'busy' });
    expect(() => pair.source.nextRound('other', 1, null)).toThrow('no outgoing migration other');
  });
});
