/** A VM between two places: nobody notices the preparation, the move is one deletion per switch, no frame circles. */
import {
  buildTopology,
  type Dpid,
  type HostId,
  inventorySchema,
  type Mac,
  nodeName,
  type Topology,
} from '@sluice/topology';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowEntry } from './flow-entry.ts';
import { PRIORITY } from './flows.ts';
import { Forwarding } from './forwarding.ts';
import { changesBetween, contentsOf } from './switch-contents.ts';

const MAC = '02:00:00:00:01:01' as Mac;
const OTHER_MAC = '02:00:00:00:01:02' as Mac;
const [SOURCE, DESTINATION] = ['h1', 'h2'] as [HostId, HostId];
const everyLink = () => true;

/** Two to seven switches, cabled at random (parallel cables included), three hosts. */
const networks = fc
  .record({
    switches: fc.integer({ min: 2, max: 7 }),
    cables: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 }),
    places: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  })
  .map(({ switches, cables, places }) => {
    const ports = new Map<number, number>();
    const end = (index: number) => {
      const number = index % switches;
      const port = (ports.get(number) ?? 0) + 1;
      ports.set(number, port);
      return { switch: `s${number}`, port };
    };
    const rates = { capacityBitsPerSec: 100, floorBitsPerSec: 0 };
    return buildTopology(
      inventorySchema.parse({
        switches: Array.from({ length: switches }, (_, n) => ({
          name: `s${n}`,
          dpid: (n + 1).toString(16).padStart(16, '0'),
        })),
        hosts: places.map((place, n) => ({
          ...{ name: `h${n + 1}`, kind: 'hypervisor', nicBitsPerSec: 100 },
          ...{ mac: `02:00:00:00:00:0${n + 1}`, ip: `10.0.0.${n + 1}` },
          ...end(place),
        })),
        links: cables
          .filter(([a, b]) => a % switches !== b % switches)
          .map(([a, b]) => ({ a: end(a), b: end(b), ...rates })),
      }),
    );
  });

type Table = ReadonlyMap<Dpid, readonly FlowEntry[]>;

const tableOf = (topology: Topology, at: HostId, isMoving: boolean): Table =>
  new Forwarding({ topology, isUp: everyLink, epoch: 5 }).entries(
    [{ mac: MAC, hostId: at }],
    isMoving ? [{ mac: MAC, source: SOURCE, destination: DESTINATION }] : [],
  );

/** Where a frame for the VM ends that comes in from a host: at a host, nowhere, or it circles. */
function walk(topology: Topology, from: HostId, entriesAt: (dpid: Dpid) => readonly FlowEntry[]): string {
  const start = topology.hosts.get(from)?.attachment;
  for (let at = start, hops = 0; at !== undefined; hops += 1) {
    if (hops > 2 * topology.switches.size) return 'circles';
    const here = at;
    const port = outputOf(entriesAt(here.dpid), here.portNo);
    if (port === null || port === here.portNo) return 'dropped';
    const links = topology.outgoing.get(nodeName({ kind: 'switch', dpid: here.dpid })) ?? [];
    const link = links.find(({ fromPort }) => fromPort === port);
    if (link?.to.kind === 'host') return link.to.hostId;
    at =
      link?.to.kind === 'switch' && link.toPort !== null
        ? { dpid: link.to.dpid, portNo: link.toPort }
        : undefined;
  }
  return 'dropped';
}

function outputOf(entries: readonly FlowEntry[], inPort: number): number | null {
  const [first] = entries
    .filter(({ match }) => match.eth_dst === MAC && (match.in_port ?? inPort) === inPort)
    .sort((a, b) => b.priority - a.priority);
  const [apply] = first?.instructions ?? [];
  const [output] = apply?.type === 'apply_actions' ? apply.actions : [];
  return output?.type === 'output' ? output.port : null;
}

