/**
 * Table 1 of every switch: unicast by destination, broadcast along the tree. MACs whose host cannot be reached from a
 * switch are left out there. A MAC that moves has the entries of its destination from the start on, below those of its
 * source, wherever the two ways part: what remains for the instant of the move is that each of these switches drops one
 * entry. What was made for a place is kept and given out again, and so is the list of a switch that nothing changes for:
 * one move among thousands of MACs costs little more than itself.
 */
import { type Action, type Instruction, instruction, type Match } from '@oflib/openflow';
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
  type Topology,
} from '@sluice/topology';
import type { Move, Place } from '../interfaces.ts';
import { encodeCookie, NO_RESERVATION } from './cookies.ts';
import { type FlowEntry, isSameEntry } from './flow-entry.ts';
import { outputTo, PRIORITY, TABLE } from './flows.ts';

interface ForwardingOptions {
  readonly topology: Topology;
  readonly isUp: LinkFilter;
  readonly epoch: number;
}

type Ways = ReadonlyMap<Dpid, PortNo>;
type Table = ReadonlyMap<Dpid, readonly FlowEntry[]>;

/** What a MAC's entries are, and on what they depend. */
interface Known {
  readonly why: string;
  readonly table: Table;
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** For one state of the links; another state needs another one. */
export class Forwarding {
  readonly #options: ForwardingOptions;
  readonly #common: Table;
  readonly #ways = new Map<HostId, Ways>();
  /** Of the MACs that were asked for last, and what came out. */
  #known = new Map<Mac, Known>();
  #last: Table | null = null;

  constructor(options: ForwardingOptions) {
    this.#options = options;
    this.#common = this.#broadcasts();
  }

  entries(places: readonly Place[], moves: readonly Move[] = []): Table {
    const moving = new Map(moves.map((move) => [move.mac, move]));
    const known = new Map<Mac, Known>();
    for (const place of places) {
      const move = moving.get(place.mac) ?? null;
      const why = `${place.hostId} ${move?.source ?? ''} ${move?.destination ?? ''}`;
      const before = this.#known.get(place.mac);
      known.set(place.mac, before?.why === why ? before : { why, table: this.#unicast(place, move) });
    }
    const changes = changesFrom(this.#known, known);
    const last = this.#last;
    const entries = new Map(
      [...this.#common].map(([dpid, common]) => {
        const same = changes.every(([one, other]) => isSame(one?.get(dpid), other?.get(dpid)));
        const kept = same ? last?.get(dpid) : undefined;
        const made = () => [...[...known.values()].flatMap(({ table }) => table.get(dpid) ?? []), ...common];
        return [dpid, kept ?? made()];
      }),
    );
    this.#known = known;
    this.#last = entries;
    return entries;
  }

  #unicast(place: Place, move: Move | null): Table {
    const dpids = [...this.#options.topology.switches.keys()];
    return new Map(dpids.map((dpid) => [dpid, this.#unicastAt(dpid, place, move)]));
  }

  #unicastAt(dpid: Dpid, { mac, hostId }: Place, move: Move | null): readonly FlowEntry[] {
    const present = this.#waysTo(hostId).get(dpid);
    const match = { eth_dst: mac };
    const now = present === undefined ? [] : [this.#entry(PRIORITY.unicast, match, [outputTo(present)])];
    if (move === null || (hostId !== move.source && hostId !== move.destination)) return now;
    const [from, to] = [this.#waysTo(move.source), this.#waysTo(move.destination)];
    const next = to.get(dpid);
    // Without a way to the source nobody waits here for the move.
    if (next === undefined || !from.has(dpid) || from.get(dpid) === next) return now;
    const actions = [outputTo(next)];
    return [
      ...arrivingPorts(this.#options.topology, dpid, { from, to }).map((in_port) =>
        this.#entry(PRIORITY.arriving, { in_port, ...match }, actions),
      ),
      ...(hostId === move.source ? now : []),
      this.#entry(PRIORITY.standby, match, actions),
    ];
  }

  #broadcasts(): Table {
    const { topology, isUp } = this.#options;
    const flood = broadcastPorts(topology, isUp);
    const trunks = lldpPorts(topology);
    return new Map(
      [...topology.switches.keys()].map((dpid) => {
        const out = flood.get(dpid) ?? [];
        const offTree = (trunks.get(dpid) ?? []).filter((port) => !out.includes(port));
        return [
          dpid,
          [
            // While the tree changes, switches disagree for a moment; this keeps frames from circling.
            ...offTree.map((in_port) => this.#entry(PRIORITY.offTree, { in_port, eth_dst: BROADCAST }, [])),
            // A frame never leaves by the port it came in by: plain output sees to it (OpenFlow 1.3 §5.12).
            this.#entry(PRIORITY.broadcast, { eth_dst: BROADCAST }, out.map(outputTo)),
            this.#entry(PRIORITY.otherwise, {}, []),
          ],
        ];
      }),
    );
  }

  #waysTo(hostId: HostId): Ways {
    const known = this.#ways.get(hostId);
    if (known !== undefined) return known;
    const { topology, isUp } = this.#options;
    const host = topology.hosts.get(hostId);
    const ways: Ways = host ? nextHops(topology, host.attachment, isUp) : new Map();
    this.#ways.set(hostId, ways);
    return ways;
  }

  #entry(priority: number, match: Match, actions: readonly Action[]): FlowEntry {
    const instructions: readonly Instruction[] =
      actions.length > 0 ? [instruction.applyActions(actions)] : [];
    const cookie = encodeCookie(this.#options.epoch, NO_RESERVATION);
    return { cookie, tableId: TABLE.forward, priority, match, instructions };
  }
}

type Change = readonly [before: Table | undefined, after: Table | undefined];

function changesFrom(before: ReadonlyMap<Mac, Known>, after: ReadonlyMap<Mac, Known>): readonly Change[] {
  const changes: Change[] = [];
  for (const [mac, { table }] of after)
    if (before.get(mac)?.table !== table) changes.push([before.get(mac)?.table, table]);
  for (const [mac, { table }] of before) if (!after.has(mac)) changes.push([table, undefined]);
  return changes;
}

const isSame = (one: readonly FlowEntry[] = [], other: readonly FlowEntry[] = []): boolean =>
  one.length === other.length && one.every((entry, index) => isSameEntry(entry, other[index]));

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
