/**
 * What each switch must hold, as flow entries. Table 0 classifies: reserved flows get their meter, mark and queue
 * and follow the path of their reservation; everybody else loses the mark at the edge. Table 1 forwards by
 * destination. Pure.
 */
import {
  type Action,
  action,
  type Instruction,
  instruction,
  type Match,
  OFPCML,
  OFPP,
} from '@oflib/openflow';
import {
  broadcastPorts,
  type Dpid,
  type HostId,
  type LinkFilter,
  linkById,
  lldpPorts,
  type Mac,
  nextHops,
  nodeName,
  type PortNo,
  type SwitchHop,
  switchHops,
  type Topology,
} from '@sluice/topology';
import type { Reservation } from '../../core/index.ts';
import { MIGRATION_QUEUE } from '../ovsdb/ports.ts';
import { encodeCookie, NO_RESERVATION } from './cookies.ts';
import type { FlowEntry } from './flow-entry.ts';

/** DSCP of reserved flows: from the pool for local use, so that no application means anything by it (RFC 2474 §6). */
export const RESERVED_DSCP = 43;

export const TABLE = { classify: 0, forward: 1 } as const;
export const PRIORITY = {
  lldp: 60_000,
  reserved: 30_000,
  /** Between switches the mark is true: it was checked where the frame came in. */
  trunk: 300,
  unmark: 200,
  /** Frames that another switch already sends to a VM's next place. */
  arriving: 2100,
  unicast: 2000,
  /** Where a VM will be; takes effect when the present entry above it goes. */
  standby: 1900,
  /** Broadcasts from outside the tree. */
  offTree: 1100,
  broadcast: 1000,
  otherwise: 0,
} as const;

export const ETH_TYPE = { ipv4: 0x0800, ipv6: 0x86dd, lldp: 0x88cc } as const;
const IP_PROTO_TCP = 6;
const BROADCAST = 'ff:ff:ff:ff:ff:ff';

export interface Place {
  readonly mac: Mac;
  readonly hostId: HostId;
}

/** A VM that may change between two places soon. */
export interface Move {
  readonly mac: Mac;
  readonly source: HostId;
  readonly destination: HostId;
}

/** Table 0 but for the reservations. */
export function classificationEntries(topology: Topology, dpid: Dpid, epoch: number): readonly FlowEntry[] {
  const cookie = encodeCookie(epoch, NO_RESERVATION);
  const entry = (priority: number, match: Match, instructions: readonly Instruction[]): FlowEntry => ({
    cookie,
    tableId: TABLE.classify,
    priority,
    match,
    instructions,
  });
  const forward = instruction.gotoTable(TABLE.forward);
  const toController = action.output({ port: OFPP.CONTROLLER, maxLen: OFPCML.NO_BUFFER });
  const unmark = [instruction.applyActions([action.setField('ip_dscp', 0)]), forward];
  return [
    entry(PRIORITY.lldp, { eth_type: ETH_TYPE.lldp }, [instruction.applyActions([toController])]),
    ...(lldpPorts(topology).get(dpid) ?? []).map((in_port) => entry(PRIORITY.trunk, { in_port }, [forward])),
    // Every port that is not known to lead to a switch is an edge.
    entry(PRIORITY.unmark, { eth_type: ETH_TYPE.ipv4, ip_dscp: RESERVED_DSCP }, unmark),
    entry(PRIORITY.unmark, { eth_type: ETH_TYPE.ipv6, ip_dscp: RESERVED_DSCP }, unmark),
    entry(PRIORITY.otherwise, {}, [forward]),
  ];
}

/**
 * Table 1 of every switch. MACs whose host cannot be reached from a switch are left out there. A MAC that moves has the
 * entries of its destination from the start on, below those of its source, wherever the two ways part: what remains for
 * the instant of the move is that each of these switches drops one entry.
 */
export function forwardingEntries(options: {
  readonly topology: Topology;
  readonly places: readonly Place[];
  readonly moves?: readonly Move[];
  readonly isUp: LinkFilter;
  readonly epoch: number;
}): ReadonlyMap<Dpid, readonly FlowEntry[]> {
  const { topology, places, moves = [], isUp, epoch } = options;
  const cookie = encodeCookie(epoch, NO_RESERVATION);
  const entry = (priority: number, match: Match, actions: readonly Action[]): FlowEntry => ({
    cookie,
    tableId: TABLE.forward,
    priority,
    match,
    instructions: actions.length > 0 ? [instruction.applyActions(actions)] : [],
  });
  const flood = broadcastPorts(topology, isUp);
  const trunks = lldpPorts(topology);
  const hosts = [
    ...places.map(({ hostId }) => hostId),
    ...moves.flatMap((move) => [move.source, move.destination]),
  ];
  const waysTo = waysToHosts(topology, hosts, isUp);
  const moving = new Map(moves.map((move) => [move.mac, move]));
  const unicast = (dpid: Dpid, { mac, hostId }: Place): readonly FlowEntry[] => {
    const present = waysTo.get(hostId)?.get(dpid);
    const now = present === undefined ? [] : [entry(PRIORITY.unicast, { eth_dst: mac }, [outputTo(present)])];
    const move = moving.get(mac);
    if (move === undefined || (hostId !== move.source && hostId !== move.destination)) return now;
    const [from, to] = [waysTo.get(move.source), waysTo.get(move.destination)];
    const next = to?.get(dpid);
    if (from === undefined || to === undefined || next === undefined) return now;
    // Without a way to the source nobody waits here for the move.
    if (!from.has(dpid) || from.get(dpid) === next) return now;
    return [
      ...arrivingPorts(topology, dpid, { from, to }).map((in_port) =>
        entry(PRIORITY.arriving, { in_port, eth_dst: mac }, [outputTo(next)]),
      ),
      ...(hostId === move.source ? now : []),
      entry(PRIORITY.standby, { eth_dst: mac }, [outputTo(next)]),
    ];
  };
  return new Map(
    [...topology.switches.keys()].map((dpid) => {
      const out = flood.get(dpid) ?? [];
      const offTree = (trunks.get(dpid) ?? []).filter((port) => !out.includes(port));
      return [
        dpid,
        [
          ...places.flatMap((place) => unicast(dpid, place)),
          // While the tree changes, switches disagree for a moment; this keeps frames from circling.
          ...offTree.map((in_port) => entry(PRIORITY.offTree, { in_port, eth_dst: BROADCAST }, [])),
          // A frame never leaves by the port it came in by: plain output sees to it (OpenFlow 1.3 §5.12).
          entry(PRIORITY.broadcast, { eth_dst: BROADCAST }, out.map(outputTo)),
          entry(PRIORITY.otherwise, {}, []),
        ],
      ] as const;
    }),
  );
}

