/**
 * Which links are up: LLDP out of every port between switches, its proof checked when it comes in, the port
 * status of switches, and the pure record of `@sluice/topology` in between. A switch that has lost its controller
 * still forwards, so its links keep their last known status until it is back.
 */
import { randomBytes } from 'node:crypto';
import { action, OFPP, type PacketIn, packetOut } from '@oflib/openflow';
import {
  type DiscoveryState,
  type DiscoveryStep,
  type Dpid,
  expire,
  type Link,
  type LinkId,
  type LinkStatus,
  LLDP_PERIODS_MISSED_MAX,
  linkById,
  linkStatus,
  lldpPorts,
  observe,
  observePort,
  type PortNo,
  type SwitchPort,
  startDiscovery,
  type Topology,
} from '@sluice/topology';
import { instant, millis } from '@sluice/units';
import type { Heard } from '../../core/index.ts';
import type { Alerts } from '../alerts.ts';
import { type Clock, every } from '../clock.ts';
import type { NetworkLimits } from '../limits.ts';
import { portKey } from '../ovsdb/ports.ts';
import { decodeLldp, encodeLldp, type LldpClaim } from './probe-frame.ts';
import type { Switchboard } from './switchboard.ts';

/** Nonces remembered per port, many more than are ever on their way. */
export const NONCES_MAX = 64;

export interface LinkWatchOptions {
  readonly topology: Topology;
  readonly epoch: number;
  readonly switchboard: Switchboard;
  readonly limits: NetworkLimits;
  readonly clock: Clock;
  readonly alerts: Alerts;
  readonly emit: (heard: Heard) => void;
}

export class LinkWatch {
  readonly #options: LinkWatchOptions;
  readonly #key = randomBytes(32);
  /** When each nonce left, by port: one is believed for as long as a starved switch may hold a frame back. */
  readonly #nonces = new Map<string, Map<bigint, number>>();
  readonly #budget = new Map<string, { since: number; taken: number }>();
  readonly #waiters = new Set<() => void>();
  #state: DiscoveryState;
  #lastSent = 0;
  #stop: () => void = () => {};

  constructor(options: LinkWatchOptions) {
    this.#options = options;
    this.#state = startDiscovery(options.topology, { period: millis(options.limits.lldpPeriodMs) });
  }

  start(): void {
    const { clock, limits } = this.#options;
    this.#lastSent = clock.now();
    this.#stop = every(clock, limits.lldpPeriodMs, () => this.#tick());
  }

  stop(): void {
    this.#stop();
  }