describe('a VM that moves', () => {
  it('is reached as before while its next place is prepared, and there once every switch has changed over', () => {
    fc.assert(
      fc.property(networks, (topology) => {
        for (const at of [SOURCE, DESTINATION]) {
          const [plain, prepared] = [tableOf(topology, at, false), tableOf(topology, at, true)];
          for (const from of topology.hosts.keys())
            expect(walk(topology, from, (dpid) => prepared.get(dpid) ?? [])).toBe(
              walk(topology, from, (dpid) => plain.get(dpid) ?? []),
            );
        }
      }),
    );
  });

  it('moves by one deletion at each switch where its ways part, and back by putting it in again', () => {
    fc.assert(
      fc.property(networks, (topology) => {
        const [before, after] = [tableOf(topology, SOURCE, true), tableOf(topology, DESTINATION, true)];
        const [plain, moved] = [tableOf(topology, SOURCE, false), tableOf(topology, DESTINATION, false)];
        for (const dpid of topology.switches.keys()) {
          const part = ([one, other]: readonly [Table, Table]) =>
            changesBetween(contentsOf(one.get(dpid) ?? []), contentsOf(other.get(dpid) ?? []));
          const parts = part([plain, moved]).length > 0;
          const isBetween =
            parts &&
            outputOf(plain.get(dpid) ?? [], 0) !== null &&
            outputOf(moved.get(dpid) ?? [], 0) !== null;
          if (!isBetween) continue;
          expect(part([before, after])).toMatchObject([
            { kind: 'entry_gone', entry: { priority: PRIORITY.unicast } },
          ]);
          expect(part([after, before])).toMatchObject([
            { kind: 'entry_added', entry: { priority: PRIORITY.unicast } },
          ]);
        }
      }),
    );
  });

  it('never has a frame circle, whichever switches have changed over', () => {
    fc.assert(
      fc.property(networks, fc.infiniteStream(fc.boolean()), (topology, choices) => {
        const [before, after] = [tableOf(topology, SOURCE, true), tableOf(topology, DESTINATION, true)];
        const chosen = new Map<Dpid, Table>();
        for (const dpid of topology.switches.keys()) chosen.set(dpid, choices.next().value ? after : before);
        for (const from of topology.hosts.keys())
          expect(walk(topology, from, (dpid) => chosen.get(dpid)?.get(dpid) ?? [])).not.toBe('circles');
      }),
    );
  });

  it('leaves the list of a switch that it does not concern as it was', () => {
    const topology = lineOfThree();
    const forwarding = new Forwarding({ topology, isUp: everyLink, epoch: 5 });
    const at = (hostId: string) => [{ mac: MAC, hostId: hostId as HostId }];
    const [first, , third] = topology.switches.keys();
    const [before, after] = [forwarding.entries(at('h1')), forwarding.entries(at('h3'))];
    expect(after.get(third as Dpid)).toBe(before.get(third as Dpid));
    expect(after.get(first as Dpid)).not.toEqual(before.get(first as Dpid));
  });

  it('gives what a new start would give, whatever came before', () => {
    const steps = fc.array(
      fc.record({
        at: fc.constantFrom('h1', 'h2', 'h3', null),
        other: fc.constantFrom('h1', 'h2', null),
        moves: fc.boolean(),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(networks, steps, (topology, wishes) => {
        const options = { topology, isUp: everyLink, epoch: 5 };
        const lasting = new Forwarding(options);
        for (const { at, other, moves } of wishes) {
          const wish = [
            [MAC, at],
            [OTHER_MAC, other],
          ].flatMap(([mac, hostId]) =>
            hostId === null ? [] : [{ mac: mac as Mac, hostId: hostId as HostId }],
          );
          const move = moves ? [{ mac: MAC, source: SOURCE, destination: DESTINATION }] : [];
          const fresh = new Forwarding(options).entries(wish, move);
          for (const [dpid, entries] of lasting.entries(wish, move))
            expect(contentsOf(entries).entries).toEqual(contentsOf(fresh.get(dpid) ?? []).entries);
        }
      }),
    );
  });

  it('arrives when the first switch has changed over, though those behind have not', () => {
    // h1, h3 – s1 – s2 – s3 – h2: frames from s1 have their way on through s2 and s3 already.
    const topology = lineOfThree();
    const [before, after] = [tableOf(topology, SOURCE, true), tableOf(topology, DESTINATION, true)];
    const [first] = topology.switches.keys();
    const entriesAt = (dpid: Dpid) => (dpid === first ? after : before).get(dpid) ?? [];
    expect(walk(topology, 'h3' as HostId, entriesAt)).toBe(DESTINATION);
  });
});

function lineOfThree(): Topology {
  const host = (n: number, at: string, port: number) => ({
    ...{ name: `h${n}`, kind: 'hypervisor', nicBitsPerSec: 100, switch: at, port },
    ...{ mac: `02:00:00:00:00:0${n}`, ip: `10.0.0.${n}` },
  });
  const link = (a: string, b: string, port: number) => ({
    ...{ a: { switch: a, port }, b: { switch: b, port }, capacityBitsPerSec: 100, floorBitsPerSec: 0 },
  });
  return buildTopology(
    inventorySchema.parse({
      switches: ['s1', 's2', 's3'].map((name, n) => ({ name, dpid: `${n + 1}`.padStart(16, '0') })),
      hosts: [host(1, 's1', 1), host(3, 's1', 2), host(2, 's3', 1)],
      links: [link('s1', 's2', 3), link('s2', 's3', 4)],
    }),
  );
}
