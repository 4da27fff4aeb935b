/** The network that shares anew only where something changed, against one that shares everything at every change. */
import { buildTopology, type LinkId, leafSpine, type Path } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FlowSpec, FluidNetwork } from './fluid-network.ts';
import { shareLinks } from './sharing.ts';

const topology = buildTopology(
  leafSpine({ leaves: 2, spines: 2, hostsPerLeaf: 2, nic: bitsPerSec(100), capacity: bitsPerSec(150) }),
);
const LINKS = [...topology.links.values()];

/** What every flow gets when nobody remembers anything. */
function plainRates(
  flows: ReadonlyMap<string, FlowSpec>,
  queues: ReadonlyMap<LinkId, number>,
  down: ReadonlySet<LinkId>,
): Map<string, number> {
  const specs = [...flows.values()].filter((flow) => flow.path !== null);
  const rates = shareLinks(
    LINKS.map((link) => ({
      capacity: down.has(link.id) ? 0 : link.capacity,
      reserved: link.from.kind === 'host' ? Number.POSITIVE_INFINITY : (queues.get(link.id) ?? 0),
    })),
    specs.map((flow) => ({
      tier: flow.reservation === undefined ? flow.shape : 'reserved',
      demand: flow.demand,
      path: (flow.path ?? []).map((id) => LINKS.findIndex((link) => link.id === id)),
    })),
  );
  return new Map(specs.map((flow, index) => [flow.id, rates[index] ?? 0]));
}

const linkId = fc.constantFrom(...LINKS.map((link) => link.id));
const change = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    id: fc.integer({ min: 0, max: 7 }).map(String),
    shape: fc.constantFrom('inelastic' as const, 'elastic' as const),
    path: fc.option(fc.uniqueArray(linkId, { minLength: 1, maxLength: 4 }), { freq: 6 }),
    demand: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constant(Number.POSITIVE_INFINITY)),
    isReserved: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('remove' as const), id: fc.integer({ min: 0, max: 7 }).map(String) }),
  fc.record({ kind: fc.constant('queue' as const), link: linkId, rate: fc.integer({ min: 0, max: 120 }) }),
  fc.record({ kind: fc.constant('down' as const), link: linkId, isDown: fc.boolean() }),
);

describe('the fluid network', () => {
  it('gives every flow what sharing the whole network anew gives it, and counts it', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), (changes) => {
        const network = new FluidNetwork(topology);
        const flows = new Map<string, FlowSpec>();
        const queues = new Map<LinkId, number>();
        const down = new Set<LinkId>();
        const moved = new Map<string, number>();
        const crossed = new Map<LinkId, number>();
        let seconds = 0;
        for (const one of changes) {
          if (one.kind === 'put') {
            const { id, shape, path, demand, isReserved } = one;
            const spec: FlowSpec = {
              id,
              shape,
              path: path as Path | null,
              demand: shape === 'inelastic' && demand === Number.POSITIVE_INFINITY ? 500 : demand,
              reservation: isReserved ? Number(id) : undefined,
            };
            flows.set(id, spec);
            network.put(spec);
          } else if (one.kind === 'remove') {
            flows.delete(one.id);
            moved.delete(one.id);
            network.remove(one.id);
          } else if (one.kind === 'queue') {
            // A queue is on a switch port; a host's own NIC has none.
            if (topology.links.get(one.link)?.from.kind === 'host') continue;
            queues.set(one.link, one.rate);
            network.setQueue(one.link, one.rate);
          } else {
            if (one.isDown) down.add(one.link);
            else down.delete(one.link);
            network.setDown(one.link, one.isDown);
          }
          seconds += 1;
          network.advance(seconds * 1000);
          for (const [id, rate] of plainRates(flows, queues, down)) {
            moved.set(id, (moved.get(id) ?? 0) + rate);
            for (const link of flows.get(id)?.path ?? []) crossed.set(link, (crossed.get(link) ?? 0) + rate);
          }
          for (const id of flows.keys())
            expect(network.progress(id).movedBits).toBeCloseTo(moved.get(id) ?? 0, 4);
          for (const link of LINKS) {
            const { applicationBits, reservedBits } = network.linkCounters(link.id);
            expect(applicationBits + reservedBits).toBeCloseTo(crossed.get(link.id) ?? 0, 4);
          }
        }
      }),
    );
  });

  it('tells when volumes have arrived, in the order in which the flows were added', () => {
    const network = new FluidNetwork(topology);
    const link = LINKS.find(({ from }) => from.kind === 'host');
    const path = link ? [link.id] : [];
    const done: string[] = [];
    for (const [id, volume] of [
      ['b', 100],
      ['a', 100],
      ['c', 150],
    ] as const)
      network.put({ id, shape: 'elastic', path, demand: 1000, volume, onDone: () => done.push(id) });
    const instants: number[] = [];
    while (network.nextDoneMs < Number.POSITIVE_INFINITY) {
      instants.push(Math.round(network.nextDoneMs));
      network.advance(network.nextDoneMs);
      network.finish();
    }
    expect(done).toEqual(['b', 'a', 'c']);
    expect(instants).toEqual([3000, 3500]);
  });
});
