/**
 * What the controller's network adapter does, in virtual time: reservations take effect after the time a change
 * takes on real switches, counters are read, MACs are forwarded to where the core says they are.
 */
import type { QueueTarget, Reservation } from '@sluice/controller/core';
import type { HostId, LinkId, Path, Topology } from '@sluice/topology';
import { bytes } from '@sluice/units';
import type { FluidNetwork } from './fluid-network.ts';
import { forwardingWay } from './forwarding.ts';

export class EmulatedNetwork {
  private readonly installed = new Map<number, Reservation>();
  private readonly portLink = new Map<string, LinkId>();
  private places = new Map<string, HostId>();
  private avoided: ReadonlySet<LinkId> = new Set();

  constructor(
    private readonly topology: Topology,
    private readonly fluid: FluidNetwork,
  ) {
    for (const link of topology.links.values())
      if (link.from.kind === 'switch') this.portLink.set(`${link.from.dpid}:${link.fromPort}`, link.id);
  }

  /** Puts queues and reservation into force. Returns why not, or null. */
  install(reservation: Reservation, queues: readonly QueueTarget[]): string | null {
    const broken = reservation.path.find((link) => this.fluid.isDown(link));
    if (broken) return `link ${broken} is down`;
    this.setQueues(queues);
    this.installed.set(reservation.id, reservation);
    return null;
  }
  remove(reservation: Reservation, queues: readonly QueueTarget[]): void {
    this.installed.delete(reservation.id);
    this.setQueues(queues);
  }
  reservationOf(migrationId: string): Reservation | undefined {
    return [...this.installed.values()].find((reservation) => reservation.migrationId === migrationId);
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

  setForwarding(
    places: readonly { readonly mac: string; readonly hostId: HostId }[],
    linksDown: readonly LinkId[],
  ): void {
    this.places = new Map(places.map(({ mac, hostId }) => [mac, hostId]));
    this.avoided = new Set(linksDown);
  }
  placeOf(mac: string): HostId | undefined {
    return this.places.get(mac);
  }
  /** The way between two hosts as the entries have it; traffic on a broken link is lost until they change. */
  way(from: HostId, to: HostId): Path | null {
    return forwardingWay(this.topology, from, to, (link) => !this.avoided.has(link));
  }

  private setQueues(queues: readonly QueueTarget[]): void {
    for (const { port, rate } of queues) {
      const link = this.portLink.get(`${port.dpid}:${port.portNo}`);
      if (link) this.fluid.setQueue(link, rate);
    }
  }
}
