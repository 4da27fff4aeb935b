/** The controller's data plane alone on real Open vSwitch: no agents, no core, reservations made by hand. */
import { createNetwork, type OpenflowNetwork } from '@sluice/controller';
import type { QueueTarget, Reservation } from '@sluice/controller/core';
import {
  buildTopology,
  type HostId,
  type Inventory,
  type LinkId,
  line,
  linksOfPath,
  type Mac,
  reversePath,
} from '@sluice/topology';
import { bitsPerSec, fromMbitPerSec } from '@sluice/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Lab,
  mustSkip,
  type Network,
  openLab,
  queueCounters,
  type SwitchSnapshot,
  snapshotSwitches,
} from '../src/lab/index.ts';
import { startTcpFlow } from '../src/traffic/index.ts';

const MIGRATION_PORT = 4444;
const VM = '02:00:00:00:99:01' as Mac;
const inventory = line({
  length: 3,
  nic: fromMbitPerSec(100),
  capacity: fromMbitPerSec(100),
  floor: fromMbitPerSec(20),
});
const topology = buildTopology(inventory);
const path: readonly LinkId[] = ['h1>s1:1', 's1:2>s2:2', 's2:3>s3:2', 's3:1>h3'] as LinkId[];

const specOf = ({ switches, hosts, links }: Inventory) => ({
  switches,
  hosts: hosts.map((host) => ({
    name: host.name,
    kind: host.kind,
    ip: `${host.ip}/16`,
    mac: host.mac,
    switch: host.switch,
    port: host.port,
    capacity: bitsPerSec(host.nicBitsPerSec),
    floor: bitsPerSec(host.floorBitsPerSec),
  })),
  links: links.map(({ a, b, capacityBitsPerSec, floorBitsPerSec }) => ({
    a,
    b,
    capacity: bitsPerSec(capacityBitsPerSec),
    floor: bitsPerSec(floorBitsPerSec),
  })),
});

const reservationAt = (rateMbitPerSec: number): Reservation => ({
  id: 7 as Reservation['id'],
  migrationId: 'm7' as Reservation['migrationId'],
  path,
  reversePath: reversePath(topology, path),
  rate: fromMbitPerSec(rateMbitPerSec),
  reverseRate: fromMbitPerSec(rateMbitPerSec * 0.03),
  match: { sourceIp: '10.0.0.1', destinationIp: '10.0.0.3', destinationPort: MIGRATION_PORT },
});

const queuesOf = (reservation: Reservation, share = 1): readonly QueueTarget[] =>
  [...reservation.path, ...reservation.reversePath].flatMap((id) => {
    const [link] = linksOfPath(topology, [id]);
    if (link?.from.kind !== 'switch' || link.fromPort === null) return [];
    const rate = reservation.path.includes(id) ? reservation.rate : reservation.reverseRate;
    return [{ port: { dpid: link.from.dpid, portNo: link.fromPort }, rate: bitsPerSec(rate * share) }];
  });

