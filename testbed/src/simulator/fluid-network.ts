/**
 * The data plane in virtual time: links with a queue for reserved traffic, flows as fluids, byte counters like the
 * switches'. Reverse traffic (acknowledgements) is not carried.
 */
import type { LinkId, Path, Topology } from '@sluice/topology';
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

interface Flow {
  spec: FlowSpec;
  rate: number;
  moved: number;
  offered: number;
}

export interface LinkCounters {
  readonly applicationBits: number;
  readonly reservedBits: number;
}

/** A volume counts as moved when less than this is left: a millionth of a bit per bit moved is rounding. */
const DONE_BITS = 1e-3;

export class FluidNetwork {
  private nowMs = 0;
  private stale = true;
  private readonly flows = new Map<string, Flow>();
  private readonly down = new Set<LinkId>();
  private readonly queues = new Map<LinkId, number>();
  private readonly meters = new Map<number, number>();
  private readonly counters = new Map<LinkId, { applicationBits: number; reservedBits: number }>();

  constructor(private readonly topology: Topology) {
    for (const id of topology.links.keys()) this.counters.set(id, { applicationBits: 0, reservedBits: 0 });
  }

  /** Adds a flow, or changes one that is there; what it has moved stays. */
  put(spec: FlowSpec): void {
    const present = this.flows.get(spec.id);
    if (present) present.spec = spec;
    else this.flows.set(spec.id, { spec, rate: 0, moved: 0, offered: 0 });
    this.stale = true;
  }
  remove(id: string): void {
    this.stale = this.flows.delete(id) || this.stale;
  }
  setQueue(link: LinkId, rate: number): void {
    if (rate > 0) this.queues.set(link, rate);
    else this.queues.delete(link);
    this.stale = true;
  }
  setDown(link: LinkId, isDown: boolean): void {
    if (isDown) this.down.add(link);
    else this.down.delete(link);
    this.stale = true;
  }
  isDown(link: LinkId): boolean {
    return this.down.has(link);
  }

  /** Wire bits delivered, and offered by the sender, since the flow was first put. */
  progress(id: string): { readonly movedBits: number; readonly offeredBits: number } {
    const flow = this.flows.get(id);
    return { movedBits: flow?.moved ?? 0, offeredBits: flow?.offered ?? 0 };
  }
  linkCounters(link: LinkId): LinkCounters {
    return this.counters.get(link) ?? { applicationBits: 0, reservedBits: 0 };
  }
  meterBits(reservation: number): number {
    return this.meters.get(reservation) ?? 0;
  }

  /** When the next flow with a volume will be through, if nothing changes. */
  get nextDoneMs(): number {
    this.share();
    let next = Number.POSITIVE_INFINITY;
    for (const { spec, rate, moved } of this.flows.values())
      if (spec.volume !== undefined && (rate > 0 || spec.volume - moved <= DONE_BITS))
        next = Math.min(
          next,
          this.nowMs + (Math.max(0, spec.volume - moved) * 1000) / Math.max(rate, Number.MIN_VALUE),
        );
    return next;
  }

  /** Lets time pass at the present rates. */
  advance(toMs: number): void {
    this.share();
    const seconds = (toMs - this.nowMs) / 1000;
    this.nowMs = toMs;
    for (const flow of this.flows.values()) {
      const { spec, rate } = flow;
      const bits = rate * seconds;
      flow.moved += bits;
      flow.offered += spec.shape === 'inelastic' ? spec.demand * seconds : bits;
      const isReserved = spec.reservation !== undefined;
      for (const link of spec.path ?? []) {
        const counters = this.counters.get(link);
        if (!counters) continue;
        if (isReserved) counters.reservedBits += bits;
        else counters.applicationBits += bits;
      }
      if (spec.reservation !== undefined)
        this.meters.set(spec.reservation, (this.meters.get(spec.reservation) ?? 0) + bits);
    }
  }

  /** Ends flows whose volume has arrived, and tells their owners, in the order in which the flows were added. */
  finish(): void {
    for (const { spec, moved } of [...this.flows.values()])
      if (spec.volume !== undefined && spec.volume - moved <= DONE_BITS) {
        this.remove(spec.id);
        spec.onDone?.();
      }
  }

  private share(): void {
    if (!this.stale) return;
    this.stale = false;
    const rooms = new Map(
      [...this.topology.links.values()].map((link) => [
        link.id as string,
        {
          capacity: this.down.has(link.id) ? 0 : link.capacity,
          // On a host's own NIC the agent's class limits each migration; that is part of the flow's demand.
          reserved: link.from.kind === 'host' ? Number.POSITIVE_INFINITY : (this.queues.get(link.id) ?? 0),
        },
      ]),
    );
    const rates = shareLinks(
      rooms,
      [...this.flows.values()]
        .filter(({ spec }) => spec.path !== null)
        .map(({ spec }) => ({
          id: spec.id,
          tier: spec.reservation === undefined ? spec.shape : 'reserved',
          path: spec.path ?? [],
          demand: spec.demand,
        })),
    );
    for (const flow of this.flows.values()) flow.rate = rates.get(flow.spec.id) ?? 0;
  }
}
