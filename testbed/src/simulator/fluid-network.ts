/**
 * The data plane in virtual time: links with a queue for reserved traffic, flows as fluids, byte counters like the
 * switches'. Reverse traffic (acknowledgements) is not carried.
 *
 * A change touches only the flows it can reach: two flows depend on each other when they meet on a link of which more
 * is asked than it can carry, so rates are shared anew in that part of the network alone. When a volume will have
 * arrived is kept in a heap, and what has been moved is counted when somebody asks or a rate changes.
 */
import type { LinkId, Path, Topology } from '@sluice/topology';
import { assert } from '@sluice/units';
import { FluidLink, type LinkCounters } from './fluid-link.ts';
import { Heap } from './heap.ts';
import { shareLinks } from './sharing.ts';

export interface FlowSpec {
  readonly id: string;
  /** inelastic: UDP. elastic: TCP. */
  readonly shape: 'inelastic' | 'elastic';
  /** null: there is no way at present, nothing arrives. */
  readonly path: Path | null;
  /** Wire bit/s at the sender; Infinity = as much as it gets. */
  readonly demand: number;
  /** Belongs to this reservation: travels in queue 1 and through its meter. */
  readonly reservation?: number | undefined;
  /** Wire bits to move in all; absent = it goes on for ever. */
  readonly volume?: number | undefined;
  readonly onDone?: (() => void) | undefined;
}

/** A volume counts as moved when less than this is left: a millionth of a bit per bit moved is rounding. */
const DONE_BITS = 1e-3;

class Flow {
  rate = 0;
  moved = 0;
  offered = 0;
  countedMs: number;
  /** When its volume will have arrived; Infinity = never, as things are. */
  doneMs = Number.POSITIVE_INFINITY;
  visit = 0;
  isGone = false;
  links: readonly FluidLink<Flow>[] = [];

  constructor(
    public spec: FlowSpec,
    readonly order: number,
    nowMs: number,
  ) {
    this.countedMs = nowMs;
  }
  get isReserved(): boolean {
    return this.spec.reservation !== undefined;
  }
  get demand(): number {
    return this.spec.demand;
  }
  get tier() {
    return this.isReserved ? ('reserved' as const) : this.spec.shape;
  }
}

export class FluidNetwork {
  private nowMs = 0;
  private orders = 0;
  private visits = 0;
  private readonly flows = new Map<string, Flow>();
  private readonly links: ReadonlyMap<LinkId, FluidLink<Flow>>;
  private readonly linksOfPaths = new WeakMap<Path, readonly FluidLink<Flow>[]>();
  /** Bits that reservations' flows had moved when they were last counted. */
  private readonly meters = new Map<number, number>();
  private readonly metered = new Map<number, Flow>();
  private readonly changedFlows = new Set<Flow>();
  private changedLinks: FluidLink<Flow>[] = [];
  /** By when they end, then in the order in which they were added. */
  private readonly endings = new Heap<Flow>();

  constructor(topology: Topology) {
    this.links = new Map(
      [...topology.links.values()].map((link) => [
        link.id,
        new FluidLink<Flow>(link.capacity, link.from.kind === 'host'),
      ]),
    );
  }

  /** Adds a flow, or changes one that is there; what it has moved stays. */
  put(spec: FlowSpec): void {
    const present = this.flows.get(spec.id);
    if (present) {
      this.count(present);
      this.leave(present);
      present.spec = spec;
      this.join(present);
      return;
    }
    const flow = new Flow(spec, this.orders++, this.nowMs);
    this.flows.set(spec.id, flow);
    this.join(flow);
  }
  remove(id: string): void {
    const flow = this.flows.get(id);
    if (flow === undefined) return;
    this.count(flow);
    this.leave(flow);
    flow.rate = 0;
    flow.isGone = true;
    flow.doneMs = Number.POSITIVE_INFINITY;
    this.flows.delete(id);
    this.changedFlows.delete(flow);
  }
  setQueue(id: LinkId, rate: number): void {
    const link = this.links.get(id);
    if (link === undefined || link.queue === rate) return;
    link.queue = rate;
    this.changed(link);
  }
  setDown(id: LinkId, isDown: boolean): void {
    const link = this.links.get(id);
    if (link === undefined || link.isDown === isDown) return;
    link.isDown = isDown;
    this.changed(link);
  }
  isDown(link: LinkId): boolean {
    return this.links.get(link)?.isDown ?? false;
  }

  /** Wire bits delivered, and offered by the sender, since the flow was first put. */
  progress(id: string): { readonly movedBits: number; readonly offeredBits: number } {
    const flow = this.flows.get(id);
    if (flow === undefined) return { movedBits: 0, offeredBits: 0 };
    this.count(flow);
    return { movedBits: flow.moved, offeredBits: flow.offered };
  }
  linkCounters(link: LinkId): LinkCounters {
    return this.links.get(link)?.counters(this.nowMs) ?? { applicationBits: 0, reservedBits: 0 };
  }
  meterBits(reservation: number): number {
    const flow = this.metered.get(reservation);
    if (flow) this.count(flow);
    return this.meters.get(reservation) ?? 0;
  }
  forgetMeter(reservation: number): void {
    this.meters.delete(reservation);
  }

  /** When the next flow with a volume will be through, if nothing changes. */
  get nextDoneMs(): number {
    this.share();
    const { endings } = this;
    // An entry counts only while its flow still ends then.
    while (endings.first !== undefined && endings.first.doneMs !== endings.firstKey) endings.take();
    return endings.firstKey;
  }

