/** The data plane: OpenFlow switches, their queues over OVSDB, and what is known of their links, behind one door. */
import type { LinkId, SwitchPort, Topology } from '@sluice/topology';
import type { Heard, QueueTarget, Reservation } from '../core/index.ts';
import { Alerts } from './alerts.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Counters, Move, Network, NetworkStatus, Place } from './interfaces.ts';
import { DEFAULT_LIMITS, type NetworkLimits } from './limits.ts';
import { ignoreNotes, type TakeNote } from './note.ts';
import { ClassificationProver } from './openflow/classification.ts';
import { classificationEntries } from './openflow/flows.ts';
import { Forwarding } from './openflow/forwarding.ts';
import { measureLoads } from './openflow/link-loads.ts';
import { LinkWatch } from './openflow/link-watch.ts';
import { MeterCounts } from './openflow/meter-counts.ts';
import { DEFAULT_METER_RANGE, type MeterRange } from './openflow/meters.ts';
import { Reservations } from './openflow/reservations.ts';
import { contentsOf, contentsOfList } from './openflow/switch-contents.ts';
import { Switchboard } from './openflow/switchboard.ts';
import { createQueueControl, type QueueControl } from './ovsdb/queues.ts';

export interface NetworkOptions {
  readonly topology: Topology;
  /** Fencing token: the generation of our role at every switch, and part of every cookie and queue row. */
  readonly epoch: number;
  /** For OpenFlow; port 0 = any. */
  readonly listen: { readonly host: string; readonly port: number };
  /** `unix:/path/db.sock`, `tcp:host:port`; one server may serve several switches. */
  readonly ovsdb: { readonly endpoints: readonly string[] };
  readonly meterRange?: MeterRange;
  readonly note?: TakeNote;
  readonly clock?: Clock;
  readonly limits?: Partial<NetworkLimits>;
  /** Instead of OVSDB, for tests. */
  readonly queues?: QueueControl;
}

export interface OpenflowNetwork extends Network {
  /** Resolves as soon as the OpenFlow port is open, which is before `start` does. */
  readonly listening: Promise<{ readonly host: string; readonly port: number }>;
}

/** Nothing happens before `start`. */
export const createNetwork = (options: NetworkOptions): OpenflowNetwork => new SouthboundNetwork(options);

const CLASSIFICATION = 'classification';
const FORWARDING = 'forwarding';

class SouthboundNetwork implements OpenflowNetwork {
  readonly listening: Promise<{ readonly host: string; readonly port: number }>;
  readonly #topology: Topology;
  readonly #epoch: number;
  readonly #limits: NetworkLimits;
  readonly #clock: Clock;
  readonly #alerts: Alerts;
  readonly #queues: QueueControl;
  readonly #switchboard: Switchboard;
  readonly #prover: ClassificationProver;
  readonly #reservations: Reservations;
  readonly #links: LinkWatch;
  readonly #meterCounts = new MeterCounts();
  #emit: (heard: Heard) => void = () => {};
  #stopLoads: () => void = () => {};
  #announce: (address: Promise<{ host: string; port: number }>) => void = () => {};
  #ready = false;
  /** For the links that were down at the last wish. */
  #forwarding: { readonly links: string; readonly entries: Forwarding } | null = null;

