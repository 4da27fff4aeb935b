import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { buildTopology, linkById } from './graph.ts';
import { inventorySchema } from './inventory.ts';
import { edgeNfv, fatTree } from './shapes.ts';

const rates = { nic: bitsPerSec(100e6), capacity: bitsPerSec(1e9), floor: bitsPerSec(1e6) };
const inventory = edgeNfv(rates);
const problems = (changed: object) =>
  inventorySchema.safeParse({ ...inventory, ...changed }).error?.issues.map(({ path }) => path.join('.')) ??
  [];

describe('an inventory', () => {
  it('names every mistake with its place, all at once', () => {
    const [first, second] = inventory.hosts;
    const [link] = inventory.links;
    expect(
      problems({
        switches: [...inventory.switches, { name: 's1', dpid: '0000000000000001' }],
        hosts: [
          first,
          { ...second, ip: first?.ip, port: first?.port },
          { ...second, switch: 's9', floorBitsPerSec: 1e9 },
        ],
        links: [{ ...link, b: { switch: 's1', port: 9 }, floorBitsPerSec: 2e9 }],
      }),
    ).toEqual([
      'switches.4.name',
      'switches.4.dpid',
      'hosts.1.ip',
      'hosts.1.port',
      'hosts.2.name',
      'hosts.2.mac',
      'hosts.2.switch',
      'hosts.2.floorBitsPerSec',
      'links.0',
      'links.0.floorBitsPerSec',
    ]);
  });
  it('is refused with a capacity of zero, a dpid of zeroes, an upper-case MAC or a name that is none', () => {
    const [host] = inventory.hosts;
    expect(
      problems({ links: [{ ...inventory.links[0], capacityBitsPerSec: 0, floorBitsPerSec: 0 }] }),
    ).toEqual(['links.0.capacityBitsPerSec']);
    expect(problems({ switches: [...inventory.switches, { name: 's 5', dpid: '0'.repeat(16) }] })).toEqual([
      'switches.4.name',
      'switches.4.dpid',
    ]);
    expect(problems({ hosts: [{ ...host, floorBitsPerSec: 0, mac: '02:00:00:00:00:0A' }] })).toEqual([
      'hosts.0.mac',
    ]);
  });
});

describe('the graph', () => {
  it('numbers the links so that the two directions of a cable are neighbours', () => {
    const { linkList, linkNumbers, links } = buildTopology(edgeNfv(rates));
    expect(linkList).toEqual([...links.values()]);
    for (const [number, link] of linkList.entries()) {
      expect(linkNumbers.get(link.id)).toBe(number);
      expect(linkList[number ^ 1]?.id).toBe(link.reverse);
    }
  });
  it('has both directions of every cable, each the other’s reverse, with the capacity and floor of the inventory', () => {
    const topology = buildTopology(fatTree({ ...rates, k: 4 }));
    expect(topology.links.size).toBe(2 * (32 + 16));
    for (const link of topology.links.values()) {
      const back = linkById(topology, link.reverse);
      expect(back).toEqual({
        ...link,
        id: link.reverse,
        from: link.to,
        fromPort: link.toPort,
        to: link.from,
        toPort: link.fromPort,
        reverse: link.id,
      });
      expect([link.capacity, link.floor]).toEqual([link.fromPort && link.toPort ? 1e9 : 100e6, 1e6]);
    }
    expect(() => linkById(topology, 's1:1>s9:9' as never)).toThrow(RangeError);
  });
});
