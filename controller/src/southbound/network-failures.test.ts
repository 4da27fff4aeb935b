/** What the data plane does when something refuses, vanishes, comes back or does not belong. */
import { createController, flowMod, OFPET, OFPFC } from '@oflib/openflow';
import { createFakeSwitch } from '@oflib/openflow/testing';
import type { Link } from '@sluice/topology';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NetworkFailure } from './interfaces.ts';
import { eventually } from './testing/eventually.ts';
import {
  LIMITS,
  LineNetwork,
  migrationPacket,
  queuesOf,
  reservation,
  topology,
} from './testing/line-network.ts';

describe('network in trouble', () => {
  let net: LineNetwork;

  beforeEach(() => {
    net = new LineNetwork();
  });
  afterEach(() => net.close());

  it('puts a failed resize back', async () => {
    await net.begin();
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    const rates = Object.fromEntries(net.fabric.queueRates);
    const larger = reservation(7, 1, 3, 8e7);
    net.fabric.switch('s1').failNext('meter_mod', OFPET.METER_MOD_FAILED, 0);
    await expect(net.network.resize(larger, queuesOf(larger))).rejects.toMatchObject({ code: 'rejected' });
    expect(Object.fromEntries(net.fabric.queueRates)).toEqual(rates);
    expect(net.fabric.switch('s1').meters.get(1007)?.bands).toMatchObject([{ rate: 52_500 }]);
  });

  it.each([
    ['s1', 'meter_mod'],
    ['s1', 'flow_mod'],
    ['s2', 'flow_mod'],
    ['s3', 'flow_mod'],
  ] as const)('undoes an install everywhere when %s refuses a %s', async (name, type) => {
    await net.begin();
    const before = net.snapshot();
    const one = reservation(7, 1, 3, 5e7);
    net.fabric.switch(name).failNext(type, OFPET.FLOW_MOD_FAILED, 1);
    await expect(net.network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'rejected' });
    expect(net.snapshot()).toEqual(before);
    expect(net.fabric.queueRates.size).toBe(0);
    await net.network.install(one, queuesOf(one));
    expect(net.fabric.switch('s1').forward(migrationPacket(1)).meters).toEqual([1007]);
  });

  it('undoes an install when queues cannot be had, or a switch does not confirm', async () => {
    await net.begin({ limits: { ...LIMITS, requestTimeoutMs: 2000 } });
    const before = net.snapshot();
    const one = reservation(7, 1, 3, 5e7);
    net.fabric.failQueuesAt(1, new NetworkFailure('ovsdb_unavailable', 'gone'));
    await expect(net.network.install(one, queuesOf(one))).rejects.toMatchObject({
      code: 'ovsdb_unavailable',
    });
    expect(net.snapshot()).toEqual(before);
    net.fabric.switch('s2').ignoreNext('barrier_request');
    await expect(net.network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'timed_out' });
    expect(net.fabric.queueRates.size).toBe(0);
    await net.connect('s2');
    await eventually(() => expect(net.snapshot()).toEqual(before));
  });

  it('refuses a reservation over a switch or a link that is not there', async () => {
    await net.begin();
    const one = reservation(7, 1, 3, 5e7);
    net.fabric.switch('s3').setPortUp(1, false);
    await eventually(() => expect(net.heard).toContainEqual({ kind: 'link_went_down', link: 's3:1>h3' }));
    await expect(net.network.install(one, queuesOf(one))).rejects.toMatchObject({ code: 'link_unavailable' });
    await net.fabric.switch('s2').close();
    await eventually(() => expect(net.isConnected('s2')).toBe(false));
    await expect(net.network.install(one, queuesOf(one))).rejects.toMatchObject({
      code: 'switch_unavailable',
    });
  });

  it('puts everything back on a switch that forgot it, and removes what went meanwhile', async () => {
    await net.begin();
    const kept = reservation(7, 1, 3, 3e7);
    const gone = reservation(8, 2, 3, 2e7);
    await net.network.install(kept, queuesOf(kept));
    await net.network.install(gone, queuesOf(gone));
    const s2 = net.fabric.switch('s2');
    await s2.close();
    await eventually(() => expect(net.isConnected('s2')).toBe(false));
    await net.network.remove(gone, queuesOf(gone, 0));
    await net.connect('s2');
    await eventually(() => expect(net.isConnected('s2')).toBe(true));
    const reserved = () =>
      s2.flows.filter(({ priority }) => priority === 30_000).map(({ cookie }) => cookie & 0xffffn);
    expect([reserved(), [...s2.meters.keys()]]).toEqual([[7n, 7n], []]);
    await s2.close();
    await eventually(() => expect(net.isConnected('s2')).toBe(false));
    const before = net.snapshot();
    s2.reset();
    await net.connect('s2');
    await eventually(() => expect(net.isConnected('s2')).toBe(true));
    const sorted = (flows: readonly { tableId: number; priority: number; match: object }[]) =>
      [...flows].map((flow) => JSON.stringify([flow.tableId, flow.priority, flow.match])).sort();
    expect(sorted(net.snapshot()[1]?.flows ?? [])).toEqual(sorted(before[1]?.flows ?? []));
  });

  it('repairs a switch that somebody else has changed', async () => {
    await net.begin({ limits: { ...LIMITS, verifyPeriodMs: 30 } });
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    const s1 = net.fabric.switch('s1');
    const before = [...s1.flows].length;
    s1.reset();
    await eventually(() => expect(s1.flows.length).toBe(before));
    await eventually(() => expect(net.notes.map(({ event }) => event)).toContain('switch_repaired'));
    expect(s1.forward(migrationPacket(1)).meters).toEqual([1007]);
    await net.network.remove(one, queuesOf(one, 0));
    expect([...s1.meters.keys()]).toEqual([]);
  });

  it('writes nothing to a switch that comes back as it was', async () => {
    await net.begin();
    const s2 = net.fabric.switch('s2');
    await s2.close();
    await eventually(() => expect(net.isConnected('s2')).toBe(false));
    s2.received.length = 0;
    await net.connect('s2');
    await eventually(() => expect(net.isConnected('s2')).toBe(true));
    expect(s2.received.filter(({ type }) => type === 'flow_mod' || type === 'meter_mod')).toEqual([]);
    expect(net.heard.filter(({ kind }) => kind === 'link_went_down')).toEqual([]);
  });

  it('takes over from an earlier epoch and leaves the entries of others alone', async () => {
    await net.begin();
    const one = reservation(7, 1, 3, 5e7);
    await net.network.install(one, queuesOf(one));
    await net.network.close();
    const s1 = net.fabric.switch('s1');
    const stranger = createController({ port: 0 });
    const theirs = { cookie: 0x1234n, tableId: 0, priority: 77, match: { in_port: 1 }, instructions: [] };
    stranger.on('switch', (sw) => void sw.sendBatch([flowMod({ command: OFPFC.ADD, ...theirs })]));
    await net.fabric.connect(await stranger.listen(), ['s1']);
    await eventually(() => expect(s1.flows).toContainEqual(expect.objectContaining(theirs)));
    await stranger.close();
    await net.another({ epoch: 6 });
    const [others, ours] = [false, true].map((isOurs) =>
      s1.flows.filter(({ cookie }) => (cookie >> 32n === 0x51ce_0006n) === isOurs),
    );
    expect(others).toEqual([expect.objectContaining(theirs)]);
    expect(ours?.some(({ priority }) => priority === 30_000)).toBe(false);
    expect([...s1.meters.keys()]).toEqual([]);
  });

  it('is refused by switches that a newer epoch holds, and changes nothing there', async () => {
    await net.begin();
    const before = net.snapshot();
    await net.another({ epoch: 4, limits: { ...LIMITS, startDeadlineMs: 200 } });
    const refusals = () => net.network.status().alerts.filter(({ kind }) => kind === 'switch_not_adopted');
    await eventually(() => expect(refusals()).toHaveLength(3));
    expect(net.network.status().switches.map(({ connected }) => connected)).toEqual([false, false, false]);
    expect(net.snapshot()).toEqual(before);
  });

  it('keeps a dpid with its holder while that answers, and gives it up when it does not', async () => {
    await net.begin();
    const twin = createFakeSwitch({ dpid: net.fabric.switch('s2').dpid, ports: [] });
    await twin.connect(await net.network.listening);
    await eventually(() =>
      expect(net.network.status().alerts.map(({ kind }) => kind)).toEqual(['duplicate_dpid']),
    );
    expect(twin.flows).toEqual([]);
    expect(net.isConnected('s2')).toBe(true);
    await twin.close();
    await net.fabric.switch('s2').close();
    await twin.connect(await net.network.listening);
    await eventually(() => expect(twin.flows.length).toBeGreaterThan(0));
    await twin.close();
  });

  it('notices a cable that went silent', async () => {
    await net.begin();
    const link = [...topology.links.values()].find(({ id }) => id === 's1:2>s2:2') as Link;
    net.fabric.cut(link);
    await eventually(() => expect(net.heard).toContainEqual({ kind: 'link_went_down', link: 's1:2>s2:2' }));
    expect(net.heard).toContainEqual({ kind: 'link_went_down', link: 's2:2>s1:2' });
  });

  it('raises alerts on switches and frames that have no place in the inventory', async () => {
    await net.begin();
    const stranger = createFakeSwitch({ dpid: '00000000000000ff', ports: [] });
    await stranger.connect(await net.network.listening);
    const lldp = new Uint8Array(60);
    lldp.set([0x88, 0xcc], 12);
    net.fabric.switch('s1').packetIn({ inPort: 1, data: lldp });
    net.fabric.switch('s2').packetIn({ inPort: 3, data: lldp });
    await eventually(() =>
      expect(
        net.network
          .status()
          .alerts.map(({ kind }) => kind)
          .sort(),
      ).toEqual(['lldp_not_authentic', 'lldp_on_host_port', 'unknown_switch']),
    );
    await stranger.close();
  });
});
