/** The driver over a QEMU that the test plays: what real ones do rarely, or only in other versions. */
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HypervisorEvent } from '../hypervisor.ts';
import { FAKE_MEMORY_BYTES, type FakeQemu, type FakeQemuOptions, fakeQemu } from '../testing/fake-qemu.ts';
import { QemuDriver, type QemuDriverOptions } from './driver.ts';

const TO = { ip: '127.0.0.1', port: 4444 };

describe('the QEMU driver', () => {
  let guestsDir: string;
  let driver: QemuDriver | undefined;
  let qemu: FakeQemu | undefined;
  let events: HypervisorEvent[] = [];
  beforeEach(async () => {
    guestsDir = await mkdtemp(join(tmpdir(), 'sld-'));
    events = [];
  });
  afterEach(async () => {
    qemu?.kill(); // Else the driver would wait for it to cancel.
    await driver?.close();
    await qemu?.close();
    driver = undefined;
    qemu = undefined;
    await rm(guestsDir, { recursive: true, force: true });
  });

  const drive = async (options: Partial<QemuDriverOptions> = {}): Promise<QemuDriver> => {
    driver = new QemuDriver({
      ...{ guestsDir, launchIncoming: null, listenIp: '127.0.0.1', ports: { first: 49_408, last: 49_663 } },
      ...{ stallLimitMs: 5000, dirtyRatePeriodMs: 0, ...options },
    });
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
    return driver;
  };
  const play = async (options: Partial<FakeQemuOptions> = {}): Promise<FakeQemu> => {
    qemu = await fakeQemu({ guestsDir, ...options });
    return qemu;
  };
  const outgoing = async (
    options: Partial<FakeQemuOptions> = {},
    driverOptions: Partial<QemuDriverOptions> = {},
    mechanism = {},
  ): Promise<{ by: QemuDriver; of: FakeQemu }> => {
    const of = await play(options);
    const by = await drive(driverOptions);
    await by.startMigration({
      ...{ migrationId: 'm', vmId: 'vm', destination: TO, rateCapBitsPerSec: 80e6, mechanism },
    });
    return { by, of };
  };
  const kinds = () => events.map(({ kind }) => kind);
  const told = (kind: HypervisorEvent['kind']) => expect.poll(kinds).toContain(kind);
  const last = () => events.at(-1);

  it('keeps the gate shut and the rate set before it says migrate', async () => {
    const { of } = await outgoing();
    expect(of.parameters).toMatchObject({
      ...{ 'downtime-limit': 1, 'max-bandwidth': 10e6, 'max-postcopy-bandwidth': 10e6 },
    });
    expect(of.asked('migrate')).toEqual([{ uri: 'tcp:127.0.0.1:4444' }]);
    expect(await readdir(guestsDir)).toContain('vm.migration');
    const [{ capabilities }] = of.asked('migrate-set-capabilities') as [
      { capabilities: { state: boolean }[] },
    ];
    expect(capabilities.filter(({ state }) => state)).toEqual([
      { capability: 'events', state: true },
      { capability: 'return-path', state: true },
      { capability: 'pause-before-switchover', state: true },
    ]);
  });

  it('counts rounds from 0, each with its own bytes, also when one went by unseen', async () => {
    const { of } = await outgoing();
    of.becomes('active');
    await told('started');
    of.passes(2, { transferred: 1000, remaining: 500 });
    await expect.poll(() => events.length).toBe(2);
    of.passes(4, { transferred: 1400, remaining: 300 });
    await expect.poll(() => events.length).toBe(3);
    expect(events.slice(1)).toMatchObject([
      { kind: 'round_finished', round: 0, transferredBytes: 1000, remainingBytes: 500 },
      { kind: 'round_finished', round: 2, transferredBytes: 400, remainingBytes: 300 },
    ]);
  });

  it('tells the stop as QEMU says it, before QEMU has answered anything', async () => {
    let isMute = false;
    const { of } = await outgoing({
      answer: ({ execute }) => (isMute && execute === 'query-migrate' ? 'silence' : undefined),
    });
    of.becomes('active', { transferred: 1000, remaining: 300 });
    await told('started');
    isMute = true;
    of.becomes('pre-switchover', { transferred: 1100, remaining: 200 });
    await told('vm_stopped');
    expect(last()).toMatchObject({ kind: 'vm_stopped', remainingBytes: 300 });
  });

  it('believes `completed` when its times are there, and ends the QEMU that has become empty', async () => {
    const { of } = await outgoing();
    of.becomes('active');
    of.becomes('pre-switchover', { transferred: 1000, remaining: 200 });
    await told('vm_stopped');
    await expect.poll(() => of.asked('migrate-continue')).toEqual([{ state: 'pre-switchover' }]);
    of.becomes('completed', { transferred: 1200 }, { 'total-time': 0, downtime: 0 });
    const looks = of.asked('query-migrate').length;
    await expect.poll(() => of.asked('query-migrate').length).toBeGreaterThan(looks + 5);
    expect(kinds()).toEqual(['started', 'vm_stopped']);
    of.migration({ status: 'completed', ram: ram({ transferred: 1200 }), 'total-time': 900, downtime: 40 });
    await told('completed');
    expect(last()).toEqual({
      ...{
        kind: 'completed',
        migrationId: 'm',
        totalTimeSec: 0.9,
        downtimeSec: 0.04,
        transferredBytes: 1200,
      },
      ...{ stopAndCopy: { transferredBytes: 200, durationSec: 0.04 }, checkedPages: null },
    });
    await expect.poll(() => of.isAlive()).toBe(false);
    await expect.poll(() => readdir(guestsDir)).toEqual([]);
  });

  it('sees a stream that stands still by its bytes, whatever rate QEMU tells', async () => {
    const { of } = await outgoing({}, { stallLimitMs: 500 });
    of.becomes('active', { transferred: 5000, mbps: 100 });
    await expect.poll(() => of.asked('migrate_cancel').length).toBe(1);
    of.becomes('cancelled');
    await told('failed');
    expect(last()).toMatchObject({ code: 'connection_lost', vmRunning: true });
  });

  it('opens the gate to the reserved rate: before 8.2 by a limit stretched to what is measured', async () => {
    const { by, of } = await outgoing();
    of.becomes('active', { transferred: 0 });
    const began = performance.now();
    const moving = setInterval(() => {
      const transferred = Math.round((performance.now() - began) * 5000); // 5 MB/s, however late this comes
      of.migration({ status: 'active', ram: ram({ transferred }) });
    }, 20);
    try {
      by.beginSwitchover('m', 40e6, { rateBitsPerSec: 400e6, downtimeLimitSec: 0.1 });
      // 100 ms at 50 MB/s are 5 MB: one second of what is measured.
      const limitMs = () => Number(of.parameters['downtime-limit']);
      await expect.poll(() => limitMs() > 700 && limitMs() < 1400).toBe(true);
    } finally {
      clearInterval(moving);
    }
    by.cancel('m', 'enough');
    await expect.poll(() => of.asked('migrate_cancel').length).toBe(1);
    of.becomes('cancelled');
    await told('failed');
    expect(of.parameters).toMatchObject({ 'downtime-limit': 300, 'max-bandwidth': 134_217_728 });
  });

  it('tells QEMU from 8.2 the reserved rate and the limit as they are', async () => {
    const { by, of } = await outgoing({
      version: [8, 2, 0],
      parameters: { 'avail-switchover-bandwidth': 0 },
    });
    of.becomes('active');
    by.beginSwitchover('m', 40e6, { rateBitsPerSec: 400e6, downtimeLimitSec: 0.1 });
    await expect.poll(() => of.parameters['avail-switchover-bandwidth']).toBe(50e6);
    expect(of.parameters['downtime-limit']).toBe(100);
    by.beginSwitchover('m', 40e6);
    await expect.poll(() => of.parameters['downtime-limit']).toBe(2_000_000);
  });

  it('follows a migration whose monitor was cut and opened again', async () => {
    const { of } = await outgoing();
    of.becomes('active');
    await told('started');
    of.migration({ status: 'active', ram: ram({ transferred: 7, remaining: 5, 'dirty-sync-count': 3 }) });
    of.qmp.cut();
    await told('round_finished');
    expect(last()).toMatchObject({ round: 1, transferredBytes: 7 });
  });

  it('does not cancel what it has let go of', async () => {
    const { by, of } = await outgoing();
    of.becomes('active');
    of.becomes('pre-switchover', { remaining: 1 });
    await expect.poll(() => of.asked('migrate-continue').length).toBe(1);
    of.becomes('device', { remaining: 1 });
    by.cancel('m', 'too late');
    of.becomes('completed', {}, { 'total-time': 5, downtime: 1 });
    await told('completed');
    expect(of.asked('migrate_cancel')).toEqual([]);
  });

  it('reports a QEMU that died, and that its VM does not run', async () => {
    const { of } = await outgoing();
    of.becomes('active');
    await told('started');
    of.kill();
    await told('failed');
    expect(last()).toMatchObject({ side: 'source', code: 'connection_lost', vmRunning: false });
    expect(await driver?.listVms()).toEqual([]);
  });

  it("gives QEMU's own reason when the migration fails", async () => {
    const { of } = await outgoing();
    of.becomes('setup');
    of.becomes('failed', {}, { 'error-desc': "Failed to connect to '127.0.0.1:4444': Connection refused" });
    await told('failed');
    expect(last()).toMatchObject({
      ...{ code: 'connect_failed', vmRunning: true, detail: expect.stringContaining('Connection refused') },
    });
  });

  it.each([
    ['postcopy', { postcopy: true }, 'postcopy-ram', 'postcopy_ram'],
    ['post-copy without a cap', { postcopy: true }, 'max-postcopy-bandwidth', 'max_postcopy_bandwidth'],
    ['auto-converge', { autoConverge: {} }, 'auto-converge', 'auto_converge'],
    ['xbzrle', { xbzrle: { cacheBytes: 4096 } }, 'xbzrle', 'xbzrle'],
    ['compression', { compress: { threads: 1, level: 1 } }, 'compress', 'compress'],
    ['multifd', { multifd: { channels: 2 } }, 'multifd', 'multifd'],
    ['a dirty limit', { dirtyLimit: { mebibytesPerSec: 1 } }, 'dirty-limit', 'dirty_limit'],
    ['announcements', { announce: { rounds: 0 } }, 'announce-rounds', 'announce'],
    ['disks', { storage: true }, 'drive-mirror', 'storage'],
    ['zero pages', { zeroPages: 'multifd' }, 'zero-page-detection', 'zero_page_detection'],
    ['events', {}, 'events', 'events'],
  ] as const)('refuses %s by name and version where QEMU lacks it', async (_, mechanism, missing, name) => {
    await expect(outgoing({ without: [missing] }, {}, mechanism)).rejects.toMatchObject({
      ...{ name: 'DriverFailure', code: 'unsupported', message: `QEMU 7.2.22 has no ${name}` },
    });
    expect(qemu?.asked('migrate')).toEqual([]);
  });

  it('slows a guest down only where that was asked for at the start, as far as QEMU can be told', async () => {
    const { by, of } = await outgoing({}, {}, { throttle: true });
    const bounds = () => [of.parameters['max-cpu-throttle'], of.parameters['throttle-trigger-threshold']];
    expect(bounds()).toEqual([1, 100]);
    by.throttle('m', 0.4);
    await expect.poll(bounds).toEqual([40, 1]);
    by.throttle('m', 0);
    await expect.poll(bounds).toEqual([1, 100]);
  });

  it('does not slow a guest down that may not be', async () => {
    const { by } = await outgoing();
    expect(() => by.throttle('m', 0.4)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it("passes QEMU's refusal of a combination on", async () => {
    const answer: FakeQemuOptions['answer'] = ({ execute }) =>
      execute === 'migrate-set-capabilities'
        ? { error: { class: 'GenericError', desc: 'Postcopy is not compatible with this' } }
        : undefined;
    await expect(outgoing({ answer })).rejects.toMatchObject({
      ...{ code: 'unsupported', message: expect.stringContaining('Postcopy is not compatible with this') },
    });
  });

  it.each([
    ['that copies', 'running', 'active', 'migrate_cancel'],
    ['that waits to switch over', 'finish-migrate', 'pre-switchover', 'migrate_cancel'],
    ['that has left', 'postmigrate', 'completed', 'quit'],
    ['that waits for a source', 'inmigrate', 'setup', 'quit'],
  ])('cleans up after an agent that died over a VM %s', async (_, runState, status, command) => {
    const of = await play({ runState });
    of.migration({ status });
    await drive();
    expect(of.asked(command)).toHaveLength(1);
  });

  it('leaves a VM alone that an agent which died had almost moved', async () => {
    const of = await play({ runState: 'finish-migrate' });
    of.migration({ status: 'device' });
    await drive();
    expect([...of.asked('migrate_cancel'), ...of.asked('quit')]).toEqual([]);
  });

  it('ends it when it has left', async () => {
    const of = await play({ runState: 'finish-migrate' });
    of.migration({ status: 'postcopy-active' });
    await drive();
    of.runs('postmigrate');
    of.migration({ status: 'completed' });
    await expect.poll(() => of.isAlive()).toBe(false);
  });

  it('takes in only what has the same memory', async () => {
    await play({ runState: 'inmigrate' });
    const by = await drive();
    const wanted = { migrationId: 'm', vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES + 4096 };
    await expect(by.prepareIncoming(wanted)).rejects.toThrow(/bytes of memory/);
  });

  it('ends an incoming guest that nobody has connected to when it is cancelled', async () => {
    const of = await play({ runState: 'inmigrate' });
    const by = await drive();
    await by.prepareIncoming({ migrationId: 'm', vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES });
    of.migration({ status: 'setup' });
    by.cancel('m', 'enough');
    await told('failed');
    expect(last()).toMatchObject({
      side: 'destination',
      code: 'cancelled',
      detail: 'enough',
      vmRunning: false,
    });
    expect(of.isAlive()).toBe(false);
  });

  it('leaves it to a connected source to give up: the VM may be arriving', async () => {
    const of = await play({ runState: 'inmigrate' });
    const by = await drive();
    await by.prepareIncoming({ migrationId: 'm', vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES });
    of.migration({ status: 'active' });
    by.cancel('m', 'enough');
    await expect.poll(() => of.asked('query-migrate').length).toBeGreaterThan(2);
    expect(of.asked('quit')).toEqual([]);
    of.runs('running');
    of.qmp.event('RESUME');
    of.becomes('completed');
    await told('incoming_finished');
    expect(kinds()).toEqual(['vm_resumed', 'incoming_finished']);
    expect(of.isAlive()).toBe(true);
  });

  it('takes a VM in once', async () => {
    await play();
    const by = await drive();
    const wanted = { migrationId: 'm', vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES };
    await expect(by.prepareIncoming(wanted)).rejects.toMatchObject({ code: 'busy' });
  });

  it.each([
    ['fails', 'echo no such machine >&2; exit 1', /no such machine/],
    ['prints something else', 'echo ready', /no guest record/],
  ])('tells why when the launcher %s', async (_, script, reason) => {
    const launcher = join(guestsDir, 'launch.sh');
    await writeFile(launcher, script);
    const by = await drive({ launchIncoming: ['/bin/sh', launcher] });
    const wanted = { migrationId: 'm', vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES };
    await expect(by.prepareIncoming(wanted)).rejects.toThrow(reason);
  });

  it('sees the guest that the launcher started, also when it was looking around meanwhile', async () => {
    const by = await drive();
    const launcher = join(guestsDir, 'launch.sh');
    const record = join(guestsDir, 'vm.json');
    // The test plays the QEMU: it is there, and its record appears as the launcher ends.
    const of = await play({ runState: 'inmigrate' });
    await rename(record, join(guestsDir, 'kept'));
    await writeFile(launcher, `mv ${join(guestsDir, 'kept')} ${record}; cat ${record}`);
    await by.close();
    const again = await drive({ launchIncoming: ['/bin/sh', launcher] });
    const wanted = { vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES };
    const looks = Array.from({ length: 5 }, () => again.listVms());
    await expect(again.prepareIncoming({ migrationId: 'm', ...wanted })).resolves.toMatchObject({
      ip: '127.0.0.1',
    });
    await Promise.all(looks);
    expect(of.asked('migrate-incoming')).toHaveLength(1);
  });

  it('needs a launcher or a guest that waits', async () => {
    const by = await drive();
    const wanted = { migrationId: 'm', vmId: 'vm', memoryBytes: FAKE_MEMORY_BYTES };
    await expect(by.prepareIncoming(wanted)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('says yes or no to every command about a migration that is not here', async () => {
    await play();
    const by = await drive();
    for (const command of [
      () => by.nextRound('x', 1, null),
      () => by.beginSwitchover('x', null),
      () => by.setRateCap('x', null),
      () => by.cancel('x', ''),
      () => by.startPostcopy('x', null),
      () => by.pausePostcopy('x'),
      () => by.recoverPostcopy('x', TO, null),
    ])
      expect(command).toThrow(expect.objectContaining({ code: 'unknown_migration' }));
    await expect(by.prepareRecovery('x')).rejects.toMatchObject({ code: 'unknown_migration' });
    await expect(
      by.startMigration({ migrationId: 'x', vmId: 'ghost', destination: TO, rateCapBitsPerSec: null }),
    ).rejects.toMatchObject({ code: 'unknown_vm' });
  });
});

const ram = (values: object): object => ({
  ...{ transferred: 0, remaining: 0, total: FAKE_MEMORY_BYTES, 'dirty-sync-count': 1 },
  ...values,
});
