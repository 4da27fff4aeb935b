/** The destination's side, and post-copy on both, over a virsh that the test plays. */

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HypervisorEvent } from '../hypervisor.ts';
import {
  type FakeVirsh,
  fakeVirsh,
  LEFT_POSTCOPY,
  LEFT_POSTCOPY_INTERRUPTED,
  outgoingJob,
  PAUSED_MIGRATING,
  POSTCOPY_INTERRUPTED,
  RUNNING,
  RUNNING_POSTCOPY,
} from '../testing/fake-virsh.ts';
import { LibvirtDriver } from './driver.ts';

/** Below those that a system gives out by itself, so that nobody else has one of them. */
const PORTS = { first: 29_920, last: 29_927 };

describe('the libvirt driver', () => {
  let marksDir: string;
  let virsh: FakeVirsh;
  let driver: LibvirtDriver;
  let events: HypervisorEvent[];
  beforeEach(async () => {
    marksDir = await mkdtemp(join(tmpdir(), 'sln-'));
    virsh = fakeVirsh();
    events = [];
    driver = new LibvirtDriver({
      ...{
        virsh: ['virsh'],
        uri: 'qemu:///system',
        destinationUri: 'qemu+ssh://{ip}/system',
        rates: 'exact',
      },
      ...{
        listenIp: '127.0.0.1',
        ports: PORTS,
        stallLimitMs: 5000,
        dirtyRatePeriodMs: 0,
        marksDir,
        runner: virsh,
      },
    });
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
  });
  afterEach(async () => {
    virsh.ends({});
    await driver.close();
    await rm(marksDir, { recursive: true, force: true });
  });
  const prepare = (mechanism = {}) =>
    driver.prepareIncoming({ migrationId: 'm', vmId: 'vm', memoryBytes: 134_217_728, mechanism });
  const kinds = () => events.map(({ kind }) => kind);
  const told = (kind: HypervisorEvent['kind']) => expect.poll(kinds).toContain(kind);
  const asked = (command: string) => virsh.asked.filter((line) => line.startsWith(command));
  const askedSoon = (line: string) => expect.poll(() => virsh.asked).toContain(line);

  describe('at the destination', () => {
    it('answers with a port that is free', async () => {
      const servers = await Promise.all(
        [29_920, 29_922, 29_924].map(
          (port) =>
            new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
              const server = createServer().once('error', reject);
              server.listen({ host: '127.0.0.1', port }, () => resolve(server));
            }),
        ),
      );
      expect(await prepare()).toEqual({ ip: '127.0.0.1', port: 29_926 });
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    });

    it('has no room for a VM that is here, or is being brought', async () => {
      virsh.add();
      await expect(prepare()).rejects.toMatchObject({ code: 'busy' });
      virsh.domains.length = 0;
      await prepare();
      await expect(prepare()).rejects.toMatchObject({ code: 'busy' });
    });

    it('refuses what libvirt cannot do before anybody comes', async () => {
      await expect(prepare({ storage: true })).rejects.toMatchObject({ code: 'unsupported' });
    });

    it('says that the VM runs at the event', async () => {
      await prepare();
      virsh.add({ state: PAUSED_MIGRATING });
      virsh.lifecycle('Started Migrated');
      await expect.poll(async () => (await driver.listVms())[0]?.state).toBe('incoming');
      expect(events).toEqual([]);
      virsh.lifecycle('Resumed Migrated');
      expect(events).toEqual([{ kind: 'vm_resumed', migrationId: 'm', vmId: 'vm', isPostcopy: false }]);
    });

    it('sees that it runs when the event was lost', async () => {
      await prepare();
      virsh.add();
      await told('vm_resumed');
    });

    it('says that it failed when libvirt has taken the domain away', async () => {
      await prepare();
      virsh.lifecycle('Started Migrated');
      virsh.lifecycle('Stopped Failed');
      await told('failed');
      expect(events).toMatchObject([{ side: 'destination', code: 'connection_lost', vmRunning: false }]);
    });

    it('gives up at once what nobody has come for', async () => {
      await prepare();
      driver.cancel('m', 'changed our mind');
      await told('failed');
      expect(events).toMatchObject([{ code: 'cancelled', detail: 'changed our mind' }]);
      await prepare();
    });

    it('leaves to the source what the source has begun', async () => {
      await prepare();
      const domain = virsh.add({ state: PAUSED_MIGRATING });
      virsh.lifecycle('Started Migrated');
      driver.cancel('m', 'changed our mind');
      domain.state = RUNNING;
      await told('vm_resumed');
      expect(kinds()).toEqual(['vm_resumed']);
      expect(virsh.asked).toEqual([]);
    });
  });

  describe('in post-copy', () => {
    const begin = async (mechanism = { postcopy: true }) => {
      const domain = virsh.add();
      await driver.startMigration({
        ...{ migrationId: 'm', vmId: 'vm', destination: { ip: '10.0.0.2', port: 49_300 } },
        ...{ rateCapBitsPerSec: 80e6, mechanism },
      });
      virsh.job = outgoingJob();
      await told('started');
      return domain;
    };

    it('follows only if it was asked for at the begin', async () => {
      await begin({ postcopy: false });
      expect(() => driver.startPostcopy('m', 80e6)).toThrow('not asked for');
    });

    it('moves the VM, keeps the cap, and cannot be cancelled', async () => {
      const domain = await begin();
      driver.startPostcopy('m', 40e6);
      await askedSoon('migrate-postcopy --domain vm');
      expect(asked('qemu-monitor-command').at(-1)).toContain('"max-postcopy-bandwidth":5000000');
      domain.state = LEFT_POSTCOPY;
      await told('postcopy');
      expect(kinds()).toEqual(['started', 'vm_stopped', 'postcopy']);
      driver.cancel('m', 'too late');
      virsh.domains.length = 0;
      virsh.ends({ exitCode: 0 });
      virsh.completedStats({ time_elapsed: 6132, downtime: 6, memory_processed: 10_286_728 });
      await told('completed');
      expect(events.at(-1)).toMatchObject({ stopAndCopy: { transferredBytes: 0, durationSec: 0.006 } });
      expect(asked('domjobabort')).toEqual([]);
    });

    it('waits for a recovery when it was interrupted, and is told by another virsh', async () => {
      const domain = await begin();
      driver.startPostcopy('m', 40e6);
      await askedSoon('migrate-postcopy --domain vm');
      domain.state = LEFT_POSTCOPY;
      await told('postcopy');
      driver.pausePostcopy('m');
      await askedSoon('domjobabort --domain vm --postcopy');
      domain.state = LEFT_POSTCOPY_INTERRUPTED;
      virsh.diesAlone();
      await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'postcopy', state: 'paused' });
      driver.recoverPostcopy('m', { ip: '10.0.0.2', port: 49_302 }, 16e6);
      await expect.poll(() => virsh.followers().migrate).toBe(2);
      expect(asked('migrate --').at(-1)).toContain('tcp://10.0.0.2:49302');
      expect(asked('migrate --').at(-1)).toContain('--postcopy-resume --postcopy --postcopy-bandwidth 1');
      domain.state = LEFT_POSTCOPY;
      await expect.poll(() => asked('qemu-monitor-command').at(-1)).toContain('2000000');
      virsh.domains.length = 0;
      virsh.ends({ exitCode: 0 });
      virsh.completedStats({ time_elapsed: 6132, downtime: 6 });
      await told('completed');
    });

    it('tells at the destination that the VM runs before all of it is there', async () => {
      await prepare({ postcopy: true });
      const domain = virsh.add({ state: RUNNING_POSTCOPY });
      virsh.lifecycle('Resumed Post-copy');
      expect(events).toMatchObject([{ kind: 'vm_resumed', isPostcopy: true }]);
      const recovery = driver.prepareRecovery('m');
      await askedSoon('domjobabort --domain vm --postcopy');
      domain.state = POSTCOPY_INTERRUPTED;
      expect(await recovery).toMatchObject({ ip: '127.0.0.1' });
      expect(kinds()).toEqual(['vm_resumed']);
      domain.state = RUNNING;
      virsh.lifecycle('Resumed Migrated');
      expect(kinds()).toEqual(['vm_resumed', 'incoming_finished']);
    });

    it('has nothing to recover where nothing was interrupted', async () => {
      await prepare({ postcopy: true });
      await expect(driver.prepareRecovery('m')).rejects.toMatchObject({ code: 'busy' });
    });
  });
});
