import { OFPP } from '@oflib/openflow';
import {
  buildTopology,
  edgeNfv,
  everyLink,
  type Host,
  type HostId,
  type LinkId,
  type Path,
  reversePath,
} from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { Reservation, ReservationId } from '../../core/index.ts';
import { classificationEntries, reservationEntries } from './flows.ts';
import { Forwarding } from './forwarding.ts';

// s1 and s2 with hosts; s3 and s4 between them. Ports of s1: h1 1, h2 2, client1 3, s3 4, s4 5.
const topology = buildTopology(edgeNfv({ nic: bitsPerSec(1e8), capacity: bitsPerSec(1e8) }));
const dpid = (name: string) => {
  for (const one of topology.switches.values()) if (one.name === name) return one.dpid;
  throw new RangeError(name);
};
const host = (name: string): Host => {
  const found = topology.hosts.get(name as HostId);
  if (!found) throw new RangeError(name);
  return found;
};
const OURS = 0x51ce_0005_0000_0000n;

describe('classification entries', () => {
  it('of an access switch: LLDP to the controller, trunks believed, the mark of everybody else removed', () => {
    const entry = { cookie: OURS, tableId: 0 };
    const goto = { type: 'goto_table', tableId: 1 };
    const unmark = {
      type: 'apply_actions',
      actions: [{ type: 'set_field', field: 'ip_dscp', value: 0 }],
    };
    expect(classificationEntries(topology, dpid('s1'), 5)).toEqual([
      {
        ...entry,
        priority: 60_000,
        match: { eth_type: 0x88cc },
        instructions: [
          {
            type: 'apply_actions',
            actions: [{ type: 'output', port: OFPP.CONTROLLER, maxLen: 0xffff }],
          },
        ],
      },
      { ...entry, priority: 300, match: { in_port: 4 }, instructions: [goto] },
      { ...entry, priority: 300, match: { in_port: 5 }, instructions: [goto] },
      { ...entry, priority: 200, match: { eth_type: 0x800, ip_dscp: 43 }, instructions: [unmark, goto] },
      { ...entry, priority: 200, match: { eth_type: 0x86dd, ip_dscp: 43 }, instructions: [unmark, goto] },
      { ...entry, priority: 0, match: {}, instructions: [goto] },
    ]);
  });
});

describe('forwarding entries', () => {
  const entry = { cookie: OURS, tableId: 1 };
  const to = (...ports: number[]) => [
    { type: 'apply_actions', actions: ports.map((port) => ({ type: 'output', port, maxLen: 0 })) },
  ];
  const BROADCAST = 'ff:ff:ff:ff:ff:ff';
  const places = ['h1', 'h3'].map((name) => ({ mac: host(name).mac, hostId: host(name).id }));

  it('lead to each MAC on a shortest path, and broadcast along the tree only', () => {
    const entries = new Forwarding({ topology, isUp: everyLink, epoch: 5 }).entries(places);
    expect(entries.get(dpid('s1'))).toEqual([
      { ...entry, priority: 2000, match: { eth_dst: host('h1').mac }, instructions: to(1) },
      { ...entry, priority: 2000, match: { eth_dst: host('h3').mac }, instructions: to(4) },
      { ...entry, priority: 1000, match: { eth_dst: BROADCAST }, instructions: to(1, 2, 3, 4, 5) },
      { ...entry, priority: 0, match: {}, instructions: [] },
    ]);
    const s4 = entries.get(dpid('s4'));
    expect(s4).toEqual([
      { ...entry, priority: 2000, match: { eth_dst: host('h1').mac }, instructions: to(1) },
      { ...entry, priority: 2000, match: { eth_dst: host('h3').mac }, instructions: to(2) },
      { ...entry, priority: 1100, match: { in_port: 2, eth_dst: BROADCAST }, instructions: [] },
      { ...entry, priority: 1000, match: { eth_dst: BROADCAST }, instructions: to(1) },
      { ...entry, priority: 0, match: {}, instructions: [] },
    ]);
  });

  it('go round a link that is down, and leave out what cannot be reached', () => {
    const down = (...ids: string[]) =>
      new Forwarding({ topology, isUp: (link) => !ids.includes(link.id), epoch: 5 }).entries(places);
    const towardsH3 = (entries: ReturnType<typeof down>) =>
      entries.get(dpid('s1'))?.find(({ match }) => match.eth_dst === host('h3').mac)?.instructions;
    expect(towardsH3(down('s1:4>s3:1'))).toEqual(to(5));
    expect(towardsH3(down('s1:4>s3:1', 's4:1>s1:5'))).toBeUndefined();
  });
});