  status(link: LinkId): LinkStatus {
    return linkStatus(this.#state, link);
  }

  isUp = (link: Link): boolean => this.status(link.id) === 'up';

  /** Resolves when every link is up, or with false at the deadline. */
  async allUp(deadlineMs: number): Promise<boolean> {
    const { clock, topology } = this.#options;
    const done = () => [...topology.links.values()].every(this.isUp);
    if (done()) return true;
    return await new Promise((resolve) => {
      const finish = (answer: boolean) => {
        cancel();
        this.#waiters.delete(check);
        resolve(answer);
      };
      const check = () => {
        if (done()) finish(true);
      };
      const cancel = clock.after(deadlineMs, () => finish(false));
      this.#waiters.add(check);
    });
  }

  portChanged(port: SwitchPort, isUp: boolean): void {
    this.#take(observePort(this.#state, { port, isUp }));
  }

  /** A switch is ready: it need not wait for the next period to be found. Its neighbours may have sent too early. */
  switchReady(): void {
    for (const dpid of this.#options.topology.switches.keys()) this.#send(dpid);
  }

  packetIn(dpid: Dpid, message: PacketIn): void {
    const portNo = message.match.in_port;
    if (portNo === undefined) return;
    const to: SwitchPort = { dpid, portNo: portNo as PortNo };
    if (!this.#mayLook(to)) return;
    const claim = decodeLldp(message.data, this.#key);
    const { alerts, epoch, clock } = this.#options;
    if (claim && claim.epoch === epoch && this.#isFresh(claim)) {
      this.#take(observe(this.#state, { from: claim.from, to, now: instant(clock.now()) }));
      return;
    }
    const link = this.#linkFrom(to);
    if (link?.to.kind === 'switch' && !claim) alerts.raise('lldp_not_authentic', `at ${this.#nameOf(to)}`);
    if (link?.to.kind !== 'switch') alerts.raise('lldp_on_host_port', `at ${this.#nameOf(to)}`);
  }

  #tick(): void {
    const { clock, limits, topology } = this.#options;
    const now = clock.now();
    const wasLate = now - this.#lastSent > 2 * limits.lldpPeriodMs;
    this.#lastSent = now;
    for (const link of topology.links.values()) if (wasLate || this.#isBlind(link)) this.#keep(link, now);
    this.#take(expire(this.#state, instant(now)));
    for (const dpid of topology.switches.keys()) this.#send(dpid);
  }

  /** Nothing can be heard of a link while one of its switches is away: neither that it is up nor that it is down. */
  #isBlind(link: Link): boolean {
    const ends = [link.from, link.to];
    return ends.some((end) => end.kind === 'switch' && !this.#options.switchboard.of(end.dpid).isReady);
  }

  #keep(link: Link, now: number): void {
    if (link.from.kind !== 'switch' || link.to.kind !== 'switch') return;
    if (link.fromPort === null || link.toPort === null || !this.isUp(link)) return;
    const from = { dpid: link.from.dpid, portNo: link.fromPort };
    const to = { dpid: link.to.dpid, portNo: link.toPort };
    this.#take(observe(this.#state, { from, to, now: instant(now) }));
  }

  #send(dpid: Dpid): void {
    const { switchboard, epoch, topology } = this.#options;
    const target = switchboard.of(dpid);
    if (!target.isReady) return;
    for (const portNo of lldpPorts(topology).get(dpid) ?? []) {
      const from = { dpid, portNo };
      const nonce = randomBytes(8).readBigUInt64BE();
      this.#remember(from, nonce);
      target.send(
        packetOut({
          inPort: OFPP.CONTROLLER,
          actions: [action.output({ port: portNo, maxLen: 0 })],
          data: encodeLldp({ from, epoch, nonce }, this.#key),
        }),
      );
    }
  }

  #remember(from: SwitchPort, nonce: bigint): void {
    const key = portKey(from);
    const nonces = this.#nonces.get(key) ?? new Map<bigint, number>();
    nonces.set(nonce, this.#options.clock.now());
    const oldest = nonces.keys().next().value;
    if (nonces.size > NONCES_MAX && oldest !== undefined) nonces.delete(oldest);
    this.#nonces.set(key, nonces);
  }

  #isFresh({ from, nonce }: LldpClaim): boolean {
    const { clock, limits } = this.#options;
    const sentAt = this.#nonces.get(portKey(from))?.get(nonce);
    return sentAt !== undefined && clock.now() - sentAt <= LLDP_PERIODS_MISSED_MAX * limits.lldpPeriodMs;
  }

  #take({ state, events }: DiscoveryStep): void {
    this.#state = state;
    const { emit, alerts } = this.#options;
    for (const event of events) {
      if (event.kind === 'link_up') emit({ kind: 'link_came_up', link: event.link });
      else if (event.kind === 'link_down') emit({ kind: 'link_went_down', link: event.link });
      else alerts.raise(event.kind, `${this.#nameOf(event.from)} to ${this.#nameOf(event.to)}`);
    }
    if (events.length > 0) for (const check of [...this.#waiters]) check();
  }

  /** A host can send any frame: what comes in beyond a few frames a second is not even looked at. */
  #mayLook(port: SwitchPort): boolean {
    const now = this.#options.clock.now();
    const key = portKey(port);
    const budget = this.#budget.get(key);
    if (!budget || now - budget.since >= 1000) {
      this.#budget.set(key, { since: now, taken: 1 });
      return true;
    }
    budget.taken += 1;
    const limit = this.#options.limits.lldpPerPortPerSecMax;
    if (budget.taken === limit + 1) this.#options.alerts.raise('lldp_flood', `at ${this.#nameOf(port)}`);
    return budget.taken <= limit;
  }

  #linkFrom(port: SwitchPort): Link | undefined {
    const { topology } = this.#options;
    for (const link of topology.links.values())
      if (link.from.kind === 'switch' && link.from.dpid === port.dpid && link.fromPort === port.portNo)
        return linkById(topology, link.id);
    return undefined;
  }

  #nameOf({ dpid, portNo }: SwitchPort): string {
    return `${this.#options.topology.switches.get(dpid)?.name ?? dpid}:${portNo}`;
  }
}
