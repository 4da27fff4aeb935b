/**
 * What LLDP has confirmed of the inventory. Discovery only confirms: it never adds a link, and what it sees beyond
 * the inventory becomes an alert. Between two switches a link counts as up once both directions have been seen,
 * so a cable that is broken one way carries nothing. A cable that LLDP shows to end elsewhere than the inventory says
 * is miscabled: it is told, and kept out of paths until nothing has shown that for as long as a link may be silent,
 * or its port went down in between. Host links cannot be seen by LLDP and follow their port.
 * Pure: time comes in, events go out.
 */
import { elapsed, type Instant, type Millis, millis, scale } from '@sluice/units';
import {
  type Dpid,
  type Link,
  type LinkId,
  linkById,
  type PortNo,
  type SwitchPort,
  type Topology,
} from './graph.ts';
import type { LinkFilter } from './paths/query.ts';

/** How often each port between switches sends LLDP. */
export const LLDP_PERIOD = millis(500);
/**
 * Silence of this many periods takes a link down. A port that goes down is heard at once, so this is for failures
 * that no port shows; on a small machine a starved switch was seen to hold back LLDP for two seconds.
 */
export const LLDP_PERIODS_MISSED_MAX = 10;

/** `unverified`: never yet confirmed, must carry no reservation. */
export type LinkStatus = 'unverified' | 'up' | 'down';

export type LinkDownReason = 'lldp_missing' | 'port_down' | 'miscabled';

export type DiscoveryEvent =
  | { readonly kind: 'link_up'; readonly link: LinkId }
  | { readonly kind: 'link_down'; readonly link: LinkId; readonly reason: LinkDownReason }
  /** A port of the inventory is cabled otherwise: what left by `from` came in by `to`. */
  | {
      readonly kind: 'miscabled';
      readonly from: SwitchPort;
      readonly to: SwitchPort;
      /** The links of the inventory that this contradicts, one direction of each. */
      readonly expected: readonly LinkId[];
    }
  /** LLDP of ours arrived over a cable that the inventory does not have, between ports that it does not cable. */
  | { readonly kind: 'unknown_link'; readonly from: SwitchPort; readonly to: SwitchPort }
  /** LLDP came in from a host, or one that left towards a host came back: forged or relayed. */
  | { readonly kind: 'lldp_on_host_port'; readonly from: SwitchPort; readonly to: SwitchPort };

interface LinkRecord {
  readonly status: LinkStatus;
  /** When LLDP last came through in this direction; null when never, or not since it was taken down. */
  readonly seenAt: Instant | null;
  /** When LLDP last showed that this cable ends elsewhere; the same for both directions. */
  readonly elsewhereAt: Instant | null;
}
export interface DiscoveryState {
  readonly topology: Topology;
  readonly period: Millis;
  /** By the switch that the link leaves, or reaches from a host: a change copies one small map, not the network. */
  readonly links: ReadonlyMap<Dpid, ReadonlyMap<LinkId, LinkRecord>>;
  /** Ports that their switch has called down; LLDP that was still on its way through them does not count. */
  readonly downPorts: ReadonlySet<string>;
  /** Links by the port they leave from. */
  readonly byPort: ReadonlyMap<string, Link>;
  /** When an alert about a receiving port was last due: a flood of frames gives one alert. */
  readonly alertedAt: ReadonlyMap<string, Instant>;
}
export interface DiscoveryStep {
  readonly state: DiscoveryState;
  readonly events: readonly DiscoveryEvent[];
}

/** Everything unverified. */
export function startDiscovery(
  topology: Topology,
  { period = LLDP_PERIOD }: { readonly period?: Millis } = {},
): DiscoveryState {
  const links = [...topology.links.values()];
  const empty: DiscoveryState = {
    topology,
    period,
    links: new Map(),
    downPorts: new Set(),
    byPort: new Map(
      links.flatMap((link): [string, Link][] =>
        link.from.kind === 'switch' && link.fromPort !== null
          ? [[portKey({ dpid: link.from.dpid, portNo: link.fromPort }), link]]
          : [],
      ),
    ),
    alertedAt: new Map(),
  };
  return withRecords(
    empty,
    links.map(({ id }) => [id, { status: 'unverified', seenAt: null, elsewhereAt: null }]),
  );
}

