/** What a bad network does to a migration: frames damaged, lost, answers lost. At most one copy ever runs. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { emulatedPair, type Pair, type Side } from '../testing/emulated-pair.ts';
import { type Direction, type FrameProxy, startFrameProxy, type Verdict } from '../testing/frame-proxy.ts';
import type { EmulatedDriver } from './driver.ts';
import type { Frame } from './frame.ts';

// Real processes: seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const CAP = 80e6;
const POLL = { timeout: 90_000, interval: 20 };

const pairs: Pair[] = [];
const proxies: FrameProxy[] = [];
const openPair = async (options?: Parameters<typeof emulatedPair>[0]): Promise<Pair> => {
  const pair = await emulatedPair(options);
  pairs.push(pair);
  return pair;
};
/** Starts migration `m` through a proxy that judges its frames. */
const beginThrough = async (
  pair: Pair,
  judge: (direction: Direction, op: string, frame: Frame) => Verdict,
): Promise<FrameProxy> => {
  const opened: FrameProxy[] = [];
  await pair.begin('m', CAP, async (port) => {
    const proxy = await startFrameProxy(port, judge);
    opened.push(proxy);
    proxies.push(proxy);
    return proxy.port;
  });
  const [proxy] = opened;
  if (proxy === undefined) throw new Error('no proxy');
  return proxy;
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
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});

describe('a migration over a bad network', () => {
  it('finds a damaged byte, and the VM runs on at the source', async () => {
    const pair = await openPair();
    let damaged = false;
    await beginThrough(pair, (_, op, frame) => {
      // A page outside the working set: one that is sent again would heal the damage.
      if (op !== 'pages' || damaged || frame.body.readUInt32LE(0) < 1024) return 'pass';
      damaged = true;
      const body = Buffer.from(frame.body);
      body[2000] = (body[2000] ?? 0) ^ 0x40;
      return { message: frame.message, body };
    });
    await pair.next('round_finished');
    pair.source.beginSwitchover('m', null);
    await pair.next('vm_stopped');
    const failures = [await pair.next('failed'), await pair.next('failed')];
    expect(failures).toContainEqual(
      expect.objectContaining({ side: 'source', code: 'integrity', vmRunning: true }),
    );
    expect(failures).toContainEqual(
      expect.objectContaining({ side: 'destination', code: 'integrity', vmRunning: false }),
    );
    expect(await stateOn(pair.source)).toBe('running');
    await stillDirties(pair, 'source');
    expect(await pair.destination.listVms()).toEqual([]);
  });

  it('resumes at the source when the connection is cut in stop-and-copy', async () => {
    const pair = await openPair();
    await beginThrough(pair, (_, op) => (op === 'device_state' ? 'cut_before' : 'pass'));
    await pair.next('round_finished');
    pair.source.beginSwitchover('m', CAP);
    await pair.next('vm_stopped');
    const failures = [await pair.next('failed'), await pair.next('failed')];
    expect(failures).toContainEqual(
      expect.objectContaining({ side: 'source', code: 'connection_lost', vmRunning: true }),
    );
    expect(await stateOn(pair.source)).toBe('running');
    await stillDirties(pair, 'source');
  });

  it('completes when the answer to `go` is lost: the sender asks again', async () => {
    const pair = await openPair();
    await beginThrough(pair, (_, op) => (op === 'go' ? 'cut_after' : 'pass'));
    await pair.next('round_finished');
    pair.source.beginSwitchover('m', null);
    await pair.next('vm_resumed');
    await pair.next('completed');
    expect(await pair.source.listVms()).toEqual([]);
    expect(await stateOn(pair.destination)).toBe('running');
  });

  it('takes the VM back when `go` itself is lost: the destination promises never to run it', async () => {
    const pair = await openPair();
    await beginThrough(pair, (_, op) => (op === 'go' ? 'cut_before' : 'pass'));
    await pair.next('round_finished');
    pair.source.beginSwitchover('m', null);
    const failures = [await pair.next('failed'), await pair.next('failed')];
    expect(failures).toContainEqual(expect.objectContaining({ side: 'source', vmRunning: true }));
    expect(failures).toContainEqual(expect.objectContaining({ side: 'destination', vmRunning: false }));
    expect(await stateOn(pair.source)).toBe('running');
    expect(await pair.destination.listVms()).toEqual([]);
  });

  it('never runs two copies: when nobody can be asked, the source stays paused', async () => {
    const pair = await openPair();
    const proxies: FrameProxy[] = [];
    const proxy = await beginThrough(pair, (_, op) => {
      if (op !== 'go') return 'pass';
      for (const hidden of proxies) hidden.hide();
      return 'cut_after';
    });
    proxies.push(proxy);
    await pair.next('round_finished');
    pair.source.beginSwitchover('m', null);
    await pair.next('vm_resumed');
    expect(await pair.next('failed')).toMatchObject({
      side: 'source',
      code: 'connection_lost',
      vmRunning: false,
    });
    expect(await stateOn(pair.source)).toBe('paused');
    expect(await stateOn(pair.destination)).toBe('running');
  });
});
