/**
 * The driver over two real libvirt daemons and a TCG guest on loopback: control, rates, abort. Whether the guest's
 * memory is whole cannot be asked here: libvirt rounds memory to whole MiB, and QEMU 7.2 without KVM loses dirty pages
 * of just such guests.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LibvirtPair, type LibvirtPairOptions, libvirtPair } from '../testing/libvirt-pair.ts';
import {
  ackedBytes,
  libvirtMissing,
  type PrivateLibvirt,
  privateLibvirt,
} from '../testing/private-libvirt.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });
if (libvirtMissing !== undefined) console.warn(`skipped: migrations by real libvirt: ${libvirtMissing}`);

const MEBIBYTE = 1024 * 1024;
/** 8 MB/s into 8 MiB: at less than 64 Mbit/s it never converges. */
const GUEST = { workingSetBytes: 8 * MEBIBYTE, pagesPerSec: 2000 };
/** A rate is a mean over this. */
const MEASURE_MS = 3000;

describe.skipIf(libvirtMissing !== undefined)('a libvirt guest', () => {
  let libvirt: PrivateLibvirt;
  let pair: LibvirtPair | undefined;
  beforeAll(async () => {
    libvirt = await privateLibvirt();
  });
  afterAll(() => libvirt.close());
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
  const measure = async ({ ip, port }: { readonly ip: string; readonly port: number }): Promise<number> => {
    const [from, fromMs] = [ackedBytes(ip, port), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
    return ((ackedBytes(ip, port) - from) * 8000) / (performance.now() - fromMs);
  };

  it('moves in rounds at the rate it is told and stops at the word', async () => {
    await libvirt.startGuest('vm', GUEST);
    const moving = await open();
    expect(await moving.driver.source.listVms()).toMatchObject([
      { vmId: 'vm', state: 'running', memoryBytes: libvirt.memoryBytes, ip: '10.0.0.1' },
    ]);
    const at = await begin(moving, 20e6);
    await moving.next('started');
    const first = await moving.next('round_finished');
    expect(first.round).toBe(0);
    expect(first.remainingBytes).toBeGreaterThan(MEBIBYTE);
    const measured = [await measure(at)];
    for (const rate of [50e6, 20e6]) {
      moving.driver.source.setRateCap('m', rate);
      await moving.next('rate_cap_applied');
      measured.push(await measure(at));
    }
    console.log(`20, 50, 20 Mbit/s: ${measured.map((rate) => (rate / 1e6).toFixed(2)).join(', ')}`);
    expect(moving.events.some(({ kind }) => kind === 'vm_stopped')).toBe(false);
    moving.driver.source.beginSwitchover('m', 50e6);
    await moving.next('vm_stopped');
    await moving.next('vm_resumed');
    const completed = await moving.next('completed');
    console.log(`completed: ${JSON.stringify(completed)}`);
    expect(completed.downtimeSec).toBeGreaterThan(0);
    expect([await moving.state('source', 'vm'), await moving.state('destination', 'vm')]).toEqual([
      undefined,
      'running',
    ]);
  });
});