/**
 * A reservation on each switch of its two paths. At the first switch of the way there the meter watches over it;
 * at the first switch of either way it is marked; at every switch it takes queue 1 and the path's own port,
 * because applications' shortest path may be another.
 */
export function reservationEntries(options: {
  readonly topology: Topology;
  readonly reservation: Reservation;
  /** null: the first switch has no meters. */
  readonly meterId: number | null;
  readonly epoch: number;
}): ReadonlyMap<Dpid, readonly FlowEntry[]> {
  const { topology, reservation, meterId, epoch } = options;
  const { sourceIp, destinationIp, destinationPort, storagePort } = reservation.match;
  const common = { eth_type: ETH_TYPE.ipv4, ip_proto: IP_PROTO_TCP };
  const cookie = encodeCookie(epoch, reservation.id);
  const entries = new Map<Dpid, FlowEntry[]>();
  const lay = (hops: readonly SwitchHop[], flow: Match, meter: number | null) =>
    hops.forEach((hop, index) => {
      const isFirst = index === 0;
      const entry: FlowEntry = {
        cookie,
        tableId: TABLE.classify,
        priority: PRIORITY.reserved,
        match: { in_port: hop.in.portNo, ...flow },
        instructions: [
          ...(isFirst && meter !== null ? [instruction.meter(meter)] : []),
          instruction.applyActions([
            ...(isFirst ? [action.setField('ip_dscp', RESERVED_DSCP)] : []),
            action.setQueue(MIGRATION_QUEUE),
            outputTo(hop.out.portNo),
          ]),
        ],
      };
      entries.set(hop.in.dpid, [...(entries.get(hop.in.dpid) ?? []), entry]);
    });
  // Memory and disks share the meter and the queue: one migration, one rate.
  for (const port of storagePort === undefined ? [destinationPort] : [destinationPort, storagePort]) {
    const there = { ...common, ipv4_src: sourceIp, ipv4_dst: destinationIp, tcp_dst: port };
    const back = { ...common, ipv4_src: destinationIp, ipv4_dst: sourceIp, tcp_src: port };
    lay(switchHops(topology, reservation.path), there, meterId);
    lay(switchHops(topology, reservation.reversePath), back, null);
  }
  return entries;
}

type Ways = ReadonlyMap<Dpid, PortNo>;

/**
 * Ports by which frames come in that only a switch sends which has changed over. They go on to the destination here
 * whether or not this switch has changed over as well, so that no frame circles in between: on the way to the source
 * every hop is nearer to it, on the way to the destination likewise, and a frame that has left the one for the other
 * stays with the other until the two agree.
 */
function arrivingPorts(
  topology: Topology,
  dpid: Dpid,
  { from, to }: { readonly from: Ways; readonly to: Ways },
): readonly PortNo[] {
  const leaving = topology.outgoing.get(nodeName({ kind: 'switch', dpid })) ?? [];
  return leaving.flatMap(({ reverse, fromPort }) => {
    const into = linkById(topology, reverse);
    if (into.from.kind !== 'switch' || into.fromPort === null || fromPort === null) return [];
    const { dpid: before } = into.from;
    return to.get(before) === into.fromPort && from.get(before) !== into.fromPort ? [fromPort] : [];
  });
}

function waysToHosts(
  topology: Topology,
  hosts: readonly HostId[],
  isUp: LinkFilter,
): ReadonlyMap<HostId, Ways> {
  const ways = new Map<HostId, Ways>();
  for (const hostId of hosts) {
    const host = topology.hosts.get(hostId);
    if (!host || ways.has(hostId)) continue;
    ways.set(hostId, nextHops(topology, host.attachment, isUp));
  }
  return ways;
}

/** Open vSwitch reports maxLen 0 for ordinary ports, so that entries read back compare equal. */
const outputTo = (port: number) => action.output({ port, maxLen: 0 });
