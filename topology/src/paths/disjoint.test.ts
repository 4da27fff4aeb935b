// Compared with all pairs of paths on small random networks, and with maximum flows on larger ones.
import { bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildTopology,
  type HostId,
  type Link,
  linkById,
  linksOfPath,
  nodeName,
  type Path,
} from '../graph.ts';
import { edgeNfv, fatTree, line } from '../shapes.ts';
import {
  byLengthThenIds,
  everyPath,
  largeNetwork,
  type RandomNetwork,
  randomNetwork,
} from '../testing/random-network.ts';
import { backupPath, disjointPaths } from './disjoint.ts';
import { shortestPath } from './shortest.ts';

const rates = { nic: bitsPerSec(100e6), capacity: bitsPerSec(1e9) };
const host = (name: string) => name as HostId;

const cablesOf = ({ topology }: Pick<RandomNetwork, 'topology'>, path: Path) =>
  new Set(path.map((id) => [id, linkById(topology, id).reverse].sort()[0]));
const sharedBy = (network: Pick<RandomNetwork, 'topology'>, one: Path, other: Path): Path => {
  const cables = cablesOf(network, other);
  return one.filter((id) => [...cablesOf(network, [id])].some((cable) => cables.has(cable)));
};
const usablePaths = (network: RandomNetwork, rate: number) =>
  [...everyPath(network, (link) => network.isUp(link) && network.residual(link) >= rate)].sort(
    byLengthThenIds,
  );
const queryOf = ({ hosts, residual, isUp }: RandomNetwork, rate: number) => ({
  from: hosts[0],
  to: hosts[1],
  residual,
  isUp,
  rateMin: bitsPerSec(rate),
});

/** How many ways between the two switches use no cable twice: a maximum flow of whole units, by augmenting. */
function maximumFlow(network: RandomNetwork): number {
  const { topology, hosts, isUp } = network;
  const [source, sink] = hosts.map((id) => `switch ${topology.hosts.get(id)?.attachment.dpid}`);
  const capacity = new Map([...topology.links.values()].map((link) => [link.id, isUp(link) ? 1 : 0]));
  for (let flow = 0; ; flow += 1) {
    const by = new Map<string, Link | null>([[source ?? '', null]]);
    for (const [here] of by)
      for (const link of topology.outgoing.get(here) ?? []) {
        const there = nodeName(link.to);
        if (link.to.kind === 'switch' && !by.has(there) && (capacity.get(link.id) ?? 0) > 0)
          by.set(there, link);
      }
    if (!by.has(sink ?? '')) return flow;
    for (let link = by.get(sink ?? ''); link; link = by.get(nodeName(link.from))) {
      capacity.set(link.id, (capacity.get(link.id) ?? 0) - 1);
      capacity.set(link.reverse, (capacity.get(link.reverse) ?? 0) + 1);
    }
  }
}

describe('two disjoint paths', () => {
  it('share the fewest cables of all pairs, and among such have the fewest links', () => {
    fc.assert(
      fc.property(randomNetwork, fc.integer({ min: 0, max: 2 }), (network, rate) => {
        const all = usablePaths(network, rate);
        const found = disjointPaths(network.topology, queryOf(network, rate));
        if (all.length < 2) {
          expect(found).toEqual(all[0] ? { primary: all[0], backup: null } : null);
          return;
        }
        const cost = (one: Path, other: Path) =>
          sharedBy(network, one, other).length * 1000 + one.length + other.length;
        const least = Math.min(
          ...all.flatMap((one, index) => all.slice(index + 1).map((other) => cost(one, other))),
        );
        if (!found?.backup) throw new Error('there are two paths');
        const { primary, backup } = found;
        expect(cost(primary, backup.path)).toBe(least);
        expect(backup.shared).toEqual(sharedBy(network, primary, backup.path));
        expect(all).toEqual(expect.arrayContaining([primary, backup.path]));
        expect(byLengthThenIds(primary, backup.path)).toBeLessThan(0);
      }),
      { numRuns: 500 },
    );
  });
  it('share the hosts’ own cables alone exactly when the switches between them can carry two units of flow', () => {
    fc.assert(
      fc.property(largeNetwork, (network) => {
        const { topology, hosts, isUp } = network;
        const [a, b] = hosts.map((id) => topology.hosts.get(id)?.attachment.dpid);
        const found = disjointPaths(topology, queryOf(network, 0));
        if (!found || a === b) return;
        expect(found.backup?.shared.length === 2).toBe(maximumFlow(network) >= 2);
        for (const path of [found.primary, found.backup?.path ?? []]) {
          const links = linksOfPath(topology, path);
          expect(links.every(isUp)).toBe(true);
          expect(new Set(links.map((link) => nodeName(link.to))).size).toBe(links.length);
        }
      }),
      { numRuns: 500 },
    );
  });
  it('give up the shortest path when it blocks both others', () => {
    const topology = buildTopology(trap());
    const query = { from: host('h1'), to: host('h2'), residual: () => bitsPerSec(1), rateMin: bitsPerSec(1) };
    expect(shortestPath(topology, query)).toEqual([
      'h1>s1:1',
      's1:2>s2:1',
      's2:2>s3:1',
      's3:2>s4:2',
      's4:1>h2',
    ]);
    const found = disjointPaths(topology, query);
    expect(found?.backup?.shared).toEqual(['h1>s1:1', 's4:1>h2']);
    expect(found?.primary).not.toContain('s2:2>s3:1');
  });
  it('of the edge network go over the two transit switches', () => {
    const topology = buildTopology(edgeNfv(rates));
    const query = { from: host('h1'), to: host('h3'), residual: () => bitsPerSec(1), rateMin: bitsPerSec(1) };
    expect(disjointPaths(topology, query)).toEqual({
      primary: ['h1>s1:1', 's1:4>s3:1', 's3:2>s2:3', 's2:1>h3'],
      backup: { path: ['h1>s1:1', 's1:5>s4:1', 's4:2>s2:4', 's2:1>h3'], shared: ['h1>s1:1', 's2:1>h3'] },
    });
  });
  it('are one path in a line, and within one switch', () => {
    const topology = buildTopology(line({ ...rates, length: 3 }));
    const query = { residual: () => bitsPerSec(1), rateMin: bitsPerSec(1), from: host('h1') };
    expect(disjointPaths(topology, { ...query, to: host('h3') })?.backup).toBeNull();
    const edge = buildTopology(edgeNfv(rates));
    expect(disjointPaths(edge, { ...query, to: host('h2') })).toEqual({
      primary: ['h1>s1:1', 's1:2>h2'],
      backup: null,
    });
  });
});

