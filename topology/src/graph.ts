/** Directed graph of switches and hosts, built once from the inventory. What changes (up, load) lives elsewhere. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { Inventory } from './inventory.ts';

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** 16 lower-case hex digits. */
export type Dpid = Branded<string, 'dpid'>;
export type HostId = Branded<string, 'host'>;
/** `s1:3>s2:1`, `h1>s1:1`, `s1:1>h1`: one direction, by the names of the inventory. */
export type LinkId = Branded<string, 'link'>;
export type PortNo = Branded<number, 'port'>;
export type Mac = Branded<string, 'mac'>;

export type Node =
  | { readonly kind: 'switch'; readonly dpid: Dpid }
  | { readonly kind: 'host'; readonly hostId: HostId };
export interface SwitchPort {
  readonly dpid: Dpid;
  readonly portNo: PortNo;
}
export interface Switch {
  readonly name: string;
  readonly dpid: Dpid;
}
export interface Host {
  readonly id: HostId;
  readonly kind: 'hypervisor' | 'client';
  readonly mac: Mac;
  readonly ip: string;
  readonly attachment: SwitchPort;
}
/** One direction of a cable. `fromPort`/`toPort` are null at a host. */
export interface Link {
  readonly id: LinkId;
  readonly from: Node;
  readonly fromPort: PortNo | null;
  readonly to: Node;
  readonly toPort: PortNo | null;
  readonly capacity: BitsPerSec;
  readonly floor: BitsPerSec;
  /** The other direction of the same cable. */
  readonly reverse: LinkId;
}
/** Ordered links from source host to destination host. */
export type Path = readonly LinkId[];

export interface Topology {
  readonly switches: ReadonlyMap<Dpid, Switch>;
  readonly hosts: ReadonlyMap<HostId, Host>;
  readonly links: ReadonlyMap<LinkId, Link>;
  /**
   * The links by number, in the order of building: hosts' cables first, as the inventory lists them. The two
   * directions of a cable are neighbours, so the reverse of link n is link n ^ 1. For typed arrays over links.
   */
  readonly linkList: readonly Link[];
  /** Where each link stands in `linkList`. */
  readonly linkNumbers: ReadonlyMap<LinkId, number>;
  /** Links that leave a node, sorted by id, so that every walk is deterministic. Key: nodeName. */
  readonly outgoing: ReadonlyMap<string, readonly Link[]>;
}

/** Builds the graph from an inventory that its schema has accepted. */
export function buildTopology(inventory: Inventory): Topology {
  const byName = new Map(
    inventory.switches.map((entry) => [entry.name, { name: entry.name, dpid: entry.dpid as Dpid }]),
  );
  const switchOf = (name: string): Switch => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`no switch is named ${name}`);
    return found;
  };
  const links = new Map<LinkId, Link>();
  const cable = (a: End, b: End, capacity: number, floor: number) => {
    const forward = `${endName(a)}>${endName(b)}` as LinkId;
    const backward = `${endName(b)}>${endName(a)}` as LinkId;
    const common = { capacity: bitsPerSec(capacity), floor: bitsPerSec(floor) };
    links.set(forward, {
      id: forward,
      from: a.node,
      fromPort: a.port,
      to: b.node,
      toPort: b.port,
      ...common,
      reverse: backward,
    });
    links.set(backward, {
      id: backward,
      from: b.node,
      fromPort: b.port,
      to: a.node,
      toPort: a.port,
      ...common,
      reverse: forward,
    });
  };
  const switchEnd = (name: string, port: number): End => ({
    name,
    node: { kind: 'switch', dpid: switchOf(name).dpid },
    port: port as PortNo,
  });
  const hosts = new Map<HostId, Host>();
  for (const host of inventory.hosts) {
    const id = host.name as HostId;
    const attachment = { dpid: switchOf(host.switch).dpid, portNo: host.port as PortNo };
    hosts.set(id, { id, kind: host.kind, mac: host.mac as Mac, ip: host.ip, attachment });
    const hostEnd: End = { name: host.name, node: { kind: 'host', hostId: id }, port: null };
    cable(hostEnd, switchEnd(host.switch, host.port), host.nicBitsPerSec, host.floorBitsPerSec);
  }
  for (const link of inventory.links) {
    cable(
      switchEnd(link.a.switch, link.a.port),
      switchEnd(link.b.switch, link.b.port),
      link.capacityBitsPerSec,
      link.floorBitsPerSec,
    );
  }
  const linkList = [...links.values()];
  return {
    switches: new Map([...byName.values()].map((entry) => [entry.dpid, entry])),
    hosts,
    links,
    linkList,
    linkNumbers: new Map(linkList.map(({ id }, number) => [id, number])),
    outgoing: outgoingOf(linkList),
  };
}

/** Grouped by node first, because sorting many short lists is quicker than sorting one long list. */
function outgoingOf(links: readonly Link[]): ReadonlyMap<string, readonly Link[]> {
  const outgoing = new Map<string, Link[]>();
  for (const link of links) {
    const key = nodeName(link.from);
    const there = outgoing.get(key);
    if (there) there.push(link);
    else outgoing.set(key, [link]);
  }
  for (const list of outgoing.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return outgoing;
}

/** A key for maps over both kinds of node: `switch 00…a1`, `host h1`. */
export const nodeName = (node: Node): string =>
  node.kind === 'switch' ? `switch ${node.dpid}` : `host ${node.hostId}`;

/** The link, which must exist. */
export function linkById(topology: Topology, id: LinkId): Link {
  const link = topology.links.get(id);
  if (!link) throw new RangeError(`no link ${id}`);
  return link;
}

export const linksOfPath = (topology: Topology, path: Path): readonly Link[] =>
  path.map((id) => linkById(topology, id));

interface End {
  readonly name: string;
  readonly node: Node;
  readonly port: PortNo | null;
}
const endName = (end: End): string => (end.port === null ? end.name : `${end.name}:${end.port}`);
