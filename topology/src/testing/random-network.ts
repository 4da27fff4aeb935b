/** For tests: small random networks with a random load and random failures, and every path they have. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import {
  buildTopology,
  type HostId,
  type Link,
  type LinkId,
  linksOfPath,
  nodeName,
  type Path,
  type Topology,
} from '../graph.ts';
import { type InventoryLink, inventorySchema } from '../inventory.ts';

export interface RandomNetwork {
  readonly topology: Topology;
  readonly hosts: readonly [HostId, HostId];
  readonly residual: (link: Link) => BitsPerSec;
  readonly isUp: (link: Link) => boolean;
}

/** Two switches or more, parallel cables included, three hosts. */
const networks = (size: {
  readonly switchesMax: number;
  readonly cablesMin: number;
  readonly cablesMax: number;
}): fc.Arbitrary<RandomNetwork> =>
  fc
    .record({
      switches: fc.integer({ min: 2, max: size.switchesMax }),
      cables: fc.array(fc.tuple(fc.nat(), fc.nat()), {
        minLength: size.cablesMin,
        maxLength: size.cablesMax,
      }),
      places: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
      residuals: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 }),
      isDown: fc.array(fc.boolean(), { maxLength: 12 }),
    })
    .map(({ switches, cables, places, residuals, isDown }) => {
      const ports = new Map<string, number>();
      const end = (index: number) => {
        const name = `s${(index % switches) + 1}`;
        const port = (ports.get(name) ?? 0) + 1;
        ports.set(name, port);
        return { switch: name, port };
      };
      const hosts = places.map((place, index) => ({
        name: `h${index + 1}`,
        kind: 'hypervisor' as const,
        mac: `02:00:00:00:00:0${index + 1}`,
        ip: `10.0.0.${index + 1}`,
        ...end(place),
        nicBitsPerSec: 100,
      }));
      const links = cables
        .filter(([a, b]) => a % switches !== b % switches)
        .map(
          ([a, b]): InventoryLink => ({ a: end(a), b: end(b), capacityBitsPerSec: 100, floorBitsPerSec: 0 }),
        );
      const topology = buildTopology(
        inventorySchema.parse({
          switches: Array.from({ length: switches }, (_, index) => ({
            name: `s${index + 1}`,
            dpid: (index + 1).toString(16).padStart(16, '0'),
          })),
          hosts,
          links,
        }),
      );
      const order = new Map([...topology.links.keys()].map((id, index) => [id, index]));
      const at = <T>(list: readonly T[], link: Link): T | undefined =>
        list[(order.get(link.id) ?? 0) % list.length];
      return {
        topology,
        hosts: ['h1' as HostId, 'h2' as HostId] as const,
        residual: (link) => bitsPerSec(at(residuals, link) ?? 0),
        isUp: (link) => !(at(isDown, link) ?? false),
      };
    });

/** Small enough for a look at every path. */
export const randomNetwork = networks({ switchesMax: 6, cablesMin: 0, cablesMax: 10 });
/** Too large for that, and mostly connected. */
export const largeNetwork = networks({ switchesMax: 16, cablesMin: 15, cablesMax: 40 });

/** Every path without a loop that passes through switches only, over the links that the filter lets through. */
export function everyPath(network: RandomNetwork, isUsable: (link: Link) => boolean): readonly Path[] {
  const [from, to] = network.hosts;
  const extend = (path: Path, visited: readonly string[]): readonly Path[] => {
    const here = visited.at(-1) ?? '';
    if (here === nodeName({ kind: 'host', hostId: to })) return [path];
    if (path.length > 0 && here.startsWith('host')) return [];
    return (network.topology.outgoing.get(here) ?? [])
      .filter((link) => isUsable(link) && !visited.includes(nodeName(link.to)))
      .flatMap((link) => extend([...path, link.id], [...visited, nodeName(link.to)]));
  };
  return extend([], [nodeName({ kind: 'host', hostId: from })]);
}

/** Fewest links first, then by ids from the source on. */
export const byLengthThenIds = (a: Path, b: Path): number => {
  if (a.length !== b.length) return a.length - b.length;
  const differs = a.findIndex((id, index) => id !== b[index]);
  return differs < 0 ? 0 : (a[differs] as LinkId) < (b[differs] as LinkId) ? -1 : 1;
};

export const leastResidual = (network: RandomNetwork, path: Path): number =>
  Math.min(...linksOfPath(network.topology, path).map(network.residual));