describe('a backup path', () => {
  it('shares the fewest cables with the path in use; ties go to the shortest, then to ids', () => {
    fc.assert(
      fc.property(randomNetwork, fc.nat(), fc.integer({ min: 0, max: 2 }), (network, pick, rate) => {
        const all = usablePaths(network, 0);
        const primary = all[pick % Math.max(1, all.length)];
        if (!primary) return;
        const usable = usablePaths(network, rate);
        const shared = (path: Path) => sharedBy(network, primary, path).length;
        const best = usable.sort(
          (a, b) =>
            sharedInTheWay(network, primary, a) - sharedInTheWay(network, primary, b) ||
            byLengthThenIds(a, b),
        )[0];
        const found = backupPath(network.topology, { ...queryOf(network, rate), primary });
        const isOther = best !== undefined && best.join() !== primary.join();
        expect(found?.path ?? null).toEqual(isOther ? best : null);
        if (found) expect(found.shared).toHaveLength(shared(found.path));
      }),
      { numRuns: 500 },
    );
  });
  it('in a fat-tree shares the hosts’ own cables alone, wherever the primary goes', () => {
    const topology = buildTopology(fatTree({ ...rates, k: 4 }));
    const query = {
      from: host('h1'),
      to: host('h16'),
      residual: () => bitsPerSec(1),
      rateMin: bitsPerSec(1),
    };
    const primary = shortestPath(topology, query) ?? [];
    const backup = backupPath(topology, { ...query, primary });
    expect(backup?.path).toHaveLength(6);
    expect(backup?.shared).toEqual([primary[0], primary.at(-1)]);
  });
  it('refuses a primary over a link that does not exist', () => {
    const topology = buildTopology(edgeNfv(rates));
    const query = { from: host('h1'), to: host('h3'), residual: () => bitsPerSec(1), rateMin: bitsPerSec(1) };
    const primary = ['h1>s1:1', 's1:9>s9:9', 's2:1>h3'] as unknown as Path;
    expect(() => backupPath(topology, { ...query, primary })).toThrow('s1:9>s9:9');
  });
});

/** How many links of `path` run over cables of the primary. */
const sharedInTheWay = (network: RandomNetwork, primary: Path, path: Path): number =>
  sharedBy(network, path, primary).length;

/** The shortest way s1 s2 s3 s4 uses a cable that both other ways need one end of: s1 s2 s6 s7 s4 and s1 s5 s8 s3 s4. */
function trap() {
  const shape = line({ ...rates, length: 4 });
  const number = (n: number) => `000000000000000${n}`;
  const cable = (a: string, aPort: number, b: string, bPort: number) => ({
    a: { switch: a, port: aPort },
    b: { switch: b, port: bPort },
    capacityBitsPerSec: 1e9,
    floorBitsPerSec: 0,
  });
  const hostAt = (index: number, at: string) => ({
    ...(shape.hosts[index] as (typeof shape.hosts)[number]),
    switch: at,
    port: 1,
  });
  return {
    switches: Array.from({ length: 8 }, (_, index) => ({ name: `s${index + 1}`, dpid: number(index + 1) })),
    hosts: [hostAt(0, 's1'), hostAt(1, 's4')],
    links: [
      cable('s1', 2, 's2', 1),
      cable('s2', 2, 's3', 1),
      cable('s3', 2, 's4', 2),
      cable('s2', 3, 's6', 1),
      cable('s6', 2, 's7', 1),
      cable('s7', 2, 's4', 3),
      cable('s1', 3, 's5', 1),
      cable('s5', 2, 's8', 1),
      cable('s8', 2, 's3', 3),
    ],
  };
}