describe('reservation entries', () => {
  const path = ['h1>s1:1', 's1:5>s4:1', 's4:2>s2:4', 's2:1>h3'] as LinkId[] as Path;
  const reservation: Reservation = {
    id: 9 as ReservationId,
    migrationId: 'm9' as Reservation['migrationId'],
    path,
    reversePath: reversePath(topology, path),
    rate: bitsPerSec(5e7),
    reverseRate: bitsPerSec(1.5e6),
    match: { sourceIp: '10.0.0.1', destinationIp: '10.0.0.3', destinationPort: 4444 },
  };
  const common = { cookie: OURS | 9n, tableId: 0, priority: 30_000 };
  const there = { eth_type: 0x800, ip_proto: 6, ipv4_src: '10.0.0.1', ipv4_dst: '10.0.0.3', tcp_dst: 4444 };
  const back = { eth_type: 0x800, ip_proto: 6, ipv4_src: '10.0.0.3', ipv4_dst: '10.0.0.1', tcp_src: 4444 };
  const mark = { type: 'set_field', field: 'ip_dscp', value: 43 };
  const queued = (port: number) => [
    { type: 'set_queue', queueId: 1 },
    { type: 'output', port, maxLen: 0 },
  ];

  it('carry the disks like the memory, at their own port', () => {
    const match = { ...reservation.match, storagePort: 4445 };
    const entries = reservationEntries({
      topology,
      reservation: { ...reservation, match },
      meterId: 1009,
      epoch: 5,
    });
    const first = entries.get(dpid('s1')) ?? [];
    const ports = first.map((entry) => entry.match.tcp_dst).filter((port) => port !== undefined);
    expect(ports).toEqual([4444, 4445]);
    expect(first.filter((entry) => entry.instructions[0]?.type === 'meter')).toHaveLength(2);
  });

  it('meter and mark at the first switch, and follow the path of the reservation everywhere', () => {
    const entries = reservationEntries({ topology, reservation, meterId: 1009, epoch: 5 });
    expect(Object.fromEntries(entries)).toEqual({
      [dpid('s1')]: [
        {
          ...common,
          match: { in_port: 1, ...there },
          instructions: [
            { type: 'meter', meterId: 1009 },
            { type: 'apply_actions', actions: [mark, ...queued(5)] },
          ],
        },
        {
          ...common,
          match: { in_port: 5, ...back },
          instructions: [{ type: 'apply_actions', actions: queued(1) }],
        },
      ],
      [dpid('s4')]: [
        {
          ...common,
          match: { in_port: 1, ...there },
          instructions: [{ type: 'apply_actions', actions: queued(2) }],
        },
        {
          ...common,
          match: { in_port: 2, ...back },
          instructions: [{ type: 'apply_actions', actions: queued(1) }],
        },
      ],
      [dpid('s2')]: [
        {
          ...common,
          match: { in_port: 4, ...there },
          instructions: [{ type: 'apply_actions', actions: queued(1) }],
        },
        {
          ...common,
          match: { in_port: 1, ...back },
          instructions: [{ type: 'apply_actions', actions: [mark, ...queued(4)] }],
        },
      ],
    });
  });

  it('have no meter where there is none', () => {
    const entries = reservationEntries({ topology, reservation, meterId: null, epoch: 5 });
    expect(entries.get(dpid('s1'))?.[0]?.instructions).toEqual([
      { type: 'apply_actions', actions: [mark, ...queued(5)] },
    ]);
  });
});