/** An authentic LLDP frame of ours that left by `from` came in by `to`. */
export function observe(
  state: DiscoveryState,
  { from, to, now }: { readonly from: SwitchPort; readonly to: SwitchPort; readonly now: Instant },
): DiscoveryStep {
  const link = state.byPort.get(portKey(from));
  if (!link || !leadsTo(link, to)) return surprise(state, { from, to, now });
  if (isDown(state, from) || isDown(state, to)) return { state, events: [] };
  const record = recordOf(state, link.id);
  const seen = withRecords(state, [[link.id, { ...record, seenAt: now }]]);
  const isProved = recordOf(seen, link.reverse).seenAt !== null && record.elsewhereAt === null;
  if (record.status === 'up' || !isProved) return { state: seen, events: [] };
  return setStatus(seen, link, 'up', (id) => ({ kind: 'link_up', link: id }));
}

/** Takes down every link of which one direction has been silent for too long. Call it at least once per period. */
export function expire(state: DiscoveryState, now: Instant): DiscoveryStep {
  const limit = silenceMax(state);
  const isOld = (at: Instant) => elapsed(at, now) > limit;
  const alertedAt = new Map([...state.alertedAt].filter(([, at]) => !isOld(at)));
  const records = [...state.links.values()].flatMap((links) => [...links]);
  const silent = records.filter(([, { seenAt }]) => seenAt !== null && isOld(seenAt));
  const quiet = records.filter(([, { elsewhereAt }]) => elsewhereAt !== null && isOld(elsewhereAt));
  const calm = withRecords(
    { ...state, alertedAt },
    quiet.map(([id, record]) => [id, { ...record, elsewhereAt: null }]),
  );
  return silent.reduce<DiscoveryStep>(
    (step, [id]) => {
      const record = recordOf(step.state, id);
      const unseen = withRecords(step.state, [[id, { ...record, seenAt: null }]]);
      if (record.status !== 'up') return { state: unseen, events: step.events };
      const down = setStatus(unseen, linkById(state.topology, id), 'down', (link) => ({
        kind: 'link_down',
        link,
        reason: 'lldp_missing',
      }));
      return { state: down.state, events: [...step.events, ...down.events] };
    },
    { state: calm, events: [] },
  );
}

/**
 * A switch says that a port is up or down: on connecting, for each of its ports, and at each change. Down takes
 * its link down at once; up brings a host's link up, and a link between switches waits for LLDP.
 */
export function observePort(
  state: DiscoveryState,
  { port, isUp }: { readonly port: SwitchPort; readonly isUp: boolean },
): DiscoveryStep {
  const link = state.byPort.get(portKey(port));
  if (!link) return { state, events: [] };
  return isUp ? portUp(state, link, port) : portDown(state, link, port);
}

/** Throws RangeError when there is no such link. */
export const linkStatus = (state: DiscoveryState, link: LinkId): LinkStatus => recordOf(state, link).status;

/** For path searches: only what has been confirmed. */
export const confirmedLinks =
  (state: DiscoveryState): LinkFilter =>
  (link) =>
    linkStatus(state, link.id) === 'up';

/** The ports, in ascending order, that LLDP must be sent by: those between switches. The same map each time. */
export function lldpPorts(topology: Topology): ReadonlyMap<Dpid, readonly PortNo[]> {
  const known = probedPorts.get(topology);
  if (known) return known;
  const ports = new Map<Dpid, PortNo[]>([...topology.switches.keys()].map((dpid) => [dpid, []]));
  for (const { from, fromPort, to } of topology.linkList)
    if (from.kind === 'switch' && to.kind === 'switch' && fromPort !== null)
      ports.get(from.dpid)?.push(fromPort);
  for (const list of ports.values()) list.sort((a, b) => a - b);
  probedPorts.set(topology, ports);
  return ports;
}

/** Asked for each switch at each period, and a large network has tens of thousands of links. */
const probedPorts = new WeakMap<Topology, ReadonlyMap<Dpid, readonly PortNo[]>>();

function portUp(before: DiscoveryState, link: Link, port: SwitchPort): DiscoveryStep {
  const downPorts = new Set(before.downPorts);
  downPorts.delete(portKey(port));
  const state = { ...before, downPorts };
  if (link.to.kind !== 'host' || linkStatus(state, link.id) === 'up') return { state, events: [] };
  return setStatus(state, link, 'up', (id) => ({ kind: 'link_up', link: id }));
}

