/**
 * The FPTA of Wang, Li, Zhang and Jin (INFOCOM 2015) for the rates of many migrations: maximum multicommodity flow over
 * several paths per migration, by lengths that grow with what a link carries (Fleischer's scheme), within about
 * (1 − 2ε) of the optimum. A migration starts when its rate exceeds its dirty rate, the others wait.
 *
 * As in the authors' simulator all demands are unlimited, and the flow found is scaled down by log_{1+ε}((1+ε)/δ), which
 * makes it fit. Lengths start at δ, so a link is never longer than about 1.
 */

export interface FlowLink {
  readonly from: string;
  readonly to: string;
  /** What nobody has reserved, of one direction. */
  readonly capacity: number;
}

export interface FlowDemand {
  readonly id: string;
  readonly source: string;
  readonly destination: string;
  readonly dirtyRate: number;
}

export interface PathFlow {
  /** Node after node. */
  readonly nodes: readonly string[];
  readonly rate: number;
}

export interface MigrationFlow {
  readonly id: string;
  readonly rate: number;
  readonly paths: readonly PathFlow[];
  /** Whether it starts now: its rate exceeds its dirty rate. */
  readonly starts: boolean;
}

export interface FptaResult {
  readonly flows: readonly MigrationFlow[];
  /** Σ rates; at least (1 − 2ε) of the maximum. */
  readonly totalRate: number;
  /** Σ (rate − dirty rate) over those that start: the net transmission rate. */
  readonly netRate: number;
  /** By the dual lengths: no flow can be larger. */
  readonly upperBound: number;
}

export const FPTA_EPSILON = 0.2;

export function fpta(
  links: readonly FlowLink[],
  demands: readonly FlowDemand[],
  epsilon: number,
): FptaResult {
  const graph = graphOf(links);
  const delta = (1 + epsilon) / ((1 + epsilon) * graph.nodeCount) ** (1 / epsilon);
  const lengths = new Float64Array(links.length).fill(delta);
  const flows = demands.map(() => new Map<string, { path: readonly number[]; rate: number }>());
  let upperBound = Number.POSITIVE_INFINITY;
  const phases = Math.ceil(Math.log((1 + epsilon) / delta) / Math.log(1 + epsilon));
  for (let phase = 1; phase <= phases; phase += 1) {
    const limit = Math.min(1, delta * (1 + epsilon) ** phase);
    let shortest = Number.POSITIVE_INFINITY;
    for (const [index, demand] of demands.entries()) {
      let found = shortestPath(graph, lengths, demand);
      while (found !== null && found.length < limit) {
        send(links, lengths, flows[index] as Map<string, { path: readonly number[]; rate: number }>, {
          path: found.path,
          epsilon,
        });
        found = shortestPath(graph, lengths, demand);
      }
      if (found !== null) shortest = Math.min(shortest, found.length);
    }
    // Weak duality: lengths over the shortest of them are a fractional cut.
    const volume = links.reduce((sum, link, i) => sum + link.capacity * (lengths[i] as number), 0);
    upperBound = Math.min(upperBound, volume / shortest);
  }
  const scale = Math.log((1 + epsilon) / delta) / Math.log(1 + epsilon);
  return summary(links, demands, { flows, scale, upperBound: Number.isFinite(upperBound) ? upperBound : 0 });
}

/** Sends the narrowest link's capacity along the path and lengthens its links by what they carry. */
function send(
  links: readonly FlowLink[],
  lengths: Float64Array,
  flows: Map<string, { path: readonly number[]; rate: number }>,
  { path, epsilon }: { readonly path: readonly number[]; readonly epsilon: number },
): void {
  const capacity = (index: number) => (links[index] as FlowLink).capacity;
  const narrowest = Math.min(...path.map(capacity));
  const key = path.join(' ');
  const before = flows.get(key)?.rate ?? 0;
  flows.set(key, { path, rate: before + narrowest });
  for (const index of path)
    lengths[index] = (lengths[index] as number) * (1 + (epsilon * narrowest) / capacity(index));
}

function summary(
  links: readonly FlowLink[],
  demands: readonly FlowDemand[],
  of: {
    readonly flows: readonly Map<string, { path: readonly number[]; rate: number }>[];
    readonly scale: number;
    readonly upperBound: number;
  },
): FptaResult {
  const flows = demands.map((demand, index): MigrationFlow => {
    const paths = [...(of.flows[index]?.values() ?? [])].map(({ path, rate }) => ({
      nodes: [demand.source, ...path.map((link) => (links[link] as FlowLink).to)],
      rate: rate / of.scale,
    }));
    const rate = paths.reduce((sum, path) => sum + path.rate, 0);
    return { id: demand.id, rate, paths, starts: rate > demand.dirtyRate };
  });
  return {
    flows,
    totalRate: flows.reduce((sum, flow) => sum + flow.rate, 0),
    netRate: flows.reduce(
      (sum, flow, index) => sum + (flow.starts ? flow.rate - (demands[index] as FlowDemand).dirtyRate : 0),
      0,
    ),
    upperBound: of.upperBound,
  };
}

interface Graph {
  readonly nodeCount: number;
  readonly indexOf: ReadonlyMap<string, number>;
  /** Links out of each node that can carry something: index of the link, index of the node it leads to. */
  readonly out: readonly (readonly (readonly [number, number])[])[];
}

function graphOf(links: readonly FlowLink[]): Graph {
  const indexOf = new Map<string, number>();
  for (const link of links)
    for (const node of [link.from, link.to]) if (!indexOf.has(node)) indexOf.set(node, indexOf.size);
  const out = Array.from({ length: indexOf.size }, (): (readonly [number, number])[] => []);
  for (const [index, link] of links.entries())
    if (link.capacity > 0)
      out[indexOf.get(link.from) as number]?.push([index, indexOf.get(link.to) as number]);
  return { nodeCount: indexOf.size, indexOf, out };
}

/** Dijkstra without a heap: these networks have tens of nodes. Null when there is no way, or nothing to cross. */
function shortestPath(
  graph: Graph,
  lengths: Float64Array,
  demand: FlowDemand,
): { readonly path: readonly number[]; readonly length: number } | null {
  const start = graph.indexOf.get(demand.source);
  const goal = graph.indexOf.get(demand.destination);
  if (start === undefined || goal === undefined || start === goal) return null;
  const distance = new Float64Array(graph.nodeCount).fill(Number.POSITIVE_INFINITY);
  const cameBy: ({ readonly link: number; readonly from: number } | null)[] = Array(graph.nodeCount).fill(
    null,
  );
  const done = new Uint8Array(graph.nodeCount);
  distance[start] = 0;
  for (;;) {
    const at = nearest(distance, done);
    if (at === null) return null;
    if (at === goal) break;
    done[at] = 1;
    for (const [link, next] of graph.out[at] ?? []) {
      const through = (distance[at] as number) + (lengths[link] as number);
      if (through >= (distance[next] as number)) continue;
      distance[next] = through;
      cameBy[next] = { link, from: at };
    }
  }
  const path: number[] = [];
  for (let step = cameBy[goal]; step; step = cameBy[step.from]) path.push(step.link);
  return { path: path.reverse(), length: distance[goal] as number };
}

function nearest(distance: Float64Array, done: Uint8Array): number | null {
  let best: number | null = null;
  for (let node = 0; node < distance.length; node += 1) {
    if (done[node] === 1 || !Number.isFinite(distance[node])) continue;
    if (best === null || (distance[node] as number) < (distance[best] as number)) best = node;
  }
  return best;
}
