// The searches are compared with a brute-force enumeration of all paths on small random networks.
import { bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTopology, type Dpid, type HostId } from '../graph.ts';
import { edgeNfv, fatTree, line } from '../shapes.ts';
import { byLengthThenIds, everyPath, randomNetwork } from '../testing/random-network.ts';
import { reversePath, switchHops } from './along.ts';
import { PATHS_MAX, shortestPath, shortestPaths } from './shortest.ts';

const rates = { nic: bitsPerSec(100e6), capacity: bitsPerSec(1e9) };
const host = (name: string) => name as HostId;

describe('the shortest path with a rate', () => {
  it('is the one that trying all paths finds', () => {
    fc.assert(
      fc.property(randomNetwork, fc.integer({ min: 0, max: 4 }), (network, rate) => {
        const { topology, hosts, residual, isUp } = network;
        const usable = everyPath(network, (link) => isUp(link) && residual(link) >= rate);
        const found = shortestPath(topology, {
          from: hosts[0],
          to: hosts[1],
          residual,
          rateMin: bitsPerSec(rate),
          isUp,
        });
        expect(found).toEqual([...usable].sort(byLengthThenIds)[0] ?? null);
      }),
      { numRuns: 500 },
    );
  });
  it('goes around a full link and around one that is down', () => {
    const topology = buildTopology(edgeNfv(rates));
    const query = { from: host('h1'), to: host('h3'), rateMin: bitsPerSec(1e6) };
    const over = (transit: string) => expect.arrayContaining([expect.stringContaining(transit)]);
    const all = () => bitsPerSec(1e7);
    expect(shortestPath(topology, { ...query, residual: all })).toEqual(over('s3'));
    const full = shortestPath(topology, {
      ...query,
      residual: (link) => bitsPerSec(link.id.startsWith('s3:2>') ? 999_999 : 1e7),
    });
    expect(full).toEqual(over('s4'));
    const down = shortestPath(topology, { ...query, residual: all, isUp: (link) => !link.id.includes('s3') });
    expect(down).toEqual(over('s4'));
    const cut = shortestPath(topology, { ...query, residual: all, isUp: (link) => !/s[34]/.test(link.id) });
    expect(cut).toBeNull();
  });
  it('refuses unknown hosts and a host to itself', () => {
    const topology = buildTopology(line({ ...rates, length: 2 }));
    const query = { residual: () => bitsPerSec(1), rateMin: bitsPerSec(1) };
    expect(() => shortestPath(topology, { ...query, from: host('h1'), to: host('h9') })).toThrow(RangeError);
    expect(() => shortestPath(topology, { ...query, from: host('h1'), to: host('h1') })).toThrow(RangeError);
  });
});

describe('the shortest paths', () => {
  it('are those that trying all paths finds, in their order, each once', () => {
    fc.assert(
      fc.property(
        randomNetwork,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 12 }),
        fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
        (network, rate, count, stretchMax) => {
          const { topology, hosts, residual, isUp } = network;
          const all = [...everyPath(network, (link) => isUp(link) && residual(link) >= rate)].sort(
            byLengthThenIds,
          );
          const hopsMax = (all[0]?.length ?? 0) + (stretchMax ?? Number.POSITIVE_INFINITY);
          const found = shortestPaths(topology, {
            from: hosts[0],
            to: hosts[1],
            residual,
            isUp,
            rateMin: bitsPerSec(rate),
            count,
            ...(stretchMax === undefined ? {} : { stretchMax }),
          });
          expect(found).toEqual(all.filter((path) => path.length <= hopsMax).slice(0, count));
        },
      ),
      { numRuns: 500 },
    );
  });
  it('of a fat-tree between two pods are (k/2)² of the shortest length before any longer one', () => {
    const topology = buildTopology(fatTree({ ...rates, k: 6 }));
    const query = {
      from: host('h1'),
      to: host('h54'),
      residual: () => bitsPerSec(1),
      rateMin: bitsPerSec(1),
    };
    const found = shortestPaths(topology, { ...query, count: 10 });
    expect(found.map((path) => path.length)).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 6, 8]);
    expect(shortestPaths(topology, { ...query, count: 10, stretchMax: 0 })).toEqual(found.slice(0, 9));
  });
  it('are refused without a number of them', () => {
    const topology = buildTopology(line({ ...rates, length: 2 }));
    const query = { from: host('h1'), to: host('h2'), residual: () => bitsPerSec(1), rateMin: bitsPerSec(1) };
    for (const count of [0, 1.5, PATHS_MAX + 1])
      expect(() => shortestPaths(topology, { ...query, count })).toThrow(RangeError);
  });
});

describe('a path', () => {
  const topology = buildTopology(line({ ...rates, length: 3 }));
  const path = shortestPath(topology, {
    from: host('h1'),
    to: host('h3'),
    residual: () => bitsPerSec(1),
    rateMin: bitsPerSec(1),
  });
  it('names the ports at each of its switches', () => {
    const dpid = (n: number) => `000000000000000${n}` as Dpid;
    expect(path).toEqual(['h1>s1:1', 's1:2>s2:2', 's2:3>s3:2', 's3:1>h3']);
    expect(switchHops(topology, path ?? [])).toEqual([
      { in: { dpid: dpid(1), portNo: 1 }, out: { dpid: dpid(1), portNo: 2 } },
      { in: { dpid: dpid(2), portNo: 2 }, out: { dpid: dpid(2), portNo: 3 } },
      { in: { dpid: dpid(3), portNo: 2 }, out: { dpid: dpid(3), portNo: 1 } },
    ]);
  });
  it('goes back over the same cables', () => {
    expect(reversePath(topology, path ?? [])).toEqual(['h3>s3:1', 's3:2>s2:3', 's2:2>s1:2', 's1:1>h1']);
    expect(reversePath(topology, reversePath(topology, path ?? []))).toEqual(path);
  });
});