function portDown(before: DiscoveryState, link: Link, port: SwitchPort): DiscoveryStep {
  const both = [link.id, link.reverse];
  // What was seen before says nothing about the cable that comes back.
  const unseen = withRecords(
    { ...before, downPorts: new Set([...before.downPorts, portKey(port)]) },
    both.map((id) => [id, { ...recordOf(before, id), seenAt: null, elsewhereAt: null }]),
  );
  if (linkStatus(before, link.id) === 'down') return { state: unseen, events: [] };
  return setStatus(unseen, link, 'down', (id) => ({ kind: 'link_down', link: id, reason: 'port_down' }));
}

/** LLDP came through where the inventory has no cable. */
function surprise(
  state: DiscoveryState,
  { from, to, now }: { readonly from: SwitchPort; readonly to: SwitchPort; readonly now: Instant },
): DiscoveryStep {
  const ports = [from, to].map((port) => state.byPort.get(portKey(port)));
  if (ports.some((link) => link?.to.kind === 'host'))
    return alert(state, { kind: 'lldp_on_host_port', from, to }, now);
  const expected = ports.flatMap((link) => (link ? [link] : []));
  if (expected.length === 0) return alert(state, { kind: 'unknown_link', from, to }, now);
  const told = alert(state, { kind: 'miscabled', from, to, expected: expected.map(({ id }) => id) }, now);
  // What was still on its way when a port went down says nothing about the cable that comes back.
  if (isDown(state, from) || isDown(state, to)) return told;
  return expected.reduce((step, link) => {
    const next = contradict(step.state, link, now);
    return { state: next.state, events: [...step.events, ...next.events] };
  }, told);
}

/** The cable ends elsewhere: it is down at once, and what was seen of it before stays seen. */
function contradict(before: DiscoveryState, link: Link, now: Instant): DiscoveryStep {
  const both = [link.id, link.reverse];
  const state = withRecords(
    before,
    both.map((id) => [id, { ...recordOf(before, id), elsewhereAt: now }]),
  );
  if (linkStatus(state, link.id) !== 'up') return { state, events: [] };
  return setStatus(state, link, 'down', (id) => ({ kind: 'link_down', link: id, reason: 'miscabled' }));
}

/** At most one alert for each receiving port until it has been quiet for as long as a link may be silent. */
function alert(
  state: DiscoveryState,
  event: Extract<DiscoveryEvent, { readonly from: SwitchPort }>,
  now: Instant,
): DiscoveryStep {
  const key = `${event.kind} ${portKey(event.to)}`;
  const before = state.alertedAt.get(key);
  const isNew = before === undefined || elapsed(before, now) > silenceMax(state);
  return {
    state: { ...state, alertedAt: new Map([...state.alertedAt, [key, now]]) },
    events: isNew ? [event] : [],
  };
}

const isDown = (state: DiscoveryState, port: SwitchPort): boolean => state.downPorts.has(portKey(port));

/** Both directions of the cable change together. */
function setStatus(
  state: DiscoveryState,
  link: Link,
  status: LinkStatus,
  event: (link: LinkId) => DiscoveryEvent,
): DiscoveryStep {
  const both = [link.id, link.reverse].sort();
  const changed = withRecords(
    state,
    both.map((id) => [id, { ...recordOf(state, id), status }]),
  );
  return { state: changed, events: both.map(event) };
}

const silenceMax = (state: DiscoveryState): Millis => scale(state.period, LLDP_PERIODS_MISSED_MAX);

function withRecords(
  state: DiscoveryState,
  records: readonly (readonly [LinkId, LinkRecord])[],
): DiscoveryState {
  const links = new Map(state.links);
  for (const [id, record] of records) {
    const dpid = switchOf(linkById(state.topology, id));
    links.set(dpid, new Map(links.get(dpid)).set(id, record));
  }
  return { ...state, links };
}

function recordOf(state: DiscoveryState, id: LinkId): LinkRecord {
  const record = state.links.get(switchOf(linkById(state.topology, id)))?.get(id);
  if (!record) throw new RangeError(`no record of link ${id}`);
  return record;
}

/** Of the two ends, the switch that the link is kept with. */
function switchOf({ id, from, to }: Link): Dpid {
  if (from.kind === 'switch') return from.dpid;
  if (to.kind === 'switch') return to.dpid;
  throw new RangeError(`link ${id} has no switch`);
}

const portKey = ({ dpid, portNo }: SwitchPort): string => `${dpid}:${portNo}`;

const leadsTo = (link: Link, port: SwitchPort): boolean =>
  link.to.kind === 'switch' && link.to.dpid === port.dpid && link.toPort === port.portNo;
