import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTopology, type HostId, type LinkId, linkById, type Path } from '../graph.ts';
import { edgeNfv, fatTree } from '../shapes.ts';
import { byLengthThenIds, everyPath, randomNetwork } from '../testing/random-network.ts';
import { PATHS_MAX } from './shortest.ts';
import { spreadPaths } from './spread.ts';

const host = (name: string) => name as HostId;
const many = (count: number, rate: number): readonly BitsPerSec[] =>
  Array.from({ length: count }, () => bitsPerSec(rate));

describe('several paths between the same hosts', () => {
  it('each go where there is room, over the fewest links, then over those the others use least', () => {
    fc.assert(
      fc.property(
        randomNetwork,
        fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 5 }),
        (network, wanted) => {
          const { topology, hosts, residual, isUp } = network;
          const found = spreadPaths(topology, {
            from: hosts[0],
            to: hosts[1],
            residual,
            isUp,
            rates: wanted.map(bitsPerSec),
          });
          const given = new Map<LinkId, number>();
          const uses = new Map<LinkId, number>();
          const usesOf = (path: Path) =>
            path.slice(1, -1).reduce((total, id) => total + (uses.get(id) ?? 0), 0);
          const byHand = wanted.map((rate) => {
            const room = everyPath(
              network,
              (link) => isUp(link) && residual(link) - (given.get(link.id) ?? 0) >= rate,
            );
            const [best] = [...room].sort(
              (a, b) => a.length - b.length || usesOf(a) - usesOf(b) || byLengthThenIds(a, b),
            );
            for (const id of best ?? []) {
              given.set(id, (given.get(id) ?? 0) + rate);
              uses.set(id, (uses.get(id) ?? 0) + 1);
            }
            return best ?? null;
          });
          expect(found).toEqual(byHand);
        },
      ),
      { numRuns: 500 },
    );
  });
  it('share nothing but the hosts’ own cables as long as a fat-tree has uplinks, and load them alike after that', () => {
    const topology = buildTopology(fatTree({ nic: bitsPerSec(1e9), capacity: bitsPerSec(1e9), k: 8 }));
    const found = spreadPaths(topology, {
      from: host('h1'),
      to: host('h128'),
      residual: (link) => link.capacity,
      rates: many(16, 1e6),
    });
    const uses = new Map<LinkId, number>();
    for (const id of found.flatMap((path) => (path ?? []).slice(1, -1)))
      uses.set(id, (uses.get(id) ?? 0) + 1);
    const count = (fromHost: RegExp) =>
      [...uses].filter(([id]) => fromHost.test(id)).map(([, times]) => times);
    expect(count(/^edge/)).toEqual([4, 4, 4, 4]);
    expect(count(/^agg1-/)).toEqual(Array.from({ length: 16 }, () => 1));
  });
  it('take the second way once the first is full, and none once both are', () => {
    const topology = buildTopology(edgeNfv({ nic: bitsPerSec(10e9), capacity: bitsPerSec(1e9) }));
    const found = spreadPaths(topology, {
      from: host('h1'),
      to: host('h3'),
      residual: (link) => link.capacity,
      rates: many(5, 400e6),
    });
    const transit = (path: Path | null) => path && linkById(topology, path[1] as LinkId).id;
    expect(found.map(transit)).toEqual(['s1:4>s3:1', 's1:5>s4:1', 's1:4>s3:1', 's1:5>s4:1', null]);
  });
  it('are limited in number', () => {
    const topology = buildTopology(edgeNfv({ nic: bitsPerSec(1e9), capacity: bitsPerSec(1e9) }));
    const query = { from: host('h1'), to: host('h3'), residual: () => bitsPerSec(1e9) };
    expect(spreadPaths(topology, { ...query, rates: [] })).toEqual([]);
    expect(() => spreadPaths(topology, { ...query, rates: many(PATHS_MAX + 1, 1) })).toThrow(RangeError);
  });
});
