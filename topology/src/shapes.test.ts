import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { buildTopology, type HostId } from './graph.ts';
import type { Inventory } from './inventory.ts';
import { shortestPath } from './paths/shortest.ts';
import { edgeNfv, fatTree, leafSpine, line } from './shapes.ts';

const rates = { nic: bitsPerSec(100e6), capacity: bitsPerSec(1e9), floor: bitsPerSec(10e6) };
const size = ({ switches, hosts, links }: Inventory) => [switches.length, hosts.length, links.length];
const hops = (inventory: Inventory, from: string, to: string) =>
  shortestPath(buildTopology(inventory), {
    from: from as HostId,
    to: to as HostId,
    residual: (link) => link.capacity,
    rateMin: bitsPerSec(1),
  })?.length;

describe('shapes', () => {
  it('have the size and the distances that their definitions say', () => {
    expect(size(line({ ...rates, length: 5 }))).toEqual([5, 5, 4]);
    expect(hops(line({ ...rates, length: 5 }), 'h1', 'h5')).toBe(6);
    expect(size(edgeNfv(rates))).toEqual([4, 5, 4]);
    expect(hops(edgeNfv(rates), 'h1', 'h3')).toBe(4);
    expect(hops(edgeNfv(rates), 'h1', 'client1')).toBe(2);
    const leaves = leafSpine({ ...rates, leaves: 3, spines: 2, hostsPerLeaf: 4 });
    expect(size(leaves)).toEqual([5, 12, 6]);
    expect(hops(leaves, 'h1', 'h12')).toBe(4);
    for (const k of [2, 4, 6])
      expect(size(fatTree({ ...rates, k }))).toEqual([(5 * k * k) / 4, k ** 3 / 4, k ** 3 / 2]);
    const tree = fatTree({ ...rates, k: 4 });
    expect([hops(tree, 'h1', 'h2'), hops(tree, 'h1', 'h3'), hops(tree, 'h1', 'h16')]).toEqual([2, 4, 6]);
  });
  it('give every part the rates asked for and addresses that follow from its place', () => {
    const { hosts, links, switches } = edgeNfv({ ...rates, secondCapacity: bitsPerSec(2e9) });
    expect(hosts.at(-1)).toEqual({
      name: 'client1',
      kind: 'client',
      mac: '02:00:00:00:00:05',
      ip: '10.0.0.5',
      switch: 's1',
      port: 3,
      nicBitsPerSec: 100e6,
      floorBitsPerSec: 10e6,
    });
    expect(links.map(({ capacityBitsPerSec }) => capacityBitsPerSec)).toEqual([1e9, 1e9, 2e9, 2e9]);
    expect(switches.at(-1)).toEqual({ name: 's4', dpid: '0000000000000004' });
    const many = leafSpine({ ...rates, leaves: 3, spines: 1, hostsPerLeaf: 200 }).hosts;
    expect([many[253]?.ip, many[254]?.ip, many[299]?.mac]).toEqual([
      '10.0.0.254',
      '10.0.1.1',
      '02:00:00:00:01:2c',
    ]);
  });
  it('are refused when they make no sense', () => {
    expect(() => fatTree({ ...rates, k: 3 })).toThrow(RangeError);
    expect(() => line({ ...rates, length: 0 })).toThrow(RangeError);
    expect(() => leafSpine({ ...rates, leaves: 1.5, spines: 1, hostsPerLeaf: 1 })).toThrow(RangeError);
    expect(() => line({ ...rates, length: 2, floor: bitsPerSec(2e9) })).toThrow('floor');
  });
});
