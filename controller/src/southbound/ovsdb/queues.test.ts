/** Against a private ovsdb-server; skipped, with the reason printed, where there is none. */
import { named, ovs } from '@oflib/ovsdb';
import type { Dpid, PortNo } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QueueTarget } from '../../core/index.ts';
import { systemClock } from '../clock.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { Note } from '../note.ts';
import { eventually } from '../testing/eventually.ts';
import { type PrivateOvsdb, startPrivateOvsdb, whyNoOvsdb } from '../testing/private-ovsdb.ts';
import { createQueueControl, type QueueControl } from './queues.ts';

const reason = whyNoOvsdb();
const s1 = '0000000000000001';
const s2 = '0000000000000002';
const target = (dpid: string, portNo: number, rate: number): QueueTarget => ({
  port: { dpid: dpid as Dpid, portNo: portNo as PortNo },
  rate: bitsPerSec(rate),
});

describe.skipIf(reason !== null)(`queues over OVSDB${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const servers: PrivateOvsdb[] = [];
  const controls: QueueControl[] = [];
  let server: PrivateOvsdb;
  let notes: Note[];

  const another = async () => {
    const made = await startPrivateOvsdb();
    servers.push(made);
    return made;
  };
  const control = async (epoch: number, endpoints = [server.endpoint], queueTimeoutMs = 2000) => {
    const made = createQueueControl({
      endpoints,
      epoch,
      limits: { ...DEFAULT_LIMITS, queueTimeoutMs },
      clock: systemClock,
      note: (note) => notes.push(note),
    });
    controls.push(made);
    await made.start();
    return made;
  };

  beforeEach(async () => {
    notes = [];
    server = await another();
    await server.addBridge(s1, [
      { name: 's1p1', portNo: 1 },
      { name: 's1p2', portNo: 2 },
      { name: 's1p3', portNo: 3, queues: [] },
      { name: 's1p4', portNo: 4, queues: [0] },
    ]);
  });
  afterEach(async () => {
    for (const made of controls.splice(0)) made.close();
    for (const made of servers.splice(0)) await made.stop();
  });

  it('adds, sizes and removes queue 1, rates rounded up to whole bit/s', async () => {
    const queues = await control(1);
    await queues.apply([target(s1, 1, 1000.2), target(s1, 2, 2000)]);
    expect(await server.migrationQueues()).toEqual({ s1p1: '1001', s1p2: '2000' });
    await queues.apply([target(s1, 1, 5000), target(s1, 2, 0)]);
    expect(await server.migrationQueues()).toEqual({ s1p1: '5000' });
    await queues.apply([target(s1, 1, 0), target(s1, 2, 0)]);
    expect(await server.migrationQueues()).toEqual({});
    expect(await server.queueRows()).toBe(5);
  });

  it('writes nothing when nothing changes', async () => {
    const queues = await control(1);
    await queues.apply([target(s1, 1, 1000)]);
    const view = await server.client.monitor({ Open_vSwitch: ['next_cfg'] });
    const before = [...view.table('Open_vSwitch').values()];
    await queues.apply([target(s1, 1, 1000)]);
    expect([...view.table('Open_vSwitch').values()]).toEqual(before);
  });

  it('refuses ports that nobody provisioned, and changes none of the others', async () => {
    const queues = await control(1);
    for (const portNo of [3, 4])
      await expect(queues.apply([target(s1, 1, 1000), target(s1, portNo, 1000)])).rejects.toMatchObject({
        code: 'qos_missing',
      });
    await expect(queues.apply([target(s1, 9, 1000)])).rejects.toMatchObject({ code: 'port_unknown' });
    await queues.apply([target(s1, 1, 0), target(s1, 3, 0), target(s1, 4, 0), target(s1, 9, 0)]);
    expect(await server.migrationQueues()).toEqual({});
  });

  it('collects what earlier epochs left, and nothing of others', async () => {
    const before = await control(1);
    await before.apply([target(s1, 1, 1000)]);
    before.close();
    const [port] = await server.client.transact([ovs.select('Port', [['name', '==', 's1p2']], ['qos'])]);
    const qos = port[0]?.qos;
    if (!qos) throw new Error('port s1p2 has no QoS');
    await server.client.transact([
      ovs.insert('Queue', { other_config: { 'max-rate': '7' } }, { uuidName: 'theirs' }),
      ovs.mutate('QoS', [['_uuid', '==', qos]], [['queues', 'insert', new Map([[1, named('theirs')]])]]),
      ovs.insert('Queue', { external_ids: { 'sluice-owner': 'sluice', 'sluice-epoch': '1' } }),
    ]);
    const queues = await control(2);
    expect(await server.migrationQueues()).toEqual({ s1p2: '7' });
    expect(await server.queueRows()).toBe(6);
    await expect(queues.apply([target(s1, 2, 1000)])).rejects.toMatchObject({ code: 'qos_missing' });
  });

  it('says when a change is committed but not in force', async () => {
    const queues = await control(1, [server.endpoint], 100);
    server.setInForce(false);
    await expect(queues.apply([target(s1, 1, 1000)])).rejects.toMatchObject({ code: 'timed_out' });
  });

  it('fails while the server is away and makes the wish true when it is back', async () => {
    const queues = await control(1);
    await queues.apply([target(s1, 1, 1000)]);
    const restarted = server.restart();
    await eventually(() =>
      expect(queues.apply([target(s1, 1, 3000)])).rejects.toMatchObject({ code: 'ovsdb_unavailable' }),
    );
    await restarted;
    await eventually(async () => expect(await server.migrationQueues()).toEqual({ s1p1: '3000' }));
    expect(notes.map((note) => note.event)).toContain('ovsdb_unavailable');
  });

  it('puts back a queue that somebody else removed', async () => {
    const queues = await control(1);
    await queues.apply([target(s1, 1, 1000)]);
    const [port] = await server.client.transact([ovs.select('Port', [['name', '==', 's1p1']], ['qos'])]);
    const qos = port[0]?.qos;
    if (!qos) throw new Error('port s1p1 has no QoS');
    await server.client.transact([ovs.mutate('QoS', [['_uuid', '==', qos]], [['queues', 'delete', [1]]])]);
    await eventually(async () => expect(await server.migrationQueues()).toEqual({ s1p1: '1000' }));
    await eventually(async () => expect(await server.queueRows()).toBe(6));
  });

  it('serves bridges on several servers', async () => {
    const second = await another();
    await second.addBridge(s2, [{ name: 's2p1', portNo: 1 }]);
    const queues = await control(1, [server.endpoint, second.endpoint]);
    await queues.apply([target(s1, 1, 1000), target(s2, 1, 2000)]);
    expect([await server.migrationQueues(), await second.migrationQueues()]).toEqual([
      { s1p1: '1000' },
      { s2p1: '2000' },
    ]);
    await queues.apply([target(s1, 1, 3000), target(s2, 1, 500)]);
    expect([await server.migrationQueues(), await second.migrationQueues()]).toEqual([
      { s1p1: '3000' },
      { s2p1: '500' },
    ]);
  });
});
