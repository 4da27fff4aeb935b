/** The whole data plane against fake switches over loopback TCP: s1 – s2 – s3 in a line, one host at each. */
import { buildTopology, type HostId, line, type Mac, reversePath, shortestPath } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import type { Heard, QueueTarget, Reservation, ReservationId } from '../../core/index.ts';
import { createNetwork, type NetworkOptions, type OpenflowNetwork } from '../network.ts';
import type { Note } from '../note.ts';
import { type Classifier, createFakeFabric, type FakeFabric } from './fake-fabric.ts';

export const topology = buildTopology(line({ length: 3, nic: bitsPerSec(1e8), capacity: bitsPerSec(1e8) }));
/** Short periods for quick tests, but half the LLDP frames that are taken for a flood; long deadlines for busy machines. */
export const LIMITS = {
  lldpPeriodMs: 100,
  loadPeriodMs: 50,
  startDeadlineMs: 30_000,
  probeDeadlineMs: 1000,
  requestTimeoutMs: 15_000,
};
export const host = (n: number) => `h${n}` as HostId;
export const ipOf = (host: string) => topology.hosts.get(host as HostId)?.ip ?? '';
export const macOf = (host: string) => topology.hosts.get(host as HostId)?.mac ?? ('' as Mac);

/** Along the shortest path; 3 % for the way back. */
export function reservation(id: number, from: number, to: number, rate: number): Reservation {
  const path = shortestPath(topology, {
    from: host(from),
    to: host(to),
    residual: (link) => link.capacity,
    rateMin: bitsPerSec(0),
  });
  if (!path) throw new Error('no path');
  return {
    id: id as ReservationId,
    migrationId: `m${id}` as Reservation['migrationId'],
    path,
    reversePath: reversePath(topology, path),
    rate: bitsPerSec(rate),
    reverseRate: bitsPerSec(rate * 0.03),
    match: { sourceIp: ipOf(`h${from}`), destinationIp: ipOf(`h${to}`), destinationPort: 4444 },
  };
}

/** Totals as the core tells them, for one reservation alone. */
export function queuesOf(one: Reservation, factor = 1): readonly QueueTarget[] {
  const on = (ids: readonly string[], rate: number) =>
    ids.flatMap((id) => {
      const link = [...topology.links.values()].find((candidate) => candidate.id === id);
      if (link?.from.kind !== 'switch' || link.fromPort === null) return [];
      return [{ port: { dpid: link.from.dpid, portNo: link.fromPort }, rate: bitsPerSec(rate * factor) }];
    });
  return [...on(one.path, one.rate), ...on(one.reversePath, one.reverseRate)];
}

/** Of the reservation from h1 to h3. */
export const migrationPacket = (inPort: number, port = 4444) => ({
  in_port: inPort,
  eth_type: 0x800,
  eth_dst: macOf('h3'),
  ip_proto: 6,
  ipv4_src: ipOf('h1'),
  ipv4_dst: ipOf('h3'),
  tcp_src: 40_000,
  tcp_dst: port,
  ip_dscp: 0,
});

const SWITCHES = ['s1', 's2', 's3'];

export class LineNetwork {
  readonly heard: Heard[] = [];
  readonly notes: Note[] = [];
  readonly #networks: OpenflowNetwork[] = [];
  #fabric: FakeFabric | null = null;

  get fabric(): FakeFabric {
    if (!this.#fabric) throw new Error('begin first');
    return this.#fabric;
  }

  /** The network begun last. */
  get network(): OpenflowNetwork {
    const last = this.#networks.at(-1);
    if (!last) throw new Error('begin first');
    return last;
  }

  async begin(
    options: Partial<NetworkOptions> & { readonly classifier?: Classifier; readonly metersMax?: number } = {},
  ): Promise<void> {
    this.#fabric = createFakeFabric(topology, options);
    await this.another(options);
  }

  /** One more controller for the same switches. */
  async another(options: Partial<NetworkOptions>): Promise<void> {
    const network = createNetwork({
      topology,
      epoch: 5,
      listen: { host: '127.0.0.1', port: 0 },
      ovsdb: { endpoints: [] },
      queues: this.fabric.queues,
      note: (note) => this.notes.push(note),
      limits: LIMITS,
      ...options,
    });
    this.#networks.push(network);
    const started = network.start((entry) => this.heard.push(entry));
    await this.fabric.connect(await network.listening);
    await started;
  }

  /** Connects switches again. */
  async connect(...names: readonly string[]): Promise<void> {
    await this.fabric.connect(await this.network.listening, names);
  }

  isConnected(name: string): boolean {
    return this.network.status().switches.some((one) => one.name === name && one.connected);
  }

  /** Every entry and meter, so that before and after can be compared. */
  snapshot() {
    return SWITCHES.map((name) => {
      const { flows, meters } = this.fabric.switch(name);
      return {
        flows: flows.map(({ cookie, tableId, priority, match, instructions }) => ({
          cookie,
          tableId,
          priority,
          match,
          instructions,
        })),
        meters: [...meters.keys()],
      };
    });
  }

  async close(): Promise<void> {
    for (const network of this.#networks) await network.close();
    await this.#fabric?.close();
  }
}
