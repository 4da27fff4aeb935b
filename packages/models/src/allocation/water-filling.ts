/**
 * Water filling: the level rises from zero, and every flow takes weight × level, but never less than its least and never
 * more than its most. A link that is full stops all that cross it. Between two such events every load is linear in the
 * level, so the next event is known exactly: two events a flow and one a link, each in the logarithm of their number.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { fitAbove } from './feasibility.ts';
import type { LinkUse } from './problem.ts';

export interface Flow {
  readonly uses: readonly LinkUse[];
  /** 0 ≤ least ≤ most; the least of all flows must fit. `most` may be Infinity. */
  readonly least: number;
  readonly most: number;
  /** Above 0. */
  readonly weight: number;
}

export interface WaterLevel {
  readonly rates: Float64Array;
  /** The link that stopped each flow; -1 for a flow that reached its most. */
  readonly stoppedBy: Int32Array;
}

export function waterFill(capacities: readonly number[], flows: readonly Flow[]): WaterLevel {
  const water = new Water(capacities, flows);
  const events = flowEvents(flows);
  let at = 0;
  for (;;) {
    const event = events[at];
    const link = water.firstFull(event?.level ?? Number.POSITIVE_INFINITY);
    if (link !== null) water.fill(link);
    else if (event === undefined) break;
    else {
      if (event.isStart) water.start(event);
      else water.finish(event);
      at += 1;
    }
  }
  fitAbove(
    { capacities, demands: flows },
    flows.map(({ least }) => least),
    water.rates,
  );
  return { rates: water.rates, stoppedBy: water.stoppedBy };
}

interface FlowEvent {
  readonly flow: number;
  /** Where it leaves its least, or where it reaches its most. */
  readonly level: number;
  readonly isStart: boolean;
}

function flowEvents(flows: readonly Flow[]): readonly FlowEvent[] {
  const events = flows.flatMap(({ least, most, weight, uses }, flow): FlowEvent[] => {
    const start = { flow, level: least / weight, isStart: true };
    if (uses.length === 0) return [];
    return Number.isFinite(most) ? [start, { flow, level: most / weight, isStart: false }] : [start];
  });
  return events.sort((a, b) => a.level - b.level || Number(b.isStart) - Number(a.isStart) || a.flow - b.flow);
}

const RESTING = 0;
const RISING = 1;
const STOPPED = 2;

/** Loads of the links as functions of the level, and the links in the order in which they get full. */
class Water {
  readonly rates: Float64Array;
  readonly stoppedBy: Int32Array;
  private readonly phase: Uint8Array;
  private readonly users: readonly (readonly { readonly flow: number; readonly share: number }[])[];
  /** Load of link l at a level: fixed + slope · level. */
  private readonly fixed: Float64Array;
  private readonly slope: Float64Array;
  private readonly rising: Int32Array;
  private readonly queue: LinkQueue;
  private level = 0;

  constructor(
    private readonly capacities: readonly number[],
    private readonly flows: readonly Flow[],
  ) {
    this.rates = Float64Array.from(flows, ({ uses, least, most }) => (uses.length === 0 ? most : least));
    this.stoppedBy = new Int32Array(flows.length).fill(-1);
    this.phase = new Uint8Array(flows.length);
    this.fixed = new Float64Array(capacities.length);
    this.slope = new Float64Array(capacities.length);
    this.rising = new Int32Array(capacities.length);
    this.queue = new LinkQueue(capacities.length);
    const users = capacities.map((): { flow: number; share: number }[] => []);
    for (const [flow, { uses, least }] of flows.entries())
      for (const { link, share } of uses) {
        users[link]?.push({ flow, share });
        this.fixed[link] = (this.fixed[link] as number) + share * least;
      }
    this.users = users;
  }

  /** The link that gets full first, if that is before the limit. */
  firstFull(limit: number): number | null {
    for (;;) {
      const link = this.queue.first();
      if (link === -1 || this.queue.level(link) >= limit) return null;
      // Sums that went up and down carry rounding; the decision rests on fresh ones.
      this.sumUp(link);
      const level = Math.max(this.level, this.fullAt(link));
      if (level <= this.queue.level(link) * (1 + ROUNDING)) {
        this.level = level;
        return link;
      }
      this.queue.set(link, level);
    }
  }

