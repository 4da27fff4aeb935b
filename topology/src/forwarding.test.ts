import { bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broadcastPorts, nextHops, spanningTree } from './forwarding.ts';
import {
  buildTopology,
  type Dpid,
  type Host,
  type Link,
  linkById,
  type PortNo,
  type Topology,
} from './graph.ts';
import { everyLink } from './paths/query.ts';
import { edgeNfv, fatTree } from './shapes.ts';
import { type RandomNetwork, randomNetwork } from './testing/random-network.ts';

const rates = { nic: bitsPerSec(100e6), capacity: bitsPerSec(1e9) };
const dpid = (n: number) => n.toString(16).padStart(16, '0') as Dpid;

const linkAt = (topology: Topology, at: Dpid, port: PortNo): Link | undefined =>
  [...topology.links.values()].find(
    (link) => link.from.kind === 'switch' && link.from.dpid === at && link.fromPort === port,
  );
const isServed = ({ topology, isUp }: RandomNetwork, link: Link) =>
  isUp(link) && isUp(linkById(topology, link.reverse));

/** Switches that a switch can reach over cables that are up, with the number of hops. */
function distances(network: RandomNetwork, from: Dpid): Map<Dpid, number> {
  const found = new Map([[from, 0]]);
  for (const [here, hops] of found)
    for (const link of network.topology.links.values())
      if (link.from.kind === 'switch' && link.from.dpid === here && link.to.kind === 'switch')
        if (isServed(network, link) && !found.has(link.to.dpid)) found.set(link.to.dpid, hops + 1);
  return found;
}

/** How often a broadcast from a host arrives at each of the others; follows each copy, gives up after many hops. */
function flood(network: RandomNetwork, source: Host): Map<string, number> {
  const { topology, isUp } = network;
  const ports = broadcastPorts(topology, isUp);
  const arrivals = new Map<string, number>();
  let frames = [source.attachment];
  for (let hop = 0; frames.length > 0; hop += 1) {
    if (hop > 20) throw new Error('a broadcast circles');
    frames = frames.flatMap(({ dpid: at, portNo }) =>
      (ports.get(at) ?? [])
        .filter((port) => port !== portNo)
        .flatMap((port) => {
          const to = linkAt(topology, at, port)?.to;
          if (to?.kind === 'host') arrivals.set(to.hostId, (arrivals.get(to.hostId) ?? 0) + 1);
          const link = linkAt(topology, at, port);
          return to?.kind === 'switch' && link?.toPort ? [{ dpid: to.dpid, portNo: link.toPort }] : [];
        }),
    );
  }
  return arrivals;
}

describe('broadcast', () => {
  it('reaches every host that is connected exactly once and never circles', () => {
    fc.assert(
      fc.property(randomNetwork, (network) => {
        const [first, ...others] = [...network.topology.hosts.values()];
        if (!first) return;
        const reach = distances(network, first.attachment.dpid);
        const connected = others.filter(({ attachment }) => {
          const link = linkAt(network.topology, attachment.dpid, attachment.portNo);
          return link && isServed(network, link) && reach.has(attachment.dpid);
        });
        expect(flood(network, first)).toEqual(new Map(connected.map(({ id }) => [id, 1])));
      }),
      { numRuns: 300 },
    );
  });
  it('avoids one of the two paths of the edge network, and takes the other when a link fails', () => {
    const topology = buildTopology(edgeNfv(rates));
    const tree = (isUp = everyLink) =>
      [...spanningTree(topology, isUp)].filter((id) => id < linkById(topology, id).reverse);
    expect(tree().sort()).toEqual(['s1:4>s3:1', 's1:5>s4:1', 's2:3>s3:2']);
    expect(tree((link) => link.id !== 's2:3>s3:2').sort()).toEqual(['s1:4>s3:1', 's1:5>s4:1', 's2:4>s4:2']);
    expect(broadcastPorts(topology).get(dpid(2))).toEqual([1, 2, 3]);
    expect(broadcastPorts(topology).get(dpid(4))).toEqual([1]);
  });
});

describe('next hops', () => {
  it('lead from every switch that is connected to the attachment, on a shortest way', () => {
    fc.assert(
      fc.property(randomNetwork, (network) => {
        const { topology, isUp, hosts } = network;
        const attachment = topology.hosts.get(hosts[0])?.attachment;
        if (!attachment) return;
        const ports = nextHops(topology, attachment, isUp);
        const away = distances(network, attachment.dpid);
        expect(new Set(ports.keys())).toEqual(new Set(away.keys()));
        expect(ports.get(attachment.dpid)).toBe(attachment.portNo);
        for (const [at, port] of ports) {
          if (at === attachment.dpid) continue;
          const link = linkAt(topology, at, port);
          expect(link && isServed(network, link)).toBe(true);
          const next = link?.to.kind === 'switch' ? away.get(link.to.dpid) : undefined;
          expect(next).toBe((away.get(at) ?? 0) - 1);
        }
      }),
      { numRuns: 300 },
    );
  });
  it('are the same however often they are computed, in a network with many equal paths', () => {
    const topology = buildTopology(fatTree({ ...rates, k: 4 }));
    const [host] = topology.hosts.values();
    if (!host) throw new Error('a fat-tree has hosts');
    const ports = nextHops(topology, host.attachment);
    expect(ports.size).toBe(20);
    expect(nextHops(buildTopology(fatTree({ ...rates, k: 4 })), host.attachment)).toEqual(ports);
  });
  it('refuse a switch that is not in the network', () => {
    const topology = buildTopology(edgeNfv(rates));
    expect(() => nextHops(topology, { dpid: dpid(99), portNo: 1 as PortNo })).toThrow(RangeError);
  });
});
