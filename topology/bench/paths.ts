/**
 * How many paths a second each search finds in fat-trees, and how many links it asks about: asking is what costs when
 * a link's answer comes from a calendar. Beside the searches that one would write first, with the same answers.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { buildTopology, type HostId, type Link, type Path, type Topology } from '../src/graph.ts';
import { backupPath, disjointPaths } from '../src/paths/disjoint.ts';
import { shortestPath, shortestPaths } from '../src/paths/shortest.ts';
import { spreadPaths } from '../src/paths/spread.ts';
import { widestPath, widestShortestPath } from '../src/paths/widest.ts';
import { fatTree } from '../src/shapes.ts';
import { plainShortest, plainWidest, plainWidestShortest } from './plain.ts';

const RATE = bitsPerSec(10e9);
/** Every link but the hosts' has this much left at least. */
const BUSIEST = 0.2;
const PAIRS = 512;
/** Each search is repeated for about so long, several times: other work on the machine only makes a turn slower. */
const TURN_MS = 100;
const TURNS = 4;
/** Answers that are compared with the plain search's. */
const COMPARED = 8;

export async function run(): Promise<{ name: string; lines: string[] }> {
  return { name: 'paths', lines: [16, 32].flatMap(linesFor) };
}

function linesFor(k: number): string[] {
  const began = performance.now();
  const inventory = fatTree({ k, nic: RATE, capacity: RATE });
  const described = performance.now();
  const topology = buildTopology(inventory);
  const built = performance.now();
  const bench = new Bench(topology);
  const rateMin = bitsPerSec(3e9);
  return [
    `fat-tree k=${k}: ${topology.hosts.size} hosts, ${topology.linkList.length} directed links; inventory ${ms(described - began)}, graph ${ms(built - described)}`,
    bench.line('shortest with a rate', (query) => shortestPath(topology, { ...query, rateMin })),
    bench.line('  plain', (query) => plainShortest(topology, { ...query, rateMin }), {
      plain: true,
      same: (query) => shortestPath(topology, { ...query, rateMin }),
    }),
    bench.line('widest of the shortest', (query) => pathOf(widestShortestPath(topology, query))),
    bench.line('  plain', (query) => plainWidestShortest(topology, query), {
      plain: true,
      same: (query) => pathOf(widestShortestPath(topology, query)),
    }),
    bench.line('widest, any length', (query) => pathOf(widestPath(topology, query))),
    bench.line('  plain', (query) => plainWidest(topology, query), {
      plain: true,
      same: (query) => pathOf(widestPath(topology, query)),
    }),
    bench.line('8 shortest', (query) => last(shortestPaths(topology, { ...query, rateMin, count: 8 }))),
    bench.line('disjoint pair', (query) => disjointPaths(topology, { ...query, rateMin })?.primary ?? null),
    bench.line('backup of a given path', (query) => {
      const primary = shortestPath(topology, { ...query, rateMin });
      return primary && (backupPath(topology, { ...query, rateMin, primary })?.path ?? null);
    }),
    bench.line('16 spread', (query) => last(spreadPaths(topology, { ...query, rates: SPREAD }))),
  ];
}

interface Query {
  readonly from: HostId;
  readonly to: HostId;
  readonly residual: (link: Link) => BitsPerSec;
}

/** A network with a random load, and pairs of hosts in different pods. */
class Bench {
  readonly #queries: readonly Query[];
  #asked = 0;

  constructor(topology: Topology) {
    const random = randomFrom(42);
    const hosts = [...topology.hosts.keys()];
    const left = new Map(
      topology.linkList.map((link) => {
        const isAccess = link.from.kind === 'host' || link.to.kind === 'host';
        return [link.id, bitsPerSec(Math.round(RATE * (isAccess ? 1 : BUSIEST + (1 - BUSIEST) * random())))];
      }),
    );
    const residual = (link: Link): BitsPerSec => {
      this.#asked += 1;
      return left.get(link.id) ?? bitsPerSec(0);
    };
    const half = hosts.length / 2;
    const pick = (offset: number) => hosts[offset + Math.floor(random() * half)] as HostId;
    this.#queries = Array.from({ length: PAIRS }, () => ({ from: pick(0), to: pick(half), residual }));
  }

  line(
    what: string,
    search: (query: Query) => Path | null,
    of: { readonly plain?: boolean; readonly same?: (query: Query) => Path | null } = {},
  ): string {
    for (const query of this.#queries.slice(0, of.same ? COMPARED : 0))
      if (of.same?.(query)?.join() !== search(query)?.join())
        throw new Error(`${what}: another path from ${query.from} to ${query.to}`);
    if (!of.plain) for (const query of this.#queries) search(query);
    this.#asked = 0;
    let [count, missing, each] = [0, 0, Number.POSITIVE_INFINITY];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const before = count;
      const began = performance.now();
      for (; performance.now() - began < TURN_MS; count += 1)
        if (!search(this.#queries[count % PAIRS] as Query)) missing += 1;
      each = Math.min(each, (performance.now() - began) / (count - before));
    }
    return `${what.padEnd(24)} ${perSecond(each)}/s, ${(each * 1000).toFixed(1)} us, asks about ${(this.#asked / count).toFixed(1)} links${missing > 0 ? `, ${Math.round((100 * missing) / count)} % have none` : ''}`;
  }
}

const SPREAD = Array.from({ length: 16 }, () => bitsPerSec(100e6));
const pathOf = (found: { readonly path: Path } | null): Path | null => found?.path ?? null;
const last = (paths: readonly (Path | null)[]): Path | null => paths.at(-1) ?? null;
const perSecond = (eachMs: number): string =>
  Math.round(1000 / eachMs)
    .toString()
    .padStart(7);
const ms = (value: number): string => `${Math.round(value)} ms`;

/** Numbers in [0, 1) that only depend on the seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
