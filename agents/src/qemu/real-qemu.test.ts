/** The driver over real QEMU under TCG: a guest that writes its memory moves between two processes on loopback. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DriverFailure } from '../hypervisor.ts';
import { type QemuPair, type QemuPairOptions, qemuMissing, qemuPair } from '../testing/qemu-pair.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
if (qemuMissing !== undefined) console.warn(`skipped: migrations of real QEMU guests: ${qemuMissing}`);

const MEBIBYTE = 1024 * 1024;
/** 8 MB/s into 8 MiB: at less than 64 Mbit/s it never converges. */
const GUEST = { workingSetBytes: 8 * MEBIBYTE, pagesPerSec: 2000 };

describe.skipIf(qemuMissing !== undefined)('a QEMU guest', () => {
  let pair: QemuPair | undefined;
  const open = async (options: QemuPairOptions = { guest: GUEST }): Promise<QemuPair> => {
    pair = await qemuPair(options);
    return pair;
  };
  afterEach(async () => {
    await pair?.close();
    pair = undefined;
  });
  const begin = async (
    { driver, memoryBytes }: QemuPair,
    rateCapBitsPerSec: number | null,
    mechanism = {},
  ): Promise<void> => {
    const common = { migrationId: 'm', vmId: 'vm', mechanism };
    const destination = await driver.destination.prepareIncoming({ ...common, memoryBytes });
    await driver.source.startMigration({ ...common, destination, rateCapBitsPerSec });
  };
  const parameters = async (of: QemuPair): Promise<unknown> => {
    const monitor = await of.monitor('source');
    const found = await monitor.execute('query-migrate-parameters');
    monitor.close();
    return found;
  };

  it('moves in rounds at the rate it is told, stops at the word, and not a page is lost', async () => {
    const moving = await open();
    await moving.written();
    await begin(moving, 40e6);
    await moving.next('started');
    const first = await moving.next('round_finished');
    expect(first.round).toBe(0);
    expect(first.remainingBytes).toBeGreaterThan(MEBIBYTE);
    const later = await moving.next('round_finished');
    expect(later.round).toBeGreaterThan(0);
    expect(moving.events.some(({ kind }) => kind === 'vm_stopped')).toBe(false);
    moving.driver.source.beginSwitchover('m', 40e6);
    await moving.next('vm_stopped');
    await moving.next('vm_resumed');
    const completed = await moving.next('completed');
    expect(completed.downtimeSec).toBeGreaterThan(0);
    expect(await moving.brokenPages('destination')).toBe(0);
    expect([await moving.runState('source'), await moving.runState('destination')]).toEqual([
      undefined,
      'running',
    ]);
  });

  it('goes on at the source when the migration is cancelled, with its parameters as before', async () => {
    const staying = await open();
    await staying.written();
    const before = await parameters(staying);
    await begin(staying, 8e6, { announce: { initialMs: 10, maxMs: 100, rounds: 0, stepMs: 10 } });
    await staying.next('started');
    staying.driver.source.cancel('m', 'changed our mind');
    staying.driver.destination.cancel('m', 'changed our mind');
    const failed = [await staying.next('failed'), await staying.next('failed')];
    expect(failed.find(({ side }) => side === 'source')).toMatchObject({
      code: 'cancelled',
      vmRunning: true,
    });
    expect(failed.find(({ side }) => side === 'destination')).toMatchObject({ vmRunning: false });
    expect(await parameters(staying)).toEqual(before);
    expect(await staying.brokenPages('source')).toBe(0);
    expect(await staying.runState('destination')).toBeUndefined();
  });

  it('tells how fast it writes before it is migrated', async () => {
    const pair_ = await open();
    await pair_.written();
    const rate = async () => (await pair_.driver.source.listVms())[0]?.dirtyRateBytesPerSec ?? 0;
    await expect.poll(rate, { timeout: 30_000 }).toBeGreaterThan(3 * MEBIBYTE);
    expect(await rate()).toBeLessThan(20 * MEBIBYTE);
  });

  it('goes on at the source when the destination is killed', async () => {
    const staying = await open();
    await staying.written();
    await begin(staying, 8e6);
    await staying.next('started');
    staying.processes.destination.kill('SIGKILL');
    const failed = [await staying.next('failed'), await staying.next('failed')];
    expect(failed.find(({ side }) => side === 'source')).toMatchObject({
      code: 'connection_lost',
      vmRunning: true,
    });
    expect(await staying.runState('source')).toBe('running');
    expect(await staying.brokenPages('source')).toBe(0);
  });

  it('refuses what its QEMU does not have, by name and version', async () => {
    const { driver, memoryBytes } = await open({});
    const asked = driver.destination.prepareIncoming({
      ...{ migrationId: 'm', vmId: 'vm', memoryBytes },
      mechanism: { zeroPages: 'multifd' },
    });
    await expect(asked).rejects.toThrow(DriverFailure);
    await expect(asked).rejects.toMatchObject({ code: 'unsupported' });
    await expect(asked).rejects.toThrow(/QEMU \d+\.\d+\.\d+ has no zero_page_detection/);
  });
});