describe.skipIf(mustSkip('the data plane on real Open vSwitch'))(
  'the data plane on real Open vSwitch',
  () => {
    let lab: Lab;
    let wires: Network;
    let network: OpenflowNetwork;
    let clean: SwitchSnapshot;

    const begin = (epoch: number, port: number) =>
      createNetwork({
        topology,
        epoch,
        listen: { host: lab.controllerIp, port },
        ovsdb: { endpoints: [lab.switchd.target] },
      });
    const bridge = (name: string) => wires.bridges.get(name) ?? '';

    beforeAll(async () => {
      lab = await openLab({ label: 'e2e of the data plane' });
      network = begin(1, 0);
      const started = network.start(() => {});
      const { port } = await network.listening;
      wires = await lab.buildNetwork(specOf(inventory), { ip: lab.controllerIp, port });
      await wires.provisionPorts('managed');
      await started;
      clean = await snapshotSwitches(lab, wires);
    });

    afterAll(async () => {
      await network?.close();
      await lab?.close();
    });

    it('finds every switch and link of the inventory', () => {
      const status = network.status();
      expect(status.alerts).toEqual([]);
      expect(status.links.filter((link) => link.status !== 'up')).toEqual([]);
    });

    it('takes reserved traffic through queue 1 and everybody else through queue 0, and leaves no trace', async () => {
      const reservation = reservationAt(50);
      await network.install(reservation, queuesOf(reservation));
      const proved = network.status().links.filter(({ classification }) => classification === 'dscp');
      expect(proved.map(({ id }) => id).sort()).toEqual(
        [...path, ...reservation.reversePath].filter((id) => !id.startsWith('h')).sort(),
      );
      const [from, to] = ['h1', 'h3'].map((name) => wires.hosts.get(name));
      if (!from || !to) throw new Error('the lab lacks a host');
      const trunk = wires.port('s1', 2);
      const carried = async (port: number) => {
        const before = await queueCounters(trunk);
        const flow = await startTcpFlow(lab, { name: 'probe', from, to, port, rate: fromMbitPerSec(5) });
        await expect
          .poll(() => flow.samples.reduce((sum, { bytes }) => sum + bytes, 0), { timeout: 15_000 })
          .toBeGreaterThan(200_000);
        await flow.stop();
        const after = await queueCounters(trunk);
        return [0, 1].map((id) => (after.get(id)?.bytes ?? 0) - (before.get(id)?.bytes ?? 0));
      };
      const [reservedBy0 = 0, reservedBy1 = 0] = await carried(MIGRATION_PORT);
      expect(reservedBy1).toBeGreaterThan(200_000);
      expect(reservedBy0).toBeLessThan(20_000);
      const counters = await network.readCounters(reservation);
      expect(counters.queueBytes).toBeGreaterThan(200_000);
      expect(counters.meterBytes).toBeGreaterThan(200_000);
      const [othersBy0 = 0, othersBy1 = 0] = await carried(MIGRATION_PORT + 1);
      expect(othersBy0).toBeGreaterThan(200_000);
      expect(othersBy1).toBeLessThan(20_000);

      for (const rate of [70, 20]) {
        const resized = reservationAt(rate);
        await network.resize(resized, queuesOf(resized));
      }
      await network.remove(reservationAt(20), queuesOf(reservation, 0));
      expect(await snapshotSwitches(lab, wires)).toEqual(clean);
    });

    it('flips a MAC and back', async () => {
      await network.setForwarding([{ mac: VM, hostId: 'h1' as HostId }], []);
      await network.setForwarding([{ mac: VM, hostId: 'h3' as HostId }], []);
      const flows = await lab.switchd.ofctl(['-O', 'OpenFlow13', 'dump-flows', bridge('s1'), `dl_dst=${VM}`]);
      expect(flows).toContain('output:2');
      await network.setForwarding([], []);
      expect(await snapshotSwitches(lab, wires)).toEqual(clean);
    });

    it('undoes an install everywhere when one switch has no room for its entries', async () => {
      const flows = await lab.switchd.ofctl(['-O', 'OpenFlow13', 'dump-flows', bridge('s2'), 'table=0']);
      const held = flows.split('\n').filter((entry) => entry.includes('cookie=')).length;
      const limit = ['--id=@full', 'create', 'Flow_Table', `flow_limit=${held}`, 'overflow_policy=refuse'];
      await lab.switchd.vsctl([...limit, '--', 'set', 'Bridge', bridge('s2'), 'flow_tables:0=@full']);
      const reservation = reservationAt(50);
      await expect(network.install(reservation, queuesOf(reservation))).rejects.toMatchObject({
        code: 'rejected',
      });
      await lab.switchd.vsctl(['clear', 'Bridge', bridge('s2'), 'flow_tables']);
      expect(await snapshotSwitches(lab, wires)).toEqual(clean);
    });

    it('hands over to the next epoch, which removes what the last one had reserved', async () => {
      const reservation = reservationAt(30);
      await network.install(reservation, queuesOf(reservation));
      const { port } = await network.listening;
      await network.close();
      network = begin(2, port);
      await network.start(() => {});
      expect(network.status().alerts).toEqual([]);
      const withoutCookies = (snapshot: SwitchSnapshot) =>
        JSON.stringify(snapshot)
          .replaceAll(/cookie=\w+/g, '')
          .replaceAll('0x51ce0002', '0x51ce0001');
      expect(withoutCookies(await snapshotSwitches(lab, wires))).toBe(withoutCookies(clean));
    });
  },
);
