/** An agent that starts over a QEMU in mid-migration: what its predecessor noted decides; QEMU is played by the test. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HypervisorEvent } from '../hypervisor.ts';
import { FAKE_MEMORY_BYTES, type FakeQemu, type FakeQemuOptions, fakeQemu } from '../testing/fake-qemu.ts';
import { pipesOfQemu } from '../testing/pipes-of-qemu.ts';
import { QemuDriver } from './driver.ts';
import { liveGuests } from './guest-record.ts';
import { noteOngoing, type Ongoing } from './ongoing.ts';

const NOT_PAUSED = {
  class: 'GenericError',
  desc: 'Migrate recover can only be run when postcopy is paused.',
};
const NOT_ACTIVE = {
  class: 'GenericError',
  desc: 'migrate-pause is currently only supported during postcopy',
};

const CLOSED_ALREADY = { class: 'GenericError', desc: 'Failed to pause destination migration' };

describe('an agent that comes after one that died', () => {
  let guestsDir: string;
  let qemu: FakeQemu;
  let driver: QemuDriver | undefined;
  let events: HypervisorEvent[] = [];
  beforeEach(async () => {
    guestsDir = await mkdtemp(join(tmpdir(), 'slt-'));
    events = [];
  });
  afterEach(async () => {
    qemu.kill();
    await driver?.close();
    await qemu.close();
    await rm(guestsDir, { recursive: true, force: true });
  });

  const start = async (): Promise<QemuDriver> => {
    driver = new QemuDriver({
      ...{ guestsDir, launchIncoming: null, listenIp: '127.0.0.1', ports: { first: 49_408, last: 49_663 } },
      ...{ stallLimitMs: 5000, dirtyRatePeriodMs: 0 },
    });
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
    return driver;
  };
  /** What the agent that died has left beside the guest's record. */
  const left = async (side: Ongoing['side'], options: Partial<FakeQemuOptions> = {}): Promise<void> => {
    qemu = await fakeQemu({ guestsDir, ...options });
    const [found] = await liveGuests(guestsDir);
    if (found === undefined) throw new Error('no guest');
    await noteOngoing(found, { migrationId: 'm', side, hasExport: false });
  };
  const kinds = () => events.map(({ kind }) => kind);
  const told = (kind: HypervisorEvent['kind']) => expect.poll(kinds).toContain(kind);

  it('follows a post-copy at its source to the end, tells its state and obeys', async () => {
    await left('source');
    qemu.runs('finish-migrate');
    qemu.becomes('postcopy-active', { transferred: 100, remaining: 900 });
    const by = await start();
    await told('postcopy');
    expect(events[0]).toEqual({ kind: 'taken_up', migrationId: 'm' });
    by.setRateCap('m', 40e6);
    await expect.poll(() => qemu.parameters['max-postcopy-bandwidth']).toBe(5e6);
    by.cancel('m', 'too late');
    qemu.becomes('postcopy-paused', { transferred: 200, remaining: 800 });
    await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'postcopy', state: 'paused' });
    by.recoverPostcopy('m', { ip: '127.0.0.1', port: 5555 }, 80e6);
    await expect
      .poll(() => qemu.asked('migrate').at(-1))
      .toEqual({ uri: 'tcp:127.0.0.1:5555', resume: true });
    qemu.runs('postmigrate');
    qemu.becomes('completed', { transferred: 1000 }, { 'total-time': 900, downtime: 4 });
    await told('completed');
    expect(qemu.asked('migrate_cancel')).toEqual([]);
    await expect.poll(() => qemu.isAlive()).toBe(false);
    await expect.poll(() => readdir(guestsDir)).toEqual([]);
  });

  it('still tells of a migration that has completed while nobody watched', async () => {
    await left('source');
    qemu.runs('postmigrate');
    qemu.becomes('completed', { transferred: 7 }, { 'total-time': 900, downtime: 40 });
    await start();
    await told('completed');
    await expect.poll(() => qemu.isAlive()).toBe(false);
  });

  it('takes back what can be taken back', async () => {
    await left('source');
    qemu.becomes('active', { transferred: 100, remaining: 900 });
    await start();
    expect(qemu.asked('migrate_cancel').length).toBe(1);
    expect(kinds()).toEqual([]);
  });

  it('is told of the arrival and of the end at the destination', async () => {
    await left('destination');
    qemu.runs('running');
    qemu.becomes('postcopy-active');
    const by = await start();
    await told('vm_resumed');
    expect(events).toMatchObject([{ kind: 'taken_up' }, { kind: 'vm_resumed', isPostcopy: true }]);
    await expect(by.prepareIncoming(wanted)).rejects.toMatchObject({ code: 'busy' });
    qemu.becomes('completed');
    await told('incoming_finished');
    await expect.poll(() => readdir(guestsDir)).not.toContain('vm.migration');
    expect(qemu.isAlive()).toBe(true);
  });

  it('can have an interrupted post-copy listen anew', async () => {
    await left('destination', {
      answer: ({ execute }) => (execute === 'migrate-pause' ? { error: NOT_ACTIVE } : undefined),
    });
    qemu.runs('running');
    qemu.becomes('postcopy-paused');
    const by = await start();
    const { ip, port } = await by.prepareRecovery('m');
    expect(qemu.asked('migrate-recover')).toEqual([{ uri: `tcp:${ip}:${port}` }]);
  });

  it('waits for one whose connection is closed already, until QEMU has noticed', async () => {
    let refusals = 2;
    await left('destination', {
      answer: ({ execute }) => {
        if (execute === 'migrate-pause') return { error: CLOSED_ALREADY };
        if (execute !== 'migrate-recover' || refusals === 0) return undefined;
        refusals -= 1;
        return { error: NOT_PAUSED };
      },
    });
    qemu.runs('running');
    qemu.becomes('postcopy-active');
    const by = await start();
    await by.prepareRecovery('m');
    expect(qemu.asked('migrate-recover')).toHaveLength(3);
  });

  it('has one that answers nothing but its pipe listen anew, and takes it up once it answers', async () => {
    const urgentPipe = join(guestsDir, 'vm.urgent');
    const asked: string[] = [];
    const pipe = await pipesOfQemu(urgentPipe, (command) => {
      asked.push(command);
      return command === 'migrate-pause' ? { error: NOT_ACTIVE } : { return: {} };
    });
    let isStanding = true;
    await left('destination', { urgentPipe, isStanding: () => isStanding });
    qemu.runs('running');
    qemu.becomes('postcopy-paused');
    const by = await start();
    expect(await by.listVms()).toEqual([]);
    expect((await by.prepareRecovery('m')).port).toBeGreaterThan(0);
    expect(asked).toEqual(['migrate-pause', 'migrate-recover']);
    isStanding = false;
    qemu.becomes('postcopy-active');
    await told('vm_resumed');
    expect(events[0]).toEqual({ kind: 'taken_up', migrationId: 'm' });
    expect(asked.at(-1)).toBe('qmp_capabilities');
    await pipe.close();
  });

  it('does not take what another QEMU was in for its own', async () => {
    await left('destination');
    const note = join(guestsDir, 'vm.migration');
    await writeFile(note, JSON.stringify({ version: 1, migrationId: 'm', side: 'source', pid: 1 }));
    qemu.runs('finish-migrate');
    qemu.becomes('postcopy-active');
    const by = await start();
    await expect(by.prepareRecovery('m')).rejects.toMatchObject({ code: 'unknown_migration' });
  });
});