  constructor(options: NetworkOptions) {
    const {
      topology,
      epoch,
      note = ignoreNotes,
      clock = systemClock,
      meterRange = DEFAULT_METER_RANGE,
    } = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#topology = topology;
    this.#epoch = epoch;
    this.#limits = limits;
    this.#clock = clock;
    this.#alerts = new Alerts(note);
    this.listening = new Promise((resolve) => {
      this.#announce = resolve;
    });
    // Who does not ask for the address need not hear that there is none; start() says so.
    this.listening.catch(() => {});
    const common = { topology, epoch, limits, clock, note, meterRange, alerts: this.#alerts };
    this.#queues = options.queues ?? createQueueControl({ ...common, endpoints: options.ovsdb.endpoints });
    const switchboard = new Switchboard({ ...common, listen: options.listen });
    this.#switchboard = switchboard;
    const switchOf = (dpid: SwitchPort['dpid']) => switchboard.of(dpid);
    this.#prover = new ClassificationProver({ switchOf, limits, clock });
    this.#links = new LinkWatch({ ...common, switchboard, emit: (heard) => this.#emit(heard) });
    this.#reservations = new Reservations({
      ...common,
      meterCounts: this.#meterCounts,
      switchOf,
      queues: this.#queues,
      prover: this.#prover,
      isUp: (link) => this.#links.status(link) === 'up',
    });
  }

  async start(emit: (heard: Heard) => void): Promise<void> {
    this.#emit = emit;
    for (const [dpid, target] of this.#switchboard.switches)
      await target.want(CLASSIFICATION, contentsOf(classificationEntries(this.#topology, dpid, this.#epoch)));
    await this.setForwarding([], []);
    const address = this.#switchboard.listen({
      switchReady: (dpid) => {
        this.#prover.forget(dpid, (key) => this.#reservations.isInUse(key));
        this.#links.switchReady();
      },
      portChanged: (port, isUp) => this.#links.portChanged(port, isUp),
      packetIn: (dpid, message) => this.#links.packetIn(dpid, message),
    });
    this.#announce(address);
    await address;
    this.#links.start();
    this.#stopLoads = measureLoads({
      topology: this.#topology,
      switches: this.#switchboard.switches.values(),
      metersOf: (link) => this.#reservations.metersEnteringBy(link),
      meterCounts: this.#meterCounts,
      limits: this.#limits,
      clock: this.#clock,
      emit,
    });
    await Promise.all([this.#queues.start(), this.#links.allUp(this.#limits.startDeadlineMs)]);
    this.#reportMissing(emit);
    this.#ready = true;
  }

  install(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    return this.#reservations.install(reservation, queues);
  }

  resize(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    return this.#reservations.resize(reservation, queues);
  }

  reroute(_from: Reservation, to: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    return this.#reservations.reroute(to, queues);
  }

  remove(reservation: Reservation, queues: readonly QueueTarget[]): Promise<void> {
    return this.#reservations.remove(reservation, queues);
  }

  readCounters(reservation: Reservation): Promise<Counters> {
    return this.#reservations.readCounters(reservation);
  }

  async setForwarding(
    places: readonly Place[],
    linksDown: readonly LinkId[],
    moves: readonly Move[] = [],
  ): Promise<void> {
    const entries = this.#forwardingOn(linksDown).entries(this.#withHosts(places), moves);
    const wishes = [...this.#switchboard.switches.values()].map((target) =>
      target.want(FORWARDING, contentsOfList(entries.get(target.dpid) ?? [])),
    );
    for (const outcome of await Promise.allSettled(wishes))
      if (outcome.status === 'rejected') throw outcome.reason;
  }

  status(): NetworkStatus {
    return {
      ready: this.#ready,
      switches: [...this.#switchboard.switches.values()].map((target) => ({
        dpid: target.dpid,
        name: target.name,
        connected: target.isReady,
        description: target.description,
      })),
      links: [...this.#topology.links.values()].map((link) => ({
        id: link.id,
        status: this.#links.status(link.id),
        classification:
          link.from.kind === 'switch' && link.fromPort !== null
            ? this.#prover.of({ dpid: link.from.dpid, portNo: link.fromPort })
            : null,
      })),
      alerts: this.#alerts.list(),
    };
  }

  async close(): Promise<void> {
    this.#ready = false;
    this.#emit = () => {};
    this.#links.stop();
    this.#stopLoads();
    this.#queues.close();
    await this.#switchboard.close();
  }

  #forwardingOn(linksDown: readonly LinkId[]): Forwarding {
    const links = linksDown.join(' ');
    if (this.#forwarding?.links !== links) {
      const down = new Set(linksDown);
      const isUp = ({ id }: { readonly id: LinkId }) => !down.has(id);
      const entries = new Forwarding({ topology: this.#topology, isUp, epoch: this.#epoch });
      this.#forwarding = { links, entries };
    }
    return this.#forwarding.entries;
  }

  /** Hosts of the inventory are always somewhere; what an agent says of a MAC comes before. */
  #withHosts(places: readonly Place[]): readonly Place[] {
    const said = new Set(places.map(({ mac }) => mac));
    const hosts = [...this.#topology.hosts.values()].map(({ mac, id }) => ({ mac, hostId: id }));
    return [...places, ...hosts.filter(({ mac }) => !said.has(mac))];
  }

  /** A link that is not up carries no reservation; who begins now must know. */
  #reportMissing(emit: (heard: Heard) => void): void {
    for (const target of this.#switchboard.switches.values())
      if (!target.isReady) this.#alerts.raise('switch_missing', `switch ${target.name} has not connected`);
    for (const link of this.#topology.links.values()) {
      const status = this.#links.status(link.id);
      if (status === 'up') continue;
      this.#alerts.raise('link_not_up', `link ${link.id} is ${status}`);
      emit({ kind: 'link_went_down', link: link.id });
    }
  }
}
