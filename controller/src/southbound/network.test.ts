/** What the data plane does for reservations and applications, as the switches see it. */
import type { Mac } from '@sluice/topology';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './testing/eventually.ts';
import {
  host,
  ipOf,
  LIMITS,
  LineNetwork,
  macOf,
  migrationPacket,
  queuesOf,
  reservation,
  topology,
} from './testing/line-network.ts';

describe('network', () => {
  let net: LineNetwork;

  beforeEach(() => {
    net = new LineNetwork();
  });
  afterEach(() => net.close());

  it('is ready when every link of the inventory is up', async () => {
    await net.begin();
    const status = net.network.status();
    expect(status.ready).toBe(true);
    expect(status.alerts).toEqual([]);
    expect(status.switches.map(({ name, connected }) => [name, connected])).toEqual([
      ['s1', true],
      ['s2', true],
      ['s3', true],
    ]);
    expect(status.links.every((link) => link.status === 'up')).toBe(true);
    const up = net.heard.flatMap((entry) => (entry.kind === 'link_came_up' ? [entry.link] : []));
    expect([...up].sort()).toEqual([...topology.links.keys()].sort());
  });

  it('carries applications along shortest paths, and broadcasts along the tree', async () => {
    await net.begin();
    const s2 = net.fabric.switch('s2');
    const fromH2 = { in_port: 1, eth_type: 0x800, ip_dscp: 43, eth_dst: macOf('h3') };
    expect(s2.forward(fromH2).outputs).toMatchObject([{ port: 3, fields: { ip_dscp: 0 } }]);
    const broadcast = { in_port: 2, eth_type: 0x806, eth_dst: 'ff:ff:ff:ff:ff:ff' };
    expect(s2.forward(broadcast).outputs.map(({ port }) => port)).toEqual([1, 3]);
    expect(s2.forward({ in_port: 1, eth_type: 0x86dd, eth_dst: '33:33:00:00:00:01' }).outputs).toEqual([]);
    expect(s2.forward({ in_port: 1, eth_type: 0x88cc, eth_dst: '01:80:c2:00:00:0e' }).packetIn).toBe(true);
  });

  it('gives a reservation its meter, mark, queue and path, both ways', async () => {
    await net.begin();
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    expect(net.fabric.switch('s1').forward(migrationPacket(1))).toMatchObject({
      outputs: [{ port: 2, queueId: 1, fields: { ip_dscp: 43 } }],
      meters: [1007],
    });
    expect(net.fabric.switch('s2').forward({ ...migrationPacket(2), ip_dscp: 43 })).toMatchObject({
      outputs: [{ port: 3, queueId: 1, fields: { ip_dscp: 43 } }],
      meters: [],
    });
    expect(net.fabric.switch('s3').forward({ ...migrationPacket(2), ip_dscp: 43 })).toMatchObject({
      outputs: [{ port: 1, queueId: 1 }],
    });
    const back = {
      in_port: 1,
      eth_type: 0x800,
      ip_proto: 6,
      ipv4_src: ipOf('h3'),
      ipv4_dst: ipOf('h1'),
      tcp_src: 4444,
      tcp_dst: 40_000,
    };
    expect(net.fabric.switch('s3').forward(back)).toMatchObject({
      outputs: [{ port: 2, queueId: 1, fields: { ip_dscp: 43 } }],
      meters: [],
    });
    const other = net.fabric.switch('s1').forward(migrationPacket(1, 4445));
    expect(other.outputs.map(({ port, queueId }) => [port, queueId])).toEqual([[2, undefined]]);
    expect(net.fabric.switch('s1').meters.get(1007)?.bands).toEqual([
      { type: 'drop', rate: 52_500, burstSize: 0 },
    ]);
    expect(Object.fromEntries(net.fabric.queueRates)).toEqual({
      's1:2': 5e7,
      's2:3': 5e7,
      's3:1': 5e7,
      's3:2': 1.5e6,
      's2:2': 1.5e6,
      's1:1': 1.5e6,
    });
  });

  it('leaves nothing behind when a reservation is removed', async () => {
    await net.begin();
    const before = net.snapshot();
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    await net.network.remove(one, queuesOf(one, 0));
    expect(net.snapshot()).toEqual(before);
    expect(net.fabric.queueRates.size).toBe(0);
  });

  it('moves a reservation to another way, and leaves nothing of the old one', async () => {
    await net.begin();
    const before = net.snapshot();
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    // The same connection, which from now on leaves the network at s2.
    const other: typeof one = { ...reservation(7, 1, 2, 2e7), match: one.match };
    const kept = new Set(queuesOf(other).map(({ port }) => `${port.dpid}:${port.portNo}`));
    const left = queuesOf(one, 0).filter(({ port }) => !kept.has(`${port.dpid}:${port.portNo}`));
    await net.network.reroute(one, other, [...queuesOf(other), ...left]);
    expect(net.fabric.switch('s1').forward(migrationPacket(1))).toMatchObject({
      outputs: [{ port: 2, queueId: 1, fields: { ip_dscp: 43 } }],
      meters: [1007],
    });
    expect(net.fabric.switch('s1').meters.get(1007)?.bands).toEqual([
      { type: 'drop', rate: 21_000, burstSize: 0 },
    ]);
    expect(net.fabric.switch('s2').forward({ ...migrationPacket(2), ip_dscp: 43 })).toMatchObject({
      outputs: [{ port: 1, queueId: 1 }],
    });
    expect(Object.fromEntries(net.fabric.queueRates)).toEqual({
      's1:2': 2e7,
      's2:1': 2e7,
      's2:2': 6e5,
      's1:1': 6e5,
    });
    await net.network.remove(other, queuesOf(other, 0));
    expect(net.snapshot()).toEqual(before);
    expect(net.fabric.queueRates.size).toBe(0);
  });

  it('resizes meter and queues in place, room before ceiling and ceiling before room', async () => {
    await net.begin();
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    const s1 = net.fabric.switch('s1');
    for (const rate of [8e7, 2e7]) {
      s1.received.length = 0;
      const resized = reservation(7, 1, 3, rate);
      await net.network.resize(resized, queuesOf(resized));
      expect(s1.meters.get(1007)?.bands).toMatchObject([{ rate: (rate * 1.05) / 1000 }]);
      expect(net.fabric.queueRates.get('s1:2')).toBe(rate);
      expect(s1.received.map(({ type }) => type).filter((type) => type.endsWith('_mod'))).toEqual([
        'meter_mod',
      ]);
    }
  });

  it('flips a MAC with one batch per switch, touching nothing else', async () => {
    await net.begin();
    const vm = '02:00:00:00:99:01' as Mac;
    await net.network.setForwarding([{ mac: vm, hostId: host(1) }], []);
    const names = ['s1', 's2', 's3'] as const;
    for (const name of names) net.fabric.switch(name).received.length = 0;
    await net.network.setForwarding([{ mac: vm, hostId: host(3) }], []);
    const sent = names.map((name) =>
      net.fabric
        .switch(name)
        .received.map(({ type }) => type)
        .filter((type) => type === 'flow_mod' || type === 'barrier_request'),
    );
    expect(sent).toEqual(names.map(() => ['flow_mod', 'barrier_request']));
    const to = names.map(
      (name) =>
        net.fabric.switch(name).forward({ in_port: 9, eth_type: 0x800, eth_dst: vm }).outputs[0]?.port,
    );
    expect(to).toEqual([2, 3, 1]);
  });

  it.each(['set_queue', 'dscp'] as const)('finds out that %s is what classifies', async (classifier) => {
    await net.begin({ classifier });
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    const proved = net.network
      .status()
      .links.flatMap(({ id, classification }) => (classification ? [[id, classification]] : []));
    expect(Object.fromEntries(proved)).toEqual({
      's1:2>s2:2': classifier,
      's2:3>s3:2': classifier,
      's3:1>h3': classifier,
      's3:2>s2:3': classifier,
      's2:2>s1:2': classifier,
      's1:1>h1': classifier,
    });
  });

  it('refuses to promise what no queue would keep', async () => {
    await net.begin({ classifier: 'none', limits: { ...LIMITS, probeDeadlineMs: 50 } });
    const one = reservation(7, 1, 3, 5e7);
    await expect(net.network.install(one, queuesOf(one))).rejects.toMatchObject({
      code: 'classification_ineffective',
    });
    expect(net.fabric.queueRates.size).toBe(0);
    expect(net.fabric.switch('s1').meters.size).toBe(0);
  });

  it('goes without meters as long as nobody shares a queue', async () => {
    await net.begin({ metersMax: 0 });
    const one = reservation(7, 1, 3, 3e7);
    const two = reservation(8, 2, 3, 2e7);
    await net.network.install(one, queuesOf(one));
    expect(net.fabric.switch('s1').forward(migrationPacket(1))).toMatchObject({
      outputs: [{ queueId: 1 }],
      meters: [],
    });
    await expect(net.network.install(two, queuesOf(two))).rejects.toMatchObject({
      code: 'meters_unsupported',
    });
  });

  it('reads the counters of the first switch', async () => {
    await net.begin();
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    net.fabric.switch('s1').setQueueCounters(2, 1, { txBytes: 12_345n });
    net.fabric.switch('s1').forward(migrationPacket(1), { packets: 1n, bytes: 999n });
    expect(await net.network.readCounters(one)).toEqual({ queueBytes: 12_345, meterBytes: 999 });
    await net.fabric.switch('s1').close();
    await eventually(() => expect(net.isConnected('s1')).toBe(false));
    expect(await net.network.readCounters(one)).toEqual({ queueBytes: null, meterBytes: null });
  });

  it('measures what applications send over each link', async () => {
    await net.begin();
    let bytes = 0n;
    await eventually(() => {
      bytes += 10_000n;
      net.fabric.switch('s1').setQueueCounters(2, 0, { txBytes: bytes });
      const loads = net.heard.flatMap((entry) => (entry.kind === 'link_load_measured' ? entry.loads : []));
      const rates = loads
        .filter(({ link }) => link === 's1:2>s2:2')
        .map(({ applicationRate }) => applicationRate as number);
      expect(Math.max(0, ...rates)).toBeGreaterThan(0);
      expect(loads.some(({ link }) => link === 'h1>s1:1')).toBe(true);
    });
  });
});
