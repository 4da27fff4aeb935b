// Compared with a brute-force enumeration of all paths on small random networks.
import { bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTopology, type HostId, type Link, type LinkId, type Path } from '../graph.ts';
import { edgeNfv, fatTree, line } from '../shapes.ts';
import {
  byLengthThenIds,
  everyPath,
  leastResidual,
  type RandomNetwork,
  randomNetwork,
} from '../testing/random-network.ts';
import { residualOfPath } from './along.ts';
import { shortestPath } from './shortest.ts';
import { widestPath, widestShortestPath } from './widest.ts';

const rates = { nic: bitsPerSec(100e6), capacity: bitsPerSec(1e9) };
const host = (name: string) => name as HostId;

/** The best of the paths that are up and have the rate left, at most so much longer than the shortest of them. */
function bestByHand(network: RandomNetwork, rateMin: number, stretchMax: number): Path | undefined {
  const width = (path: Path) => leastResidual(network, path);
  const usable = everyPath(network, (link) => network.isUp(link) && network.residual(link) >= rateMin);
  const shortest = Math.min(...usable.map((path) => path.length));
  return usable
    .filter((path) => path.length <= shortest + stretchMax)
    .sort((a, b) => width(b) - width(a) || byLengthThenIds(a, b))[0];
}

describe('the widest path', () => {
  it('is the one that trying all paths finds, and says where it is narrow', () => {
    fc.assert(
      fc.property(randomNetwork, (network) => {
        const { topology, hosts, residual, isUp } = network;
        const found = widestPath(topology, { from: hosts[0], to: hosts[1], residual, isUp });
        const best = bestByHand(network, 0, Number.POSITIVE_INFINITY);
        expect(found?.path ?? null).toEqual(best ?? null);
        if (!found || !best) return;
        const narrow = best.find((id) => residual(linkOf(network, id)) === found.rate);
        expect([found.rate, found.bottleneck]).toEqual([leastResidual(network, best), narrow]);
        expect(residualOfPath(topology, found.path, residual)).toBe(found.rate);
      }),
      { numRuns: 500 },
    );
  });
  it('is no more than the allowed number of links longer than the shortest', () => {
    fc.assert(
      fc.property(
        randomNetwork,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        (network, stretchMax, rate) => {
          const { topology, hosts, residual, isUp } = network;
          const query = { from: hosts[0], to: hosts[1], residual, isUp, rateMin: bitsPerSec(rate) };
          const best = bestByHand(network, rate, stretchMax);
          expect(widestPath(topology, { ...query, stretchMax })?.path).toEqual(best);
          expect(widestShortestPath(topology, query)?.path).toEqual(bestByHand(network, rate, 0));
        },
      ),
      { numRuns: 500 },
    );
  });
  it('has the smallest burden among those as wide and as short, then the first ids', () => {
    fc.assert(
      fc.property(
        randomNetwork,
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 20 }),
        (network, loads) => {
          const { topology, hosts, residual, isUp } = network;
          const burden = (link: Link) => loads[(topology.linkNumbers.get(link.id) ?? 0) % loads.length] ?? 0;
          const sum = (path: Path) =>
            path.slice(1, -1).reduce((total, id) => total + burden(linkOf(network, id)), 0);
          const width = (path: Path) => leastResidual(network, path);
          const [best] = [...everyPath(network, isUp)].sort(
            (a, b) => width(b) - width(a) || a.length - b.length || sum(a) - sum(b) || byLengthThenIds(a, b),
          );
          const found = widestPath(topology, { from: hosts[0], to: hosts[1], residual, isUp, burden });
          expect(found?.path).toEqual(best);
        },
      ),
      { numRuns: 500 },
    );
  });
  it('is none when it stays below the rate asked for', () => {
    const topology = buildTopology(line({ ...rates, length: 3 }));
    const query = { from: host('h1'), to: host('h3'), residual: () => bitsPerSec(5) };
    expect(widestPath(topology, { ...query, rateMin: bitsPerSec(5) })?.rate).toBe(5);
    expect(widestPath(topology, { ...query, rateMin: bitsPerSec(6) })).toBeNull();
    expect(widestShortestPath(topology, { ...query, rateMin: bitsPerSec(6) })).toBeNull();
  });
  it('refuses a stretch that is no number of links', () => {
    const topology = buildTopology(line({ ...rates, length: 3 }));
    const query = { from: host('h1'), to: host('h3'), residual: (link: Link) => link.capacity };
    for (const stretchMax of [-1, 0.5, Number.NaN])
      expect(() => widestPath(topology, { ...query, stretchMax })).toThrow('stretchMax');
  });
});

describe('how often the caller is asked', () => {
  const topology = buildTopology(fatTree({ ...rates, k: 8 }));
  const [from, to] = [host('h1'), host('h128')];
  const counting = (rateOf: (link: Link) => number) => {
    const asked = new Map<LinkId, number>();
    const residual = (link: Link) => {
      asked.set(link.id, (asked.get(link.id) ?? 0) + 1);
      return bitsPerSec(rateOf(link));
    };
    return { asked, residual };
  };
  const scattered = (link: Link) => 1 + (((topology.linkNumbers.get(link.id) ?? 0) * 7919) % 1009);

  it('is once for each link that the search reaches', () => {
    const { asked, residual } = counting(scattered);
    expect(widestPath(topology, { from, to, residual, rateMin: bitsPerSec(1) })).not.toBeNull();
    expect(new Set(asked.values())).toEqual(new Set([1]));
  });
  it('is no more than for the links of shortest paths when no longer path is wanted', () => {
    const { asked, residual } = counting(scattered);
    expect(widestShortestPath(topology, { from, to, residual })).not.toBeNull();
    // Two cables of hosts, and up and down again 4 to the pods' and 16 to the core switches.
    expect(asked.size).toBeLessThanOrEqual(2 * (1 + 4 + 16));
  });
  it('is for the links of one path when nothing is narrower than the hosts’ own cables', () => {
    const { asked, residual } = counting(() => 7);
    expect(widestPath(topology, { from, to, residual })?.path).toHaveLength(6);
    expect(shortestPath(topology, { from, to, residual, rateMin: bitsPerSec(7) })).toHaveLength(6);
    expect(asked.size).toBe(6);
  });
  it('leaves room for a residual that itself looks for a path', () => {
    const line3 = buildTopology(edgeNfv(rates));
    const inner = () =>
      widestPath(line3, { from: host('h1'), to: host('h4'), residual: (link) => link.capacity });
    const nested = widestPath(line3, {
      from: host('h1'),
      to: host('h3'),
      residual: (link) => bitsPerSec(link.id.includes('s3') ? 1 : (inner()?.rate ?? 0)),
    });
    expect(nested).toEqual({
      path: ['h1>s1:1', 's1:5>s4:1', 's4:2>s2:4', 's2:1>h3'],
      rate: 100e6,
      bottleneck: 'h1>s1:1',
    });
  });
});

function linkOf({ topology }: RandomNetwork, id: LinkId): Link {
  const link = topology.links.get(id);
  if (!link) throw new Error(`no link ${id}`);
  return link;
}
