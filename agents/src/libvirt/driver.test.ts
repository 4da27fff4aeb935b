/** The driver over a virsh that the test plays: what libvirt does rarely, or only at the wrong moment. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HypervisorEvent } from '../hypervisor.ts';
import { type FakeVirsh, fakeVirsh, outgoingJob, PAUSED_MIGRATING, RUNNING } from '../testing/fake-virsh.ts';
import { LibvirtDriver, type LibvirtDriverOptions } from './driver.ts';

const TO = { ip: '10.0.0.2', port: 49_300 };
const MIGRATE =
  'migrate --domain vm --desturi qemu+ssh://10.0.0.2/system --live --p2p --abort-on-error ' +
  '--migrateuri tcp://10.0.0.2:49300 --listen-address 10.0.0.2';

describe('the libvirt driver', () => {
  let marksDir: string;
  let virsh: FakeVirsh;
  let driver: LibvirtDriver | undefined;
  let events: HypervisorEvent[];
  let changes: number;
  beforeEach(async () => {
    marksDir = await mkdtemp(join(tmpdir(), 'slm-'));
    virsh = fakeVirsh();
    events = [];
    changes = 0;
  });
  afterEach(async () => {
    virsh.ends({}); // Else the driver would wait for it to cancel.
    await driver?.close();
    driver = undefined;
    await rm(marksDir, { recursive: true, force: true });
  });

  const drive = async (options: Partial<LibvirtDriverOptions> = {}): Promise<LibvirtDriver> => {
    driver = new LibvirtDriver({
      ...{
        virsh: ['virsh'],
        uri: 'qemu:///system',
        destinationUri: 'qemu+ssh://{ip}/system',
        rates: 'exact',
      },
      ...{ listenIp: '127.0.0.1', ports: { first: 49_664, last: 49_919 }, stallLimitMs: 5000 },
      ...{ dirtyRatePeriodMs: 0, marksDir, runner: virsh, ...options },
    });
    await driver.start({
      onEvent: (event) => events.push(event),
      onVmsChanged: () => {
        changes += 1;
      },
    });
    return driver;
  };
  const start = (by: LibvirtDriver, rateCapBitsPerSec: number | null = 80e6, mechanism = {}) =>
    by.startMigration({ migrationId: 'm', vmId: 'vm', destination: TO, rateCapBitsPerSec, mechanism });
  const outgoing = async (
    options: Partial<LibvirtDriverOptions> = {},
    rateCapBitsPerSec: number | null = 80e6,
    mechanism = {},
  ): Promise<LibvirtDriver> => {
    if (virsh.domains.length === 0) virsh.add();
    const by = await drive(options);
    await start(by, rateCapBitsPerSec, mechanism);
    return by;
  };
  const kinds = () => events.map(({ kind }) => kind);
  const told = (kind: HypervisorEvent['kind']) => expect.poll(kinds).toContain(kind);
  const last = () => events.at(-1);
  const asked = (command: string) => virsh.asked.filter((line) => line.startsWith(command));
  const askedSoon = (line: string) => expect.poll(() => virsh.asked).toContain(line);
  const begins = async (fields = {}): Promise<void> => {
    virsh.job = outgoingJob(fields);
    await told('started');
  };

  describe('at home', () => {
    it('lists running domains with memory, tap, MAC and the address in their metadata', async () => {
      virsh.add();
      virsh.add({ name: 'no-nic', netDevice: null, ip: null, state: [3, 1] });
      virsh.add({ name: '-not/ours' });
      const views = await (await drive()).listVms();
      const common = {
        memoryBytes: 134_217_728,
        pageBytes: 4096,
        dirtyRateBytesPerSec: 0,
        workingSetBytes: 0,
      };
      const netCounters = { path: '/proc/self/net/dev', device: 'vnet0', isHostSide: true };
      expect(views).toEqual([
        { ...common, vmId: 'vm', state: 'running', mac: '52:54:00:00:00:01', ip: '10.0.0.1', netCounters },
        { ...common, vmId: 'no-nic', state: 'paused', mac: '', ip: '', netCounters: null },
      ]);
    });

    it('says that VMs have changed when one comes and when one goes', async () => {
      const by = await drive();
      virsh.add();
      virsh.lifecycle('Started Booted');
      await expect.poll(() => changes).toBe(1);
      virsh.domains.length = 0;
      virsh.lifecycle('Stopped Destroyed');
      await expect.poll(() => changes).toBe(2);
      expect(await by.listVms()).toEqual([]);
    });

    it('samples how fast a VM dirties its memory, and believes a sample only after its own order', async () => {
      const domain = virsh.add({ sampledMebibytesPerSec: 99 });
      const by = await drive({ dirtyRatePeriodMs: 1000 });
      const rate = async () => (await by.listVms())[0]?.dirtyRateBytesPerSec;
      expect(await rate()).toBe(0);
      expect(asked('domdirtyrate-calc')).toEqual([
        'domdirtyrate-calc --domain vm --seconds 1 --mode page-sampling',
      ]);
      domain.sampledMebibytesPerSec = 7;
      await expect.poll(rate).toBe(7 * 1024 * 1024);
    });

    it('does not start without virsh or its daemon, and says what is missing', async () => {
      virsh.refuse('domstats', 'failed to connect to the hypervisor; Failed to connect socket');
      await expect(drive()).rejects.toMatchObject({ code: 'no_connection' });
    });

    it('refuses words of virsh that it does not understand', async () => {
      const by = await drive();
      virsh.print('domstats', "Domain: 'vm'\n  state.state=one\n");
      await expect(by.listVms()).rejects.toMatchObject({ code: 'bad_output' });
    });

    it('follows events again when they were cut off', async () => {
      await drive();
      virsh.losesEvents();
      await expect.poll(() => virsh.followers().event).toBe(2);
    });

    it('takes back what an agent before it was migrating, and puts the limit back after that', async () => {
      const domain = virsh.add({ limitMs: 1 });
      await writeFile(join(marksDir, 'vm'), JSON.stringify({ limitBeforeMs: 450 }));
      await writeFile(join(marksDir, 'gone'), JSON.stringify({ limitBeforeMs: 450 }));
      virsh.job = outgoingJob();
      const by = await drive();
      await askedSoon('domjobabort --domain vm');
      expect(domain.limitMs).toBe(1);
      await expect(start(by)).rejects.toMatchObject({ code: 'busy' });
      virsh.job = null;
      await expect.poll(() => domain.limitMs).toBe(450);
      await expect.poll(() => readdir(marksDir)).toEqual([]);
    });

    it('leaves a migration alone that is not its own', async () => {
      virsh.add();
      virsh.job = outgoingJob();
      await drive();
      expect(virsh.asked).toEqual([]);
    });
  });

  describe('at the source', () => {
    it('shuts the gate, then migrates from daemon to daemon', async () => {
      const by = await outgoing();
      expect(virsh.asked).toEqual([
        'migrate-setmaxdowntime --domain vm --downtime 1',
        `${MIGRATE} --bandwidth 9`,
      ]);
      expect(await readdir(marksDir)).toEqual(['vm']);
      await expect(start(by)).rejects.toMatchObject({ code: 'busy' });
    });

    it('gives the exact cap to QEMU once there is one to give it to, and only then says started', async () => {
      await outgoing();
      virsh.job = outgoingJob({ memory_total: 0, memory_iteration: 0 });
      virsh.iteration(1);
      await expect.poll(kinds).toEqual([]);
      await begins();
      expect(asked('qemu-monitor-command')).toEqual([
        'qemu-monitor-command --domain vm --cmd {"execute":"migrate-set-parameters","arguments":{"max-bandwidth":10000000}}',
      ]);
    });

    it('counts rounds from 0, each with its own bytes, at the event and not at the next look', async () => {
      await outgoing();
      await begins();
      virsh.job = outgoingJob({ memory_iteration: 2, memory_processed: 1000, memory_remaining: 500 });
      virsh.iteration(2);
      await told('round_finished');
      virsh.job = outgoingJob({ memory_iteration: 4, memory_processed: 1400, memory_remaining: 300 });
      virsh.iteration(4);
      await expect.poll(() => events.length).toBe(3);
      expect(events.slice(1)).toMatchObject([
        { kind: 'round_finished', round: 0, transferredBytes: 1000, remainingBytes: 500 },
        { kind: 'round_finished', round: 2, transferredBytes: 400, remainingBytes: 300 },
      ]);
    });

    it('changes its cap in flight, and says so when it is in force', async () => {
      const by = await outgoing();
      await begins();
      by.setRateCap('m', 16e6);
      await told('rate_cap_applied');
      expect(last()).toEqual({ kind: 'rate_cap_applied', migrationId: 'm', rateCapBitsPerSec: 16e6 });
      expect(asked('qemu-monitor-command').at(-1)).toContain('"max-bandwidth":2000000');
    });

    it('rounds caps down to whole MiB/s when it may not go past libvirt', async () => {
      const by = await outgoing({ rates: 'mebibytes' }, 50e6);
      await begins();
      expect(asked('migrate --')).toEqual([`${MIGRATE} --bandwidth 5`]);
      by.setRateCap('m', 20e6);
      await told('rate_cap_applied');
      by.setRateCap('m', null);
      await askedSoon('migrate-setspeed --domain vm --bandwidth 119209');
      expect(asked('migrate-setspeed')[0]).toBe('migrate-setspeed --domain vm --bandwidth 2');
      expect(asked('qemu-monitor-command')).toEqual([]);
    });

    it('has no cap below 1 MiB/s then: refused before it begins, cancelled in flight', async () => {
      virsh.add();
      const by = await drive({ rates: 'mebibytes' });
      await expect(start(by, 8e6)).rejects.toMatchObject({ code: 'unsupported' });
      expect(virsh.asked).toEqual([]);
      await start(by, 9e6);
      await begins();
      by.setRateCap('m', 8e6);
      await askedSoon('domjobabort --domain vm');
      virsh.ends({ words: "operation aborted: job 'migration out' canceled by client" });
      await told('failed');
      expect(last()).toMatchObject({ code: 'unsupported', vmRunning: true });
    });

    it('opens the gate at once, or to the volume that the reserved rate moves within the limit', async () => {
      const domain = virsh.add();
      const by = await outgoing();
      await begins();
      by.beginSwitchover('m', 80e6);
      await expect.poll(() => domain.limitMs).toBe(2_000_000);
      by.beginSwitchover('m', 80e6, { rateBitsPerSec: 40e6, downtimeLimitSec: 0.3 });
      // Nothing was measured: the bytes in this test stand still.
      await expect.poll(() => domain.limitMs).toBe(300);
    });

    it('says stopped at the event, and believes the end when its statistics are there', async () => {
      virsh.add({ isPersistent: true });
      await outgoing();
      expect(asked('migrate --')[0]).toContain(' --persistent --undefinesource ');
      await begins({ memory_processed: 1000, memory_remaining: 200 });
      virsh.lifecycle('Suspended Migrated');
      await told('vm_stopped');
      expect(last()).toMatchObject({ remainingBytes: 200 });
      virsh.domains.length = 0;
      virsh.ends({ exitCode: 0 });
      await expect.poll(() => changes).toBeGreaterThan(0);
      expect(kinds()).toEqual(['started', 'vm_stopped']);
      virsh.completedStats({ time_elapsed: 900, downtime: 40, memory_processed: 1200 });
      await told('completed');
      expect(last()).toMatchObject({
        ...{ kind: 'completed', migrationId: 'm', totalTimeSec: 0.9, downtimeSec: 0.04 },
        ...{ transferredBytes: 1200, stopAndCopy: { transferredBytes: 200, durationSec: 0.04 } },
      });
      await expect.poll(() => readdir(marksDir)).toEqual([]);
    });

    it('does not say completed without them', async () => {
      await outgoing();
      await begins();
      virsh.domains.length = 0;
      virsh.ends({ exitCode: 0 });
      await told('failed');
      expect(last()).toMatchObject({ side: 'source', code: 'internal', vmRunning: false });
    });

    it('asks to abort until libvirt takes it, and puts the limit back', async () => {
      const domain = virsh.add({ limitMs: 700 });
      const by = await outgoing();
      virsh.refuse('domjobabort', 'Requested operation is not valid: no job is active on the domain');
      virsh.job = outgoingJob({ memory_total: 0 });
      by.cancel('m', 'changed our mind');
      await expect.poll(() => asked('domjobabort').length).toBeGreaterThan(1);
      virsh.refuse('domjobabort', null);
      virsh.ends({ words: "operation aborted: job 'migration out' canceled by client" });
      await told('failed');
      expect(last()).toEqual({
        ...{ kind: 'failed', migrationId: 'm', side: 'source', code: 'cancelled', vmRunning: true },
        detail: 'changed our mind',
      });
      expect(domain.limitMs).toBe(700);
    });

    it('sees a stream that stands still by its bytes', async () => {
      await outgoing({ stallLimitMs: 500 });
      await begins({ memory_processed: 5000, memory_bps: 12_500_000 });
      await askedSoon('domjobabort --domain vm');
      virsh.ends({ words: 'operation aborted' });
      await told('failed');
      expect(last()).toMatchObject({ code: 'connection_lost', vmRunning: true });
    });

    it.each([
      ["unable to connect to server at '10.0.0.2:49300': Connection refused", 'connect_failed'],
      ["unsupported configuration: Target domain's CPU does not match", 'unsupported'],
      ["Requested operation is not valid: domain 'vm' is already active", 'busy'],
      ['Timed out during operation: cannot acquire state change lock', 'busy'],
    ])('says of "%s": %s', async (words, code) => {
      await outgoing();
      virsh.ends({ words });
      await told('failed');
      expect(last()).toMatchObject({ code, detail: words, vmRunning: true });
    });

    it('waits for the VM to run again before it says whether it does', async () => {
      const domain = virsh.add();
      await outgoing();
      await begins();
      domain.state = PAUSED_MIGRATING;
      virsh.ends({ words: 'operation failed: Unable to write to socket: Broken pipe' });
      await virsh.run(['domstats', 'vm']);
      expect(kinds()).toEqual(['started']);
      domain.state = RUNNING;
      await told('failed');
      expect(last()).toMatchObject({ code: 'connection_lost', vmRunning: true });
    });

    it('takes a migration back that goes on without its virsh', async () => {
      await outgoing();
      await begins();
      virsh.diesAlone();
      await askedSoon('domjobabort --domain vm');
      virsh.job = null;
      await told('failed');
      expect(last()).toMatchObject({ code: 'internal', vmRunning: true });
    });

    it('says completed of one that has arrived without its virsh', async () => {
      await outgoing();
      await begins();
      virsh.refuse(
        'domjobabort',
        'Requested operation is not valid: cannot abort migration in post-copy mode',
      );
      virsh.diesAlone();
      await askedSoon('domjobabort --domain vm');
      virsh.completedStats({ time_elapsed: 900, downtime: 40, memory_processed: 1200 });
      virsh.domains.length = 0;
      await told('completed');
    });

    it('lets its daemon be away for a while', async () => {
      await outgoing();
      await begins();
      virsh.refuse('domjobinfo', 'failed to connect to the hypervisor');
      virsh.iteration(2);
      virsh.job = outgoingJob({ memory_iteration: 2, memory_processed: 10 });
      virsh.refuse('domjobinfo', null);
      await told('round_finished');
      expect(asked('domjobabort')).toEqual([]);
    });

    it('cancels when it closes, and stays no longer than libvirt needs', async () => {
      const by = await outgoing();
      await begins();
      const closing = by.close();
      await askedSoon('domjobabort --domain vm');
      virsh.ends({ words: "operation aborted: job 'migration out' canceled by client" });
      await closing;
      expect(last()).toMatchObject({ kind: 'failed', detail: 'the agent stops', vmRunning: true });
    });

    it('knows no migration that it was not told of', async () => {
      const by = await drive();
      expect(() => by.setRateCap('m', 1e6)).toThrow('no migration m here');
      await expect(start(by)).rejects.toMatchObject({ code: 'unknown_vm' });
    });
  });
});
