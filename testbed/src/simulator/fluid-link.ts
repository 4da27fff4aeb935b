/**
 * One directed link of the fluid network: who crosses it, what they ask for and what they get, and the byte counters
 * that follow. Counters are brought up to date when a rate changes or somebody reads them, never in between.
 */

/** What a flow is to the links it crosses. */
export interface Crossing {
  readonly isReserved: boolean;
  /** Wire bit/s; Infinity = as much as it gets. */
  readonly demand: number;
  /** What it gets. */
  readonly rate: number;
}

export interface LinkCounters {
  readonly applicationBits: number;
  readonly reservedBits: number;
}

/** Sums are kept by adding and taking away; this much of a room is the rounding of many flows. */
const ROUNDING = 1e-9;

/** One of the two classes of traffic on a link. */
class Load {
  flows = 0;
  unlimited = 0;
  demand = 0;
  rate = 0;
  bits = 0;

  join({ demand, rate }: Crossing): void {
    this.flows += 1;
    this.rate += rate;
    if (demand === Number.POSITIVE_INFINITY) this.unlimited += 1;
    else this.demand += demand;
  }
  leave({ demand, rate }: Crossing): void {
    this.flows -= 1;
    this.rate -= rate;
    if (demand === Number.POSITIVE_INFINITY) this.unlimited -= 1;
    else this.demand -= demand;
    // What rounding has left of many flows goes with the last.
    if (this.flows === this.unlimited) this.demand = 0;
    if (this.flows === 0) this.rate = 0;
  }
  exceeds(room: number): boolean {
    return this.unlimited > 0 || this.demand > room * (1 + ROUNDING);
  }
}

export class FluidLink<F extends Crossing = Crossing> {
  isDown = false;
  /** bit/s of queue 1. Infinity on a host's own NIC: there the agent's class limits each migration's demand. */
  queue: number;
  /** Whether it held somebody back when rates were last shared. */
  wasTight = false;
  /** Waits for rates to be shared anew. */
  isChanged = false;
  /** Marks of a walk over the network, so that nothing is visited twice. */
  visit = 0;
  place = 0;
  readonly flows = new Set<F>();
  private readonly reserved = new Load();
  private readonly applications = new Load();
  private countedMs = 0;

  constructor(
    private readonly wireRate: number,
    isNic: boolean,
  ) {
    this.queue = isNic ? Number.POSITIVE_INFINITY : 0;
  }

  get capacity(): number {
    return this.isDown ? 0 : this.wireRate;
  }

  /** More is asked of it than it can carry, so that who crosses it has to share. */
  get isTight(): boolean {
    const { capacity, reserved, applications } = this;
    return (
      reserved.exceeds(Math.min(capacity, this.queue)) ||
      applications.unlimited > 0 ||
      reserved.demand + applications.demand > capacity * (1 + ROUNDING)
    );
  }

  /** From `nowMs` on it crosses the link at its present rate. */
  join(flow: F, nowMs: number): void {
    this.count(nowMs);
    this.flows.add(flow);
    this.loadOf(flow).join(flow);
  }
  leave(flow: F, nowMs: number): void {
    this.count(nowMs);
    if (this.flows.delete(flow)) this.loadOf(flow).leave(flow);
  }

  /** A flow that crosses it gets this much more, from `nowMs` on. */
  changeRate(flow: F, by: number, nowMs: number): void {
    this.count(nowMs);
    this.loadOf(flow).rate += by;
  }

  counters(nowMs: number): LinkCounters {
    this.count(nowMs);
    return { applicationBits: this.applications.bits, reservedBits: this.reserved.bits };
  }

  private count(nowMs: number): void {
    const seconds = (nowMs - this.countedMs) / 1000;
    if (seconds === 0) return;
    this.countedMs = nowMs;
    // Counters never run backwards, whatever rounding left in the sum of the rates.
    this.reserved.bits += Math.max(0, this.reserved.rate) * seconds;
    this.applications.bits += Math.max(0, this.applications.rate) * seconds;
  }
  private loadOf(flow: F): Load {
    return flow.isReserved ? this.reserved : this.applications;
  }
}
