/**
 * Fake switches cabled as an inventory says, and a QueueControl that gives them queue 1. What a switch is told to
 * send out of a port arrives at the other end, and counts in the queue that its classifier would choose.
 */
import type { PacketOut } from '@oflib/openflow';
import { createFakeSwitch, type FakeSwitch } from '@oflib/openflow/testing';
import type { Dpid, Link, SwitchPort, Topology } from '@sluice/topology';
import type { QueueTarget } from '../../core/index.ts';
import type { NetworkFailure } from '../interfaces.ts';
import { portKey } from '../ovsdb/ports.ts';
import type { QueueControl } from '../ovsdb/queues.ts';

/** How packets reach queue 1: the kernel datapath, the userspace datapath with a filter, or not at all. */
export type Classifier = 'set_queue' | 'dscp' | 'none';

export interface FakeFabric {
  readonly queues: QueueControl;
  /** Rates of queue 1 by switch name and port: `s1:2`. */
  readonly queueRates: ReadonlyMap<string, number>;
  /** The next `apply` fails with this, once queues of earlier ones are counted down. */
  failQueuesAt(n: number, failure: NetworkFailure): void;
  switch(name: string): FakeSwitch;
  connect(address: { host: string; port: number }, names?: readonly string[]): Promise<void>;
  /** Cuts a cable: nothing arrives any more, and nobody is told. */
  cut(link: Link): void;
  close(): Promise<void>;
}

const POLL_MS = 2;

export function createFakeFabric(
  topology: Topology,
  options: { readonly classifier?: Classifier; readonly metersMax?: number } = {},
): FakeFabric {
  const { classifier = 'dscp', metersMax } = options;
  const switches = new Map<Dpid, FakeSwitch>();
  const rates = new Map<string, number>();
  const failures = new Map<number, NetworkFailure>();
  const cuts = new Set<Link>();
  let applied = 0;
  for (const { dpid, name } of topology.switches.values()) {
    const ports = [...topology.links.values()].flatMap((link) =>
      link.from.kind === 'switch' && link.from.dpid === dpid && link.fromPort !== null
        ? [{ portNo: link.fromPort as number, name: `${name}-eth${link.fromPort}`, queues: [0, 2] }]
        : [],
    );
    const meters = metersMax === undefined ? {} : { metersMax };
    switches.set(dpid, createFakeSwitch({ dpid, ports, nTables: 2, ...meters }));
  }
  const nameOf = (dpid: Dpid) => topology.switches.get(dpid)?.name ?? dpid;
  const bytesSent = new Map<string, bigint>();

  const leave = (dpid: Dpid, sent: PacketOut) => {
    let queueId = 0;
    for (const action of sent.actions) {
      if (action.type === 'set_queue') queueId = action.queueId;
      if (action.type !== 'output') continue;
      const isMarked = sent.data[12] === 8 && (sent.data[15] ?? 0) >> 2 === 43;
      const isQueued = classifier === 'set_queue' ? queueId === 1 : classifier === 'dscp' && isMarked;
      const at = { dpid, portNo: action.port } as SwitchPort;
      if (isQueued) count(at, BigInt(sent.data.length));
      arrive(at, sent.data);
    }
  };
  const count = (at: SwitchPort, length: bigint) => {
    if (!rates.has(`${nameOf(at.dpid)}:${at.portNo}`)) return;
    const total = (bytesSent.get(portKey(at)) ?? 0n) + length;
    bytesSent.set(portKey(at), total);
    switches.get(at.dpid)?.setQueueCounters(at.portNo, 1, { txBytes: total });
  };
  const arrive = (at: SwitchPort, data: Uint8Array) => {
    const link = [...topology.links.values()].find(
      ({ from, fromPort }) => from.kind === 'switch' && from.dpid === at.dpid && fromPort === at.portNo,
    );
    if (!link || cuts.has(link) || link.to.kind !== 'switch' || link.toPort === null) return;
    const isLldp = data[12] === 0x88 && data[13] === 0xcc;
    const entry = switches.get(link.to.dpid)?.flows.find(({ match }) => match.eth_type === 0x88cc);
    if (isLldp && entry) switches.get(link.to.dpid)?.packetIn({ inPort: link.toPort, data });
  };
  const timer = setInterval(() => {
    for (const [dpid, fake] of switches) for (const sent of fake.packetOuts.splice(0)) leave(dpid, sent);
  }, POLL_MS);

  const find = (name: string): FakeSwitch => {
    for (const [dpid, fake] of switches) if (nameOf(dpid) === name) return fake;
    throw new RangeError(`no switch ${name}`);
  };
  const set = ({ port, rate }: QueueTarget) => {
    const fake = switches.get(port.dpid);
    const key = `${nameOf(port.dpid)}:${port.portNo}`;
    if (rate > 0) {
      if (!rates.has(key))
        fake?.setQueueCounters(port.portNo, 1, { txBytes: bytesSent.get(portKey(port)) ?? 0n });
      rates.set(key, rate);
    } else {
      rates.delete(key);
      fake?.removeQueue(port.portNo, 1);
    }
  };
  return {
    queueRates: rates,
    failQueuesAt: (n, failure) => {
      failures.set(applied + n, failure);
    },
    queues: {
      start: async () => {},
      apply: async (targets) => {
        const failure = failures.get(++applied);
        if (failure) throw failure;
        for (const target of targets) set(target);
      },
      close: () => {},
    },
    switch: find,
    connect: async (address, names) => {
      const wanted = names?.map(find) ?? [...switches.values()];
      await Promise.all(wanted.map((fake) => fake.connect(address)));
    },
    cut: (link) => {
      cuts.add(link);
    },
    close: async () => {
      clearInterval(timer);
      await Promise.all([...switches.values()].map((fake) => fake.close()));
    },
  };
}
