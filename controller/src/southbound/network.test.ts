/** The whole data plane against fake switches over loopback TCP: s1 – s2 – s3 in a line, one host at each. */
import { createController, flowMod, OFPET, OFPFC } from '@oflib/openflow';
import { createFakeSwitch } from '@oflib/openflow/testing';
import {
  buildTopology,
  type HostId,
  type Link,
  line,
  type Mac,
  reversePath,
  shortestPath,
  type Topology,
} from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Heard, QueueTarget, Reservation, ReservationId } from '../core/index.ts';
import { NetworkFailure } from './interfaces.ts';
import { createNetwork, type NetworkOptions, type OpenflowNetwork } from './network.ts';
import type { Note } from './note.ts';
import { eventually } from './testing/eventually.ts';
import { type Classifier, createFakeFabric, type FakeFabric } from './testing/fake-fabric.ts';

const topology = buildTopology(line({ length: 3, nic: bitsPerSec(1e8), capacity: bitsPerSec(1e8) }));
const LIMITS = {
  lldpPeriodMs: 50,
  loadPeriodMs: 50,
  startDeadlineMs: 4000,
  probeDeadlineMs: 1000,
  requestTimeoutMs: 3000,
};
const h = (n: number) => `h${n}` as HostId;
const ipOf = (host: string) => topology.hosts.get(host as HostId)?.ip ?? '';
const macOf = (host: string) => topology.hosts.get(host as HostId)?.mac ?? ('' as Mac);

function reservation(id: number, from: number, to: number, rate: number): Reservation {
  const path = shortestPath(topology, {
    from: h(from),
    to: h(to),
    residual: (link) => link.capacity,
    rateMin: bitsPerSec(0),
  });
  if (!path) throw new Error('no path');
  return {
    id: id as ReservationId,
    migrationId: `m${id}` as Reservation['migrationId'],
    path,
    reversePath: reversePath(topology, path),
    rate: bitsPerSec(rate),
    reverseRate: bitsPerSec(rate * 0.03),
    match: { sourceIp: ipOf(`h${from}`), destinationIp: ipOf(`h${to}`), destinationPort: 4444 },
  };
}

/** Totals as the core tells them, for one reservation alone. */
function queuesOf(one: Reservation, factor = 1): readonly QueueTarget[] {
  const on = (ids: readonly string[], rate: number) =>
    ids.flatMap((id) => {
      const link = [...topology.links.values()].find((candidate) => candidate.id === id);
      if (link?.from.kind !== 'switch' || link.fromPort === null) return [];
      return [{ port: { dpid: link.from.dpid, portNo: link.fromPort }, rate: bitsPerSec(rate * factor) }];
    });
  return [...on(one.path, one.rate), ...on(one.reversePath, one.reverseRate)];
}

const migrationPacket = (inPort: number, port = 4444) => ({
  in_port: inPort,
  eth_type: 0x800,
  eth_dst: macOf('h3'),
  ip_proto: 6,
  ipv4_src: ipOf('h1'),
  ipv4_dst: ipOf('h3'),
  tcp_src: 40_000,
  tcp_dst: port,
  ip_dscp: 0,
});

