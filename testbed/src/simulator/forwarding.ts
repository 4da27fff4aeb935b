/** The way that unreserved traffic takes: hop by hop as the controller's forwarding entries have it. */
import {
  type Dpid,
  type HostId,
  type Link,
  type LinkId,
  nextHops,
  type Path,
  type Topology,
} from '@sluice/topology';
import { hostLinks } from './host-links.ts';

type Hops = ReturnType<typeof nextHops>;

/** Entries towards a host are worked out when somebody first goes there, and kept until the set of usable links changes. */
export class Forwarding {
  private readonly portLink = new Map<Dpid, Map<number, Link>>();
  private readonly firstLink: ReadonlyMap<HostId, Link>;
  private readonly hops = new Map<HostId, Hops>();
  private avoided: ReadonlySet<LinkId> = new Set();

  constructor(private readonly topology: Topology) {
    this.firstLink = hostLinks(topology);
    for (const link of topology.links.values()) {
      if (link.from.kind !== 'switch' || link.fromPort === null) continue;
      const ports = this.portLink.get(link.from.dpid) ?? new Map<number, Link>();
      this.portLink.set(link.from.dpid, ports.set(link.fromPort, link));
    }
  }

  linkOfPort(dpid: Dpid, portNo: number): LinkId | undefined {
    return this.portLink.get(dpid)?.get(portNo)?.id;
  }

  /** These carry nothing from now on. */
  avoid(links: readonly LinkId[]): void {
    if (links.length === this.avoided.size && links.every((link) => this.avoided.has(link))) return;
    this.avoided = new Set(links);
    this.hops.clear();
  }

  /** null when the entries lead nowhere. A path has at most one hop per switch. */
  way(from: HostId, to: HostId): Path | null {
    if (from === to) return [];
    const first = this.firstLink.get(from);
    const hops = this.hopsTo(to);
    if (!first || !hops || this.avoided.has(first.id)) return null;
    const way: LinkId[] = [first.id];
    let at = first.to;
    while (at.kind === 'switch' && way.length <= this.topology.switches.size + 1) {
      const portNo = hops.get(at.dpid);
      const next = portNo === undefined ? undefined : this.portLink.get(at.dpid)?.get(portNo);
      if (!next) return null;
      way.push(next.id);
      at = next.to;
    }
    return at.kind === 'host' && at.hostId === to ? way : null;
  }

  private hopsTo(to: HostId): Hops | undefined {
    const known = this.hops.get(to);
    const target = this.topology.hosts.get(to);
    if (known || !target) return known;
    const found = nextHops(this.topology, target.attachment, (link) => !this.avoided.has(link.id));
    this.hops.set(to, found);
    return found;
  }
}
