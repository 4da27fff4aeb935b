/**
 * A fat-tree by index arithmetic and migrations drawn from a seed, for the measurements of joint allocation: the
 * same seed gives the same problem everywhere.
 */
import type { AllocationProblem, CostedDemand, LinkUse, PowerSeries } from '@sluice/models';
import { bitsPerSec } from '@sluice/units';

const LINK_RATE = 10e9;
/** Acknowledgements on the way back. */
const REVERSE_SHARE = 0.03;

export interface JointBench {
  readonly problem: AllocationProblem<CostedDemand>;
  /** The next migration's news, always of another draw. */
  readonly draw: () => CostedDemand;
}

export function fatTreeBench(shape: {
  readonly k: number;
  readonly migrations: number;
  readonly seed: number;
}): JointBench {
  const random = mulberry(shape.seed);
  const tree = new FatTree(shape.k);
  const capacities = Array.from({ length: tree.linkCount }, () =>
    // Applications keep 10 to 40 %, headroom is 5 %.
    bitsPerSec(LINK_RATE * (0.95 - 0.1 - 0.3 * random())),
  );
  const draw = () => drawDemand(tree, random);
  const demands = Array.from({ length: shape.migrations }, draw);
  return { problem: { capacities, demands }, draw };
}

function drawDemand(tree: FatTree, random: () => number): CostedDemand {
  const from = Math.floor(random() * tree.hosts);
  const to = (from + 1 + Math.floor(random() * (tree.hosts - 1))) % tree.hosts;
  const memory = 8 * 2 ** 30 * 2 ** (5 * random());
  const dirty = 20e6 * 10 ** random();
  const rounds = 1 + Math.floor(6 * random());
  const series = { dirtyRate: bitsPerSec(dirty), terms: rounds + 1 };
  // Seconds of total time, and joules with alpha = 2: alone it would take about 0.25 to 4 Gbit/s.
  const ownRate = 0.27e9 * 16 ** random();
  const time: PowerSeries = { ...series, scale: memory, exponent: -1 };
  const energy: PowerSeries = { ...series, scale: memory / ownRate ** 2, exponent: 1 };
  const downtime: PowerSeries = {
    scale: 20 * memory * dirty ** rounds,
    exponent: -1 - rounds,
    dirtyRate: bitsPerSec(0),
    terms: 1,
  };
  return {
    uses: tree.uses(from, to, Math.floor(random() * (tree.half * tree.half))),
    rateMin: bitsPerSec(1.15 * dirty * (0.5 + 0.5 * random())),
    rateMax: bitsPerSec(LINK_RATE * (0.3 + 0.6 * random())),
    cost: [time, energy, downtime],
  };
}

/** Al-Fares, Loukissas and Vahdat (SIGCOMM 2008): links host–edge, edge–aggregation and aggregation–core, each twice. */
class FatTree {
  readonly half: number;
  readonly hosts: number;
  readonly linkCount: number;

  constructor(k: number) {
    this.half = k / 2;
    this.hosts = k ** 3 / 4;
    this.linkCount = 6 * this.hosts;
  }

  /** Over the core switch `via` (only its group counts within a pod). */
  uses(from: number, to: number, via: number): LinkUse[] {
    const forward = this.path(from, to, via);
    const back = this.path(to, from, via);
    return [
      ...forward.map((link) => ({ link, share: 1 })),
      ...back.map((link) => ({ link, share: REVERSE_SHARE })),
    ];
  }

  private path(from: number, to: number, via: number): number[] {
    const { half, hosts } = this;
    const edge = (host: number) => Math.floor(host / half);
    const pod = (host: number) => Math.floor(edge(host) / half);
    const group = Math.floor(via / half);
    const first = from;
    const last = hosts + to;
    if (edge(from) === edge(to)) return [first, last];
    // There are as many links of each kind between switches as hosts.
    const edgeUp = 2 * hosts + edge(from) * half + group;
    const edgeDown = 3 * hosts + edge(to) * half + group;
    if (pod(from) === pod(to)) return [first, edgeUp, edgeDown, last];
    const coreUp = 4 * hosts + pod(from) * half * half + via;
    const coreDown = 5 * hosts + pod(to) * half * half + via;
    return [first, edgeUp, coreUp, coreDown, edgeDown, last];
  }
}

/** Mulberry32: small, good enough to draw from, the same everywhere. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