describe('a destination whose main loop stands still', () => {
  let guestsDir: string;
  let qemu: FakeQemu;
  let driver: QemuDriver;
  afterEach(async () => {
    qemu.kill();
    await driver.close();
    await qemu.close();
    await rm(guestsDir, { recursive: true, force: true });
  });

  it('can be interrupted and listen anew, and is still listed as running', async () => {
    guestsDir = await mkdtemp(join(tmpdir(), 'slt-'));
    let isStuck = false;
    let refusals = 2;
    const answer: FakeQemuOptions['answer'] = ({ execute, isUrgent }) => {
      if (execute === 'migrate-recover' && refusals > 0) {
        refusals -= 1;
        return { error: NOT_PAUSED };
      }
      return isStuck && isUrgent === undefined ? 'silence' : undefined;
    };
    qemu = await fakeQemu({ guestsDir, runState: 'inmigrate', answer });
    driver = new QemuDriver({
      ...{ guestsDir, launchIncoming: null, listenIp: '127.0.0.1', ports: { first: 49_408, last: 49_663 } },
      ...{ stallLimitMs: 5000, dirtyRatePeriodMs: 0 },
    });
    const events: HypervisorEvent[] = [];
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
    await driver.prepareIncoming(wanted);
    qemu.runs('running');
    qemu.migration({ status: 'postcopy-active' });
    qemu.qmp.event('RESUME');
    await expect.poll(() => events.map(({ kind }) => kind)).toContain('vm_resumed');
    isStuck = true;
    const [at, vms] = await Promise.all([driver.prepareRecovery('m'), driver.listVms()]);
    expect(at.port).toBeGreaterThan(0);
    expect(vms).toMatchObject([{ vmId: 'vm', state: 'running' }]);
    expect(qemu.asked('migrate-pause')).toHaveLength(1);
    expect(qemu.asked('migrate-recover')).toHaveLength(3);
  });
});

const wanted = { migrationId: 'm', vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES };
