/**
 * Application traffic per link from the switches' counters. A link that leaves a switch: what its port sent from
 * the applications' queue; on a port without queues, all it sent less queue 1. A host's link into the network: what
 * the switch port received, less what the reservations' meters saw come in by it (acknowledgements of a migration
 * towards the host, a few per cent of its rate, stay in).
 */
import { meterStatsRequest, portStatsRequest, queueStatsRequest } from '@oflib/openflow';
import type { Link, LinkId, Topology } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { Heard } from '../../core/index.ts';
import { type Clock, every } from '../clock.ts';
import type { NetworkLimits } from '../limits.ts';
import { MIGRATION_QUEUE } from '../ovsdb/ports.ts';
import type { ManagedSwitch } from './managed-switch.ts';
import type { MeterCounts } from './meter-counts.ts';

export const APPLICATION_QUEUE = 0;

/** Monotone byte counts by link at one time. */
export interface LoadReading {
  readonly at: number;
  readonly bytes: ReadonlyMap<LinkId, bigint>;
}

export interface SwitchCounters {
  /** By port number. */
  readonly rx: ReadonlyMap<number, bigint>;
  readonly tx: ReadonlyMap<number, bigint>;
  /** By `port:queue`. */
  readonly queues: ReadonlyMap<string, bigint>;
  /** By meter id, over all modifications. */
  readonly meters: ReadonlyMap<number, bigint>;
}

/** What applications have sent over a link so far; null when the switch told no such counter. */
export function applicationBytes(
  link: Link,
  counters: SwitchCounters,
  metersOf: (link: Link) => readonly number[],
): bigint | null {
  if (link.from.kind === 'switch' && link.fromPort !== null) {
    const queue = counters.queues.get(`${link.fromPort}:${APPLICATION_QUEUE}`);
    if (queue !== undefined) return queue;
    const sent = counters.tx.get(link.fromPort);
    return sent === undefined
      ? null
      : sent - (counters.queues.get(`${link.fromPort}:${MIGRATION_QUEUE}`) ?? 0n);
  }
  const received = link.toPort === null ? undefined : counters.rx.get(link.toPort);
  if (received === undefined) return null;
  return metersOf(link).reduce((rest, id) => rest - (counters.meters.get(id) ?? 0n), received);
}

/** Rates between two readings; links whose counter went back (a switch or queue began anew) are left out. */
export function loadsBetween(
  before: LoadReading,
  after: LoadReading,
): readonly { readonly link: LinkId; readonly applicationRate: BitsPerSec }[] {
  const ms = after.at - before.at;
  if (ms <= 0) return [];
  return [...after.bytes].flatMap(([link, bytes]) => {
    const earlier = before.bytes.get(link);
    if (earlier === undefined || bytes < earlier) return [];
    return [{ link, applicationRate: bitsPerSec((Number(bytes - earlier) * 8000) / ms) }];
  });
}

export interface LoadMeterOptions {
  readonly topology: Topology;
  readonly switches: Iterable<ManagedSwitch>;
  /** Meters of the reservations that enter the network by this link. */
  readonly metersOf: (link: Link) => readonly number[];
  readonly meterCounts: MeterCounts;
  readonly limits: NetworkLimits;
  readonly clock: Clock;
  readonly emit: (heard: Heard) => void;
}

/** Measures every `loadPeriodMs` until stopped. */
export function measureLoads(options: LoadMeterOptions): () => void {
  const { topology, switches, metersOf, meterCounts, limits, clock, emit } = options;
  const linksBySwitch = [...switches].map((target) => [target, linksMeasuredAt(topology, target)] as const);
  const previous = new Map<string, LoadReading>();
  // Which meters a link's count is less by; when they change, the count begins anew.
  const meterSets = new Map<LinkId, string>();
  // A meter that is modified between the readings of one moment counts less than before: no reading then.
  const meteredBytes = new Map<LinkId, bigint>();

  const measure = async (target: ManagedSwitch, links: readonly Link[]) => {
    const counters = target.isReady ? await readCounters(target, meterCounts).catch(() => null) : null;
    if (!counters) {
      previous.delete(target.dpid);
      return [];
    }
    const bytes = new Map<LinkId, bigint>();
    for (const link of links) {
      const count = applicationBytes(link, counters, metersOf);
      const meters = metersOf(link).join();
      const metered = metersOf(link).reduce((sum, id) => sum + (counters.meters.get(id) ?? 0n), 0n);
      const isComparable =
        (meterSets.get(link.id) ?? '') === meters && metered >= (meteredBytes.get(link.id) ?? 0n);
      meterSets.set(link.id, meters);
      meteredBytes.set(link.id, metered);
      if (count !== null && isComparable) bytes.set(link.id, count);
    }
    const reading = { at: clock.now(), bytes };
    const before = previous.get(target.dpid);
    previous.set(target.dpid, reading);
    return before ? loadsBetween(before, reading) : [];
  };

  return every(clock, limits.loadPeriodMs, async () => {
    const loads = (await Promise.all(linksBySwitch.map(([target, links]) => measure(target, links)))).flat();
    if (loads.length > 0) emit({ kind: 'link_load_measured', loads });
  });
}

const linksMeasuredAt = (topology: Topology, { dpid }: ManagedSwitch): readonly Link[] =>
  [...topology.links.values()].filter(
    ({ from, to }) =>
      (from.kind === 'switch' && from.dpid === dpid) ||
      (from.kind === 'host' && to.kind === 'switch' && to.dpid === dpid),
  );

async function readCounters(target: ManagedSwitch, meterCounts: MeterCounts): Promise<SwitchCounters> {
  const [ports, queues, meters] = await Promise.all([
    target.request(portStatsRequest()),
    target.request(queueStatsRequest()),
    target.hasMeters ? target.request(meterStatsRequest()).then((reply) => reply.meters) : [],
  ]);
  return {
    rx: new Map(ports.ports.map((port) => [port.portNo, port.rxBytes])),
    tx: new Map(ports.ports.map((port) => [port.portNo, port.txBytes])),
    queues: new Map(queues.queues.map((queue) => [`${queue.portNo}:${queue.queueId}`, queue.txBytes])),
    meters: new Map(
      meters.map(({ meterId, byteInCount }) => [
        meterId,
        meterCounts.total(target.dpid, meterId, byteInCount),
      ]),
    ),
  };
}