describe('network', () => {
  let fabric: FakeFabric;
  let network: OpenflowNetwork;
  let heard: Heard[];
  let notes: Note[];
  let address: { host: string; port: number };
  const open: { fabric: FakeFabric; network: OpenflowNetwork }[] = [];

  const optionsOf = (shape: Topology): NetworkOptions => ({
    topology: shape,
    epoch: 5,
    listen: { host: '127.0.0.1', port: 0 },
    ovsdb: { endpoints: [] },
    queues: fabric.queues,
    note: (note) => notes.push(note),
    limits: LIMITS,
  });

  async function begin(
    options: Partial<NetworkOptions> & { classifier?: Classifier; metersMax?: number; shape?: Topology } = {},
  ): Promise<void> {
    const { shape = topology, ...rest } = options;
    fabric = createFakeFabric(shape, options);
    network = createNetwork({ ...optionsOf(shape), ...rest });
    open.push({ fabric, network });
    const started = network.start((entry) => heard.push(entry));
    address = await network.listening;
    await fabric.connect(address);
    await started;
  }
  /** Every entry and meter, so that before and after can be compared. */
  const snapshot = () =>
    ['s1', 's2', 's3'].map((name) => ({
      flows: fabric.switch(name).flows.map(({ cookie, tableId, priority, match, instructions }) => ({
        cookie,
        tableId,
        priority,
        match,
        instructions,
      })),
      meters: [...fabric.switch(name).meters.keys()],
    }));

  beforeEach(() => {
    heard = [];
    notes = [];
  });
  afterEach(async () => {
    for (const one of open.splice(0)) {
      await one.network.close();
      await one.fabric.close();
    }
  });

  it('is ready when every link of the inventory is up', async () => {
    await begin();
    const status = network.status();
    expect(status.ready).toBe(true);
    expect(status.alerts).toEqual([]);
    expect(status.switches.map(({ name, connected }) => [name, connected])).toEqual([
      ['s1', true],
      ['s2', true],
      ['s3', true],
    ]);
    expect(status.links.every((link) => link.status === 'up')).toBe(true);
    const up = heard.flatMap((entry) => (entry.kind === 'link_came_up' ? [entry.link] : []));
    expect([...up].sort()).toEqual([...topology.links.keys()].sort());
  });

  it('carries applications along shortest paths, and broadcasts along the tree', async () => {
    await begin();
    const s2 = fabric.switch('s2');
    const fromH2 = { in_port: 1, eth_type: 0x800, ip_dscp: 43, eth_dst: macOf('h3') };
    expect(s2.forward(fromH2).outputs).toMatchObject([{ port: 3, fields: { ip_dscp: 0 } }]);
    const broadcast = { in_port: 2, eth_type: 0x806, eth_dst: 'ff:ff:ff:ff:ff:ff' };
    expect(s2.forward(broadcast).outputs.map(({ port }) => port)).toEqual([1, 3]);
    expect(s2.forward({ in_port: 1, eth_type: 0x86dd, eth_dst: '33:33:00:00:00:01' }).outputs).toEqual([]);
    expect(s2.forward({ in_port: 1, eth_type: 0x88cc, eth_dst: '01:80:c2:00:00:0e' }).packetIn).toBe(true);
  });

  it('gives a reservation its meter, mark, queue and path, both ways', async () => {
    await begin();
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    expect(fabric.switch('s1').forward(migrationPacket(1))).toMatchObject({
      outputs: [{ port: 2, queueId: 1, fields: { ip_dscp: 43 } }],
      meters: [1007],
    });
    expect(fabric.switch('s2').forward({ ...migrationPacket(2), ip_dscp: 43 })).toMatchObject({
      outputs: [{ port: 3, queueId: 1, fields: { ip_dscp: 43 } }],
      meters: [],
    });
    expect(fabric.switch('s3').forward({ ...migrationPacket(2), ip_dscp: 43 })).toMatchObject({
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
    expect(fabric.switch('s3').forward(back)).toMatchObject({
      outputs: [{ port: 2, queueId: 1, fields: { ip_dscp: 43 } }],
      meters: [],
    });
    const other = fabric.switch('s1').forward(migrationPacket(1, 4445));
    expect(other.outputs.map(({ port, queueId }) => [port, queueId])).toEqual([[2, undefined]]);
    expect(fabric.switch('s1').meters.get(1007)?.bands).toEqual([
      { type: 'drop', rate: 52_500, burstSize: 0 },
    ]);
    expect(Object.fromEntries(fabric.queueRates)).toEqual({
      's1:2': 5e7,
      's2:3': 5e7,
      's3:1': 5e7,
      's3:2': 1.5e6,
      's2:2': 1.5e6,
      's1:1': 1.5e6,
    });
  });

  it('leaves nothing behind when a reservation is removed', async () => {
    await begin();
    const before = snapshot();
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    await network.remove(one, queuesOf(one, 0));
    expect(snapshot()).toEqual(before);
    expect(fabric.queueRates.size).toBe(0);
  });

  it('resizes meter and queues in place, room before ceiling and ceiling before room', async () => {
    await begin();
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    const s1 = fabric.switch('s1');
    for (const rate of [8e7, 2e7]) {
      s1.received.length = 0;
      const resized = reservation(7, 1, 3, rate);
      await network.resize(resized, queuesOf(resized));
      expect(s1.meters.get(1007)?.bands).toMatchObject([{ rate: (rate * 1.05) / 1000 }]);
      expect(fabric.queueRates.get('s1:2')).toBe(rate);
      expect(s1.received.map(({ type }) => type).filter((type) => type.endsWith('_mod'))).toEqual([
        'meter_mod',
      ]);
    }
  });

  it('puts a failed resize back', async () => {
    await begin();
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    const rates = Object.fromEntries(fabric.queueRates);
    const larger = reservation(7, 1, 3, 8e7);
    fabric.switch('s1').failNext('meter_mod', OFPET.METER_MOD_FAILED, 0);
    await expect(network.resize(larger, queuesOf(larger))).rejects.toMatchObject({ code: 'rejected' });
    expect(Object.fromEntries(fabric.queueRates)).toEqual(rates);
    expect(fabric.switch('s1').meters.get(1007)?.bands).toMatchObject([{ rate: 52_500 }]);
  });

  it.each([
    ['s1', 'meter_mod'],
    ['s1', 'flow_mod'],
    ['s2', 'flow_mod'],
    ['s3', 'flow_mod'],
  ] as const)('undoes an install everywhere when %s refuses a %s', async (name, type) => {
    await begin();
    const before = snapshot();
    const one = reservation(7, 1, 3, 5e7);
    fabric.switch(name).failNext(type, OFPET.FLOW_MOD_FAILED, 1);
    await expect(network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'rejected' });
    expect(snapshot()).toEqual(before);
    expect(fabric.queueRates.size).toBe(0);
    await network.install(one, queuesOf(one));
    expect(fabric.switch('s1').forward(migrationPacket(1)).meters).toEqual([1007]);
  });

  it('undoes an install when queues cannot be had, or a switch does not confirm', async () => {
    await begin({ limits: { ...LIMITS, requestTimeoutMs: 400 } });
    const before = snapshot();
    const one = reservation(7, 1, 3, 5e7);
    fabric.failQueuesAt(1, new NetworkFailure('ovsdb_unavailable', 'gone'));
    await expect(network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'ovsdb_unavailable' });
    expect(snapshot()).toEqual(before);
    fabric.switch('s2').ignoreNext('barrier_request');
    await expect(network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'timed_out' });
    expect(fabric.queueRates.size).toBe(0);
    await fabric.connect(address, ['s2']);
    await eventually(() => expect(snapshot()).toEqual(before));
  });

  it('refuses a reservation over a switch or a link that is not there', async () => {
    await begin();
    const one = reservation(7, 1, 3, 5e7);
    fabric.switch('s3').setPortUp(1, false);
    await eventually(() => expect(heard).toContainEqual({ kind: 'link_went_down', link: 's3:1>h3' }));
    await expect(network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'link_unavailable' });
    await fabric.switch('s2').close();
    await eventually(() => expect(network.status().switches[1]?.connected).toBe(false));
    await expect(network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'switch_unavailable' });
  });

  it('puts everything back on a switch that forgot it, and removes what went meanwhile', async () => {
    await begin();
    const kept = reservation(7, 1, 3, 3e7);
    const gone = reservation(8, 2, 3, 2e7);
    await network.install(kept, queuesOf(kept));
    await network.install(gone, queuesOf(gone));
    const s2 = fabric.switch('s2');
    await s2.close();
    await eventually(() => expect(network.status().switches[1]?.connected).toBe(false));
    await network.remove(gone, queuesOf(gone, 0));
    await fabric.connect(address, ['s2']);
    await eventually(() => expect(network.status().switches[1]?.connected).toBe(true));
    const reserved = () =>
      s2.flows.filter(({ priority }) => priority === 30_000).map(({ cookie }) => cookie & 0xffffn);
    expect([reserved(), [...s2.meters.keys()]]).toEqual([[7n, 7n], []]);
    await s2.close();
    await eventually(() => expect(network.status().switches[1]?.connected).toBe(false));
    const before = snapshot();
    s2.reset();
    await fabric.connect(address, ['s2']);
    await eventually(() => expect(network.status().switches[1]?.connected).toBe(true));
    const sorted = (flows: readonly { tableId: number; priority: number; match: object }[]) =>
      [...flows].map((flow) => JSON.stringify([flow.tableId, flow.priority, flow.match])).sort();
    expect(sorted(snapshot()[1]?.flows ?? [])).toEqual(sorted(before[1]?.flows ?? []));
  });

  it('repairs a switch that somebody else has changed', async () => {
    await begin({ limits: { ...LIMITS, verifyPeriodMs: 30 } });
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    const s1 = fabric.switch('s1');
    const before = [...s1.flows].length;
    s1.reset();
    await eventually(() => expect(s1.flows.length).toBe(before));
    await eventually(() => expect(notes.map(({ event }) => event)).toContain('switch_repaired'));
    expect(s1.forward(migrationPacket(1)).meters).toEqual([1007]);
    await network.remove(one, queuesOf(one, 0));
    expect([...s1.meters.keys()]).toEqual([]);
  });

  it('writes nothing to a switch that comes back as it was', async () => {
    await begin();
    const s2 = fabric.switch('s2');
    await s2.close();
    await eventually(() => expect(network.status().switches[1]?.connected).toBe(false));
    s2.received.length = 0;
    await fabric.connect(address, ['s2']);
    await eventually(() => expect(network.status().switches[1]?.connected).toBe(true));
    expect(s2.received.filter(({ type }) => type === 'flow_mod' || type === 'meter_mod')).toEqual([]);
    expect(heard.filter(({ kind }) => kind === 'link_went_down')).toEqual([]);
  });

  it('takes over from an earlier epoch and leaves the entries of others alone', async () => {
    await begin();
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    await network.close();
    const s1 = fabric.switch('s1');
    const stranger = createController({ port: 0 });
    const theirs = { cookie: 0x1234n, tableId: 0, priority: 77, match: { in_port: 1 }, instructions: [] };
    stranger.on('switch', (sw) => void sw.sendBatch([flowMod({ command: OFPFC.ADD, ...theirs })]));
    await fabric.connect(await stranger.listen(), ['s1']);
    await eventually(() => expect(s1.flows).toContainEqual(expect.objectContaining(theirs)));
    await stranger.close();
    network = createNetwork({ ...optionsOf(topology), epoch: 6 });
    open.push({ fabric, network });
    const started = network.start(() => {});
    await fabric.connect(await network.listening);
    await started;
    const [others, ours] = [false, true].map((isOurs) =>
      s1.flows.filter(({ cookie }) => (cookie >> 32n === 0x51ce_0006n) === isOurs),
    );
    expect(others).toEqual([expect.objectContaining(theirs)]);
    expect(ours?.some(({ priority }) => priority === 30_000)).toBe(false);
    expect([...s1.meters.keys()]).toEqual([]);
  });

  it('is refused by switches that a newer epoch holds, and changes nothing there', async () => {
    await begin();
    const before = snapshot();
    const older = createNetwork({
      ...optionsOf(topology),
      epoch: 4,
      limits: { ...LIMITS, startDeadlineMs: 200 },
    });
    open.push({ fabric, network: older });
    const started = older.start((entry) => heard.push(entry));
    await fabric.connect(await older.listening);
    await started;
    expect(older.status().switches.map(({ connected }) => connected)).toEqual([false, false, false]);
    expect(older.status().alerts.map(({ kind }) => kind)).toContain('switch_not_adopted');
    expect(snapshot()).toEqual(before);
  });

  it('keeps a dpid with its holder while that answers, and gives it up when it does not', async () => {
    await begin();
    const twin = createFakeSwitch({ dpid: fabric.switch('s2').dpid, ports: [] });
    await twin.connect(address);
    await eventually(() =>
      expect(network.status().alerts.map(({ kind }) => kind)).toEqual(['duplicate_dpid']),
    );
    expect(twin.flows).toEqual([]);
    expect(network.status().switches[1]?.connected).toBe(true);
    await twin.close();
    await fabric.switch('s2').close();
    await twin.connect(address);
    await eventually(() => expect(twin.flows.length).toBeGreaterThan(0));
    await twin.close();
  });

  it('flips a MAC with one batch per switch, touching nothing else', async () => {
    await begin();
    const vm = '02:00:00:00:99:01' as Mac;
    await network.setForwarding([{ mac: vm, hostId: h(1) }], []);
    const names = ['s1', 's2', 's3'] as const;
    for (const name of names) fabric.switch(name).received.length = 0;
    await network.setForwarding([{ mac: vm, hostId: h(3) }], []);
    const sent = names.map((name) =>
      fabric
        .switch(name)
        .received.map(({ type }) => type)
        .filter((type) => type === 'flow_mod' || type === 'barrier_request'),
    );
    expect(sent).toEqual(names.map(() => ['flow_mod', 'barrier_request']));
    const to = names.map(
      (name) => fabric.switch(name).forward({ in_port: 9, eth_type: 0x800, eth_dst: vm }).outputs[0]?.port,
    );
    expect(to).toEqual([2, 3, 1]);
  });

  it.each(['set_queue', 'dscp'] as const)('finds out that %s is what classifies', async (classifier) => {
    await begin({ classifier });
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    const proved = network
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
    await begin({ classifier: 'none', limits: { ...LIMITS, probeDeadlineMs: 50 } });
    const one = reservation(7, 1, 3, 5e7);
    await expect(network.install(one, queuesOf(one))).rejects.toMatchObject({
      code: 'classification_ineffective',
    });
    expect(fabric.queueRates.size).toBe(0);
    expect(fabric.switch('s1').meters.size).toBe(0);
  });

  it('goes without meters as long as nobody shares a queue', async () => {
    await begin({ metersMax: 0 });
    const one = reservation(7, 1, 3, 3e7);
    const two = reservation(8, 2, 3, 2e7);
    await network.install(one, queuesOf(one));
    expect(fabric.switch('s1').forward(migrationPacket(1))).toMatchObject({
      outputs: [{ queueId: 1 }],
      meters: [],
    });
    await expect(network.install(two, queuesOf(two))).rejects.toMatchObject({ code: 'meters_unsupported' });
  });

  it('reads the counters of the first switch', async () => {
    await begin();
    const one = reservation(7, 1, 3, 5e7);
    await network.install(one, queuesOf(one));
    fabric.switch('s1').setQueueCounters(2, 1, { txBytes: 12_345n });
    fabric.switch('s1').forward(migrationPacket(1), { packets: 1n, bytes: 999n });
    expect(await network.readCounters(one)).toEqual({ queueBytes: 12_345, meterBytes: 999 });
    await fabric.switch('s1').close();
    await eventually(() => expect(network.status().switches[0]?.connected).toBe(false));
    expect(await network.readCounters(one)).toEqual({ queueBytes: null, meterBytes: null });
  });

  it('measures what applications send over each link', async () => {
    await begin();
    let bytes = 0n;
    await eventually(() => {
      bytes += 10_000n;
      fabric.switch('s1').setQueueCounters(2, 0, { txBytes: bytes });
      const loads = heard.flatMap((entry) => (entry.kind === 'link_load_measured' ? entry.loads : []));
      const rates = loads
        .filter(({ link }) => link === 's1:2>s2:2')
        .map(({ applicationRate }) => applicationRate as number);
      expect(Math.max(0, ...rates)).toBeGreaterThan(0);
      expect(loads.some(({ link }) => link === 'h1>s1:1')).toBe(true);
    });
  });

  it('notices a cable that went silent and one that comes back', async () => {
    await begin();
    const link = [...topology.links.values()].find(({ id }) => id === 's1:2>s2:2') as Link;
    fabric.cut(link);
    await eventually(() => expect(heard).toContainEqual({ kind: 'link_went_down', link: 's1:2>s2:2' }));
    expect(heard).toContainEqual({ kind: 'link_went_down', link: 's2:2>s1:2' });
  });

  it('raises alerts on switches and frames that have no place in the inventory', async () => {
    await begin();
    const stranger = createFakeSwitch({ dpid: '00000000000000ff', ports: [] });
    await stranger.connect(address);
    const lldp = new Uint8Array(60);
    lldp.set([0x88, 0xcc], 12);
    fabric.switch('s1').packetIn({ inPort: 1, data: lldp });
    fabric.switch('s2').packetIn({ inPort: 3, data: lldp });
    await eventually(() =>
      expect(
        network
          .status()
          .alerts.map(({ kind }) => kind)
          .sort(),
      ).toEqual(['lldp_not_authentic', 'lldp_on_host_port', 'unknown_switch']),
    );
    await stranger.close();
  });
});
