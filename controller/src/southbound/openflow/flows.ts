/**
 * What each switch must hold, as flow entries. Table 0 classifies: reserved flows get their meter, mark and queue
 * and follow the path of their reservation; everybody else loses the mark at the edge. Table 1 forwards by
 * destination (`forwarding.ts`). Pure.
 */
import { action, type Instruction, instruction, type Match, OFPCML, OFPP } from '@oflib/openflow';
import { type Dpid, lldpPorts, type SwitchHop, switchHops, type Topology } from '@sluice/topology';
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

/** Open vSwitch reports maxLen 0 for ordinary ports, so that entries read back compare equal. */
export const outputTo = (port: number) => action.output({ port, maxLen: 0 });