  fill(link: number): void {
    for (const { flow } of this.users[link] ?? []) {
      if (this.phase[flow] === STOPPED) continue;
      this.stop(flow, (this.flows[flow] as Flow).weight * this.level);
      this.stoppedBy[flow] = link;
    }
    this.queue.remove(link);
  }

  start({ flow, level }: FlowEvent): void {
    if (this.phase[flow] !== RESTING) return;
    this.level = Math.max(this.level, level);
    this.phase[flow] = RISING;
    const { uses, weight, least } = this.flows[flow] as Flow;
    for (const { link, share } of uses) {
      this.fixed[link] = (this.fixed[link] as number) - share * least;
      this.slope[link] = (this.slope[link] as number) + share * weight;
      this.rising[link] = (this.rising[link] as number) + 1;
      this.refresh(link);
    }
  }

  finish({ flow, level }: FlowEvent): void {
    if (this.phase[flow] === STOPPED) return;
    this.level = Math.max(this.level, level);
    this.stop(flow, (this.flows[flow] as Flow).most);
  }

  private stop(flow: number, wanted: number): void {
    const { uses, weight, least, most } = this.flows[flow] as Flow;
    const wasRising = this.phase[flow] === RISING;
    this.phase[flow] = STOPPED;
    if (!wasRising) return;
    const rate = Math.min(most, Math.max(least, wanted));
    this.rates[flow] = rate;
    for (const { link, share } of uses) {
      this.fixed[link] = (this.fixed[link] as number) + share * rate;
      this.slope[link] = (this.slope[link] as number) - share * weight;
      this.rising[link] = (this.rising[link] as number) - 1;
      this.refresh(link);
    }
  }

  private refresh(link: number): void {
    if (this.rising[link] === 0) this.queue.remove(link);
    else this.queue.set(link, Math.max(this.level, this.fullAt(link)));
  }

  private fullAt(link: number): number {
    return ((this.capacities[link] as number) - (this.fixed[link] as number)) / (this.slope[link] as number);
  }

  private sumUp(link: number): void {
    let fixed = 0;
    let slope = 0;
    for (const { flow, share } of this.users[link] ?? []) {
      if (this.phase[flow] === RISING) slope += share * (this.flows[flow] as Flow).weight;
      else fixed += share * (this.rates[flow] as number);
    }
    this.fixed[link] = fixed;
    this.slope[link] = slope;
  }
}

const ROUNDING = 1e-12;

/** A binary heap of links by the level at which they get full; equal levels in the order of their numbers. */
class LinkQueue {
  private readonly levels: Float64Array;
  private readonly place: Int32Array;
  private readonly heap: Int32Array;
  private size = 0;

  constructor(links: number) {
    this.levels = new Float64Array(links);
    this.place = new Int32Array(links).fill(-1);
    this.heap = new Int32Array(links);
  }

  first(): number {
    return this.size === 0 ? -1 : (this.heap[0] as number);
  }

  level(link: number): number {
    return this.levels[link] as number;
  }

  set(link: number, level: number): void {
    this.levels[link] = level;
    let at = this.place[link] as number;
    if (at === -1) {
      at = this.size;
      this.size += 1;
      this.put(at, link);
    }
    this.settle(at);
  }

  remove(link: number): void {
    const at = this.place[link] as number;
    if (at === -1) return;
    this.place[link] = -1;
    this.size -= 1;
    if (at === this.size) return;
    this.put(at, this.heap[this.size] as number);
    this.settle(at);
  }

  private put(at: number, link: number): void {
    this.heap[at] = link;
    this.place[link] = at;
  }

  private isBefore(a: number, b: number): boolean {
    const difference = (this.levels[a] as number) - (this.levels[b] as number);
    return difference < 0 || (difference === 0 && a < b);
  }

  private settle(from: number): void {
    const link = this.heap[from] as number;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.isBefore(link, this.heap[above] as number)) break;
      this.put(at, this.heap[above] as number);
      at = above;
    }
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.size) break;
      if (below + 1 < this.size && this.isBefore(this.heap[below + 1] as number, this.heap[below] as number))
        below += 1;
      if (!this.isBefore(this.heap[below] as number, link)) break;
      this.put(at, this.heap[below] as number);
      at = below;
    }
    this.put(at, link);
  }
}
