/**
 * What the controller's network adapter does, in virtual time: reservations take effect after the time a change
 * takes on real switches, counters are read, MACs are forwarded to where the core says they are.
 */
import type { QueueTarget, Reservation } from '@sluice/controller/core';
import type { Dpid, HostId, LinkId, Mac, Path, Topology } from '@sluice/topology';
import { bytes } from '@sluice/units';
import type { FluidNetwork } from './fluid-network.ts';
import { Forwarding } from './forwarding.ts';

/** As the controller's network adapter tells it. */
export interface Refused {
  readonly code: string;
  readonly detail: string;
}

type Places = ReadonlyMap<Mac, HostId>;

export class EmulatedNetwork {
  private readonly installed = new Map<number, Reservation>();
  private readonly ofMigration = new Map<string, Reservation>();
  private readonly forwarding: Forwarding;
  private places: Places = new Map();
  private readonly refusing = new Set<Dpid>();

  constructor(
    private readonly topology: Topology,
    private readonly fluid: FluidNetwork,
  ) {
    this.forwarding = new Forwarding(topology);
  }

  /** Puts queues and reservation into force. Returns why not, or null. */
  install(reservation: Reservation, queues: readonly QueueTarget[]): Refused | null {
    const broken = reservation.path.find((link) => this.fluid.isDown(link));
    if (broken) return { code: 'link_unavailable', detail: `link ${broken} is down` };
    const stubborn = queues.find(({ port }) => this.refusing.has(port.dpid))?.port.dpid;
    if (stubborn !== undefined) {
      this.refusing.delete(stubborn);
      const name = this.topology.switches.get(stubborn)?.name ?? stubborn;
      return { code: 'rejected', detail: `${name} refuses` };
    }
    this.setQueues(queues);
    this.installed.set(reservation.id, reservation);
    this.ofMigration.set(reservation.migrationId, reservation);
    return null;
  }
  remove(reservation: Reservation, queues: readonly QueueTarget[]): void {
    this.installed.delete(reservation.id);
    if (this.ofMigration.get(reservation.migrationId)?.id === reservation.id)
      this.ofMigration.delete(reservation.migrationId);
    this.fluid.forgetMeter(reservation.id);
    this.setQueues(queues);
  }
  /** The switch refuses the next reservation that comes or changes there. */
  refuseNextChange(dpid: Dpid): void {
    this.refusing.add(dpid);
  }
  reservationOf(migrationId: string): Reservation | undefined {
    return this.ofMigration.get(migrationId);
  }
  get reservationsLeft(): number {
    return this.installed.size;
  }

  /** Queue counter of the first switch on the path, and the meter's, like the adapter's answer. */
  counters(reservation: Reservation) {
    const first = reservation.path.find((id) => this.topology.links.get(id)?.from.kind === 'switch');
    return {
      queueBytes: first ? bytes(this.fluid.linkCounters(first).reservedBits / 8) : null,
      meterBytes: bytes(this.fluid.meterBits(reservation.id) / 8),
    };
  }

  setForwarding(places: Places, linksDown: readonly LinkId[]): void {
    this.places = places;
    this.forwarding.avoid(linksDown);
  }
  placeOf(mac: Mac): HostId | undefined {
    return this.places.get(mac);
  }
  /** The way between two hosts as the entries have it; traffic on a broken link is lost until they change. */
  way(from: HostId, to: HostId): Path | null {
    return this.forwarding.way(from, to);
  }

  private setQueues(queues: readonly QueueTarget[]): void {
    for (const { port, rate } of queues) {
      const link = this.forwarding.linkOfPort(port.dpid, port.portNo);
      if (link) this.fluid.setQueue(link, rate);
    }
  }
}