  /** Lets time pass at the present rates. */
  advance(toMs: number): void {
    this.share();
    this.nowMs = toMs;
  }

  /** Ends flows whose volume has arrived, and tells their owners, in the order in which the flows were added. */
  finish(): void {
    const through: Flow[] = [];
    while (this.nextDoneMs <= this.nowMs) {
      const flow = this.endings.take();
      if (flow) through.push(flow);
    }
    for (const flow of through.sort((a, b) => a.order - b.order)) {
      if (flow.isGone) continue;
      this.remove(flow.spec.id);
      flow.spec.onDone?.();
    }
  }

  private join(flow: Flow): void {
    const { spec } = flow;
    flow.links = this.linksOf(spec);
    if (spec.reservation !== undefined) this.metered.set(spec.reservation, flow);
    for (const link of flow.links) {
      link.join(flow, this.nowMs);
      this.changed(link);
    }
    this.changedFlows.add(flow);
  }
  /** Names are looked up once for all flows that a path ever has. */
  private linksOf({ id: flow, path }: FlowSpec): readonly FluidLink<Flow>[] {
    if (path === null) return [];
    const known = this.linksOfPaths.get(path);
    if (known !== undefined) return known;
    const links = path.map((id) => {
      const link = this.links.get(id);
      assert(link, `flow ${flow} crosses ${id}, which is not in the network`);
      return link;
    });
    this.linksOfPaths.set(path, links);
    return links;
  }
  private leave(flow: Flow): void {
    for (const link of flow.links) {
      link.leave(flow, this.nowMs);
      this.changed(link);
    }
    const { reservation } = flow.spec;
    if (reservation !== undefined && this.metered.get(reservation) === flow) this.metered.delete(reservation);
  }
  /** A link that neither held anybody back nor does so now changes nobody's rate. */
  private changed(link: FluidLink<Flow>): void {
    if (link.isChanged || !(link.wasTight || link.isTight)) return;
    link.isChanged = true;
    this.changedLinks.push(link);
  }

  /** Brings up to date what the flow has moved. */
  private count(flow: Flow): void {
    const seconds = (this.nowMs - flow.countedMs) / 1000;
    if (seconds === 0) return;
    flow.countedMs = this.nowMs;
    const { spec, rate } = flow;
    const bits = rate * seconds;
    flow.moved += bits;
    flow.offered += spec.shape === 'inelastic' ? spec.demand * seconds : bits;
    if (spec.reservation !== undefined)
      this.meters.set(spec.reservation, (this.meters.get(spec.reservation) ?? 0) + bits);
  }

  private setRate(flow: Flow, rate: number): void {
    if (rate === flow.rate) return;
    this.count(flow);
    for (const link of flow.links) link.changeRate(flow, rate - flow.rate, this.nowMs);
    flow.rate = rate;
  }

  private planEnd(flow: Flow): void {
    const { volume } = flow.spec;
    if (volume === undefined) return;
    this.count(flow);
    const left = volume - flow.moved;
    const doneMs =
      left <= DONE_BITS
        ? this.nowMs
        : flow.rate > 0
          ? this.nowMs + (left * 1000) / flow.rate
          : Number.POSITIVE_INFINITY;
    if (doneMs === flow.doneMs) return;
    flow.doneMs = doneMs;
    if (doneMs < Number.POSITIVE_INFINITY) this.endings.push(flow, doneMs, flow.order);
  }

  /** Shares anew wherever something has changed since the last time. */
  private share(): void {
    if (this.changedFlows.size === 0 && this.changedLinks.length === 0) return;
    this.visits += 1;
    const seeds = [...this.changedFlows];
    this.changedFlows.clear();
    for (const link of this.changedLinks) {
      for (const flow of link.flows) seeds.push(flow);
      link.wasTight = link.isTight;
      link.isChanged = false;
    }
    this.changedLinks = [];
    for (const seed of seeds) if (seed.visit !== this.visits && !seed.isGone) this.shareAround(seed);
  }

  /** Everybody who depends on this flow, directly or through others, gets a new rate. */
  private shareAround(seed: Flow): void {
    const flows: Flow[] = [seed];
    const links: FluidLink<Flow>[] = [];
    seed.visit = this.visits;
    for (const flow of flows)
      for (const link of flow.links) {
        if (link.visit === this.visits || !link.isTight) continue;
        link.visit = this.visits;
        link.place = links.length;
        links.push(link);
        for (const other of link.flows)
          if (other.visit !== this.visits) {
            other.visit = this.visits;
            flows.push(other);
          }
      }
    if (links.length === 0) {
      this.give(seed, seed.spec.path === null || seed.demand === Number.POSITIVE_INFINITY ? 0 : seed.demand);
      return;
    }
    // In the order in which they were added, so that rounding does not depend on where the walk began.
    flows.sort((a, b) => a.order - b.order);
    const rates = shareLinks(
      links.map((link) => ({ capacity: link.capacity, reserved: link.queue })),
      flows.map((flow) => ({
        tier: flow.tier,
        demand: flow.demand,
        path: flow.links.filter((link) => link.visit === this.visits).map((link) => link.place),
      })),
    );
    flows.forEach((flow, index) => {
      this.give(flow, rates[index] ?? 0);
    });
  }

  private give(flow: Flow, rate: number): void {
    this.setRate(flow, rate);
    this.planEnd(flow);
  }
}
