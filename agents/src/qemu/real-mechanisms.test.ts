/** Post-copy, reserved switchover, page deltas, disks and broken streams over real QEMU under TCG. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Mechanism } from '../contract/index.ts';
import { until as eventually } from '../testing/qemu-guests.ts';
import { type QemuPair, type QemuPairOptions, qemuMissing, qemuPair } from '../testing/qemu-pair.ts';
import { type TcpProxy, tcpProxy } from '../testing/tcp-proxy.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
if (qemuMissing !== undefined) console.warn(`skipped: mechanisms of real QEMU: ${qemuMissing}`);

const MEBIBYTE = 1024 * 1024;
/** 8 MB/s into 8 MiB: at less than 64 Mbit/s pre-copy never converges. */
const GUEST = { workingSetBytes: 8 * MEBIBYTE, pagesPerSec: 2000 };
const RATE = 40e6;

describe.skipIf(qemuMissing !== undefined)('a QEMU guest', () => {
  let pair: QemuPair | undefined;
  let proxy: TcpProxy | undefined;
  afterEach(async () => {
    await proxy?.close();
    await pair?.close();
    pair = undefined;
    proxy = undefined;
  });
  const open = async (options: QemuPairOptions = {}): Promise<QemuPair> => {
    pair = await qemuPair({ guest: GUEST, ...options });
    await pair.written();
    return pair;
  };
  const through = async (at: { readonly ip: string; readonly port: number }): Promise<typeof at> => {
    await proxy?.close();
    proxy = await tcpProxy(at);
    return { ip: '127.0.0.1', port: proxy.port };
  };
  const begin = async (of: QemuPair, mechanism: Mechanism, isProxied = false): Promise<void> => {
    const { driver, memoryBytes } = of;
    const common = { migrationId: 'm', vmId: 'vm', mechanism };
    const at = await driver.destination.prepareIncoming({ ...common, memoryBytes });
    const destination = isProxied ? await through(at) : at;
    await driver.source.startMigration({ ...common, destination, rateCapBitsPerSec: RATE });
    await of.next('started');
  };

  /** Post-copy tells where it stands every second. */
  const until = async (of: QemuPair, state: 'running' | 'paused'): Promise<void> => {
    const stands = async () => (await of.next('postcopy')).state;
    await expect.poll(stands, { timeout: 60_000, interval: 0 }).toBe(state);
  };

  it('moves at once in post-copy, its memory follows at the rate it is given', async () => {
    const moving = await open();
    await begin(moving, { postcopy: true });
    await moving.next('round_finished');
    moving.driver.source.startPostcopy('m', RATE);
    await moving.next('vm_stopped');
    expect(await moving.next('vm_resumed')).toMatchObject({ isPostcopy: true });
    expect(await moving.next('postcopy')).toMatchObject({ state: 'running' });
    const completed = await moving.next('completed');
    await moving.next('incoming_finished');
    // 8 MiB at 5 MB/s, and at no rate at all it would be here in an instant.
    expect(completed.totalTimeSec).toBeGreaterThan(2);
    expect(await moving.brokenPages('destination')).toBe(0);
  });

  it('refuses post-copy that was not asked for when the migration began', async () => {
    const moving = await open();
    await begin(moving, {});
    expect(() => moving.driver.source.startPostcopy('m', RATE)).toThrow(
      expect.objectContaining({ code: 'unsupported' }),
    );
  });

  it('survives a link that goes silent in post-copy: paused, recovered over another connection', async () => {
    const moving = await open({ stallLimitMs: 1000 });
    await begin(moving, { postcopy: true }, true);
    moving.driver.source.startPostcopy('m', 8e6);
    expect(await moving.next('postcopy')).toMatchObject({ state: 'running' });
    proxy?.freeze();
    await until(moving, 'paused');
    const at = await moving.driver.destination.prepareRecovery('m');
    moving.driver.source.recoverPostcopy('m', await through(at), RATE);
    await until(moving, 'running');
    await moving.next('completed');
    expect(await moving.brokenPages('destination')).toBe(0);
  });

  it('stays and runs when the link goes silent in pre-copy', async () => {
    const staying = await open({ stallLimitMs: 1000 });
    await begin(staying, {}, true);
    await staying.next('round_finished');
    proxy?.freeze();
    expect(await staying.next('failed')).toMatchObject({
      ...{ side: 'source', code: 'connection_lost', vmRunning: true },
      detail: expect.stringMatching(/^no byte has left for \d+ ms$/),
    });
    expect(await staying.brokenPages('source')).toBe(0);
  });

  it('that never converges stops when the rest fits what is reserved for the switchover', async () => {
    const moving = await open();
    await begin(moving, {});
    await moving.next('round_finished');
    // Its working set never fits 0.5 s at 40 Mbit/s, but it does at 200.
    moving.driver.source.beginSwitchover('m', RATE, { rateBitsPerSec: RATE, downtimeLimitSec: 0.5 });
    await moving.next('round_finished');
    expect(moving.events.some(({ kind }) => kind === 'vm_stopped')).toBe(false);
    moving.driver.source.beginSwitchover('m', RATE, { rateBitsPerSec: 200e6, downtimeLimitSec: 0.5 });
    await moving.next('vm_stopped');
    await moving.next('completed');
    expect(await moving.brokenPages('destination')).toBe(0);
  });

  it('writes less when it is throttled, and as before when the migration is cancelled', async () => {
    const moving = await open();
    await begin(moving, { throttle: true });
    const free = await moving.next('round_finished');
    moving.driver.source.throttle('m', 0.9);
    const slow = async () => (await moving.next('round_finished')).dirtyRateBytesPerSec;
    await expect.poll(slow, { timeout: 60_000, interval: 0 }).toBeLessThan(free.dirtyRateBytesPerSec / 2);
    moving.driver.source.cancel('m', 'enough');
    await moving.next('failed');
    expect(await moving.brokenPages('source')).toBe(0);
  });

  it('sends a fraction of its dirty pages as differences', async () => {
    const moving = await open();
    await begin(moving, { xbzrle: { cacheBytes: 16 * MEBIBYTE } });
    // Round 0 goes past the cache, the next one fills it.
    const whole = await moving.next('round_finished');
    const filling = await moving.next('round_finished');
    // Differences are so few that QEMU may have sent all before a third round is told, and then it stops by itself.
    const third = () => moving.events.find((event) => event.kind === 'round_finished');
    await eventually(
      () => third() !== undefined || moving.events.some(({ kind }) => kind === 'completed'),
      () => 'neither a third round nor the end',
    );
    const round = third();
    if (round !== undefined) moving.driver.source.beginSwitchover('m', RATE);
    const all = await moving.next('completed');
    const differences =
      round?.transferredBytes ?? all.transferredBytes - whole.transferredBytes - filling.transferredBytes;
    expect(differences).toBeLessThan(whole.transferredBytes / 4);
    expect(await moving.brokenPages('destination')).toBe(0);
  });

  it.each(['pre-copy', 'post-copy'])('takes its disk along in %s, unasked', async (way) => {
    const content = Buffer.alloc(4 * MEBIBYTE, 'what is written on this disk ');
    const file = (dir: string) => join(dir, 'disk');
    let copy = '';
    const moving = await open({
      disks: ['drive0'],
      async argsOf(side, dir) {
        await writeFile(file(dir), side === 'source' ? content : Buffer.alloc(content.length));
        if (side === 'destination') copy = file(dir);
        const drive = ['-drive', `file=${file(dir)},if=none,id=drive0,format=raw,cache=none,aio=threads`];
        return [...drive, '-device', 'virtio-blk-pci,drive=drive0'];
      },
    });
    await begin(moving, way === 'post-copy' ? { postcopy: true } : {});
    if (way === 'post-copy') moving.driver.source.startPostcopy('m', RATE);
    else {
      await moving.next('round_finished');
      expect((await readFile(copy)).equals(content)).toBe(true);
      moving.driver.source.beginSwitchover('m', RATE);
    }
    expect((await moving.next('storage')).totalBytes).toBeGreaterThanOrEqual(0);
    await moving.next('completed');
    await moving.next('vm_resumed');
    expect(await moving.runState('destination')).toBe('running');
    expect(await moving.brokenPages('destination')).toBe(0);
    expect((await readFile(copy)).equals(content)).toBe(true);
  });

  it('stays and runs when nobody takes its disk', async () => {
    const staying = await open({
      disks: ['drive0'],
      argsOf: async (_, dir) => {
        await writeFile(join(dir, 'disk'), Buffer.alloc(MEBIBYTE));
        const drive = `file=${join(dir, 'disk')},if=none,id=drive0,format=raw`;
        return ['-drive', drive, '-device', 'virtio-blk-pci,drive=drive0'];
      },
    });
    const common = { migrationId: 'm', vmId: 'vm', mechanism: { storage: true } };
    const { driver, memoryBytes } = staying;
    const { ip, port } = await driver.destination.prepareIncoming({ ...common, memoryBytes });
    const destination = { ip, port, storagePort: 1 };
    await driver.source.startMigration({ ...common, destination, rateCapBitsPerSec: RATE });
    expect(await staying.next('failed')).toMatchObject({
      ...{ side: 'source', vmRunning: true, detail: expect.stringMatching(/^drive-mirror: .*refused/) },
    });
    expect(await staying.brokenPages('source')).toBe(0);
  });

  it.each([
    ['autoConverge', { autoConverge: { initialPercent: 20, incrementPercent: 10, maxPercent: 80 } }],
    ['compress', { compress: { threads: 1, level: 1 } }],
    ['multifd', { multifd: { channels: 2 } }],
  ] as const)('moves with %s', async (_, mechanism) => {
    const moving = await open();
    await begin(moving, mechanism);
    await moving.next('round_finished');
    moving.driver.source.beginSwitchover('m', RATE);
    await moving.next('completed');
    expect(await moving.brokenPages('destination')).toBe(0);
  });
});
