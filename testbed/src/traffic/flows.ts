/** Application traffic between hosts of a lab, with what arrived of it. */
import type { BitsPerSec } from '@sluice/units';
import type { Sample } from './sample.ts';
import { type Spawner, startTraffic, type TrafficEvent, type TrafficProcess } from './traffic-process.ts';

/** An hour of samples; older ones are dropped. */
const SAMPLES_MAX = 36_000;
/** Fits an Ethernet frame of 1,500 bytes with room for headers. */
const UDP_PAYLOAD_BYTES = 1_400;

export interface Endpoint {
  readonly namespace: string;
  readonly ip: string;
}

export interface Flow {
  readonly name: string;
  /** Of the receiving side, in order of time; grows while the flow runs. */
  readonly samples: readonly Sample[];
  /** Why the flow broke; null while all is well. */
  readonly problem: string | null;
  stop(): Promise<void>;
}

export interface FlowOptions {
  readonly name: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** At the receiver; absent: any free one. */
  readonly port?: number;
}

/** Datagrams at a payload rate. */
export const startUdpFlow = (
  lab: Spawner,
  flow: FlowOptions & { readonly rate: BitsPerSec },
): Promise<Flow> =>
  startPair(lab, flow, 'udp', { rateBitsPerSec: flow.rate, payloadBytes: UDP_PAYLOAD_BYTES });

/** One TCP connection at a payload rate, or as fast as it goes when the rate is null. */
export const startTcpFlow = (
  lab: Spawner,
  flow: FlowOptions & { readonly rate: BitsPerSec | null },
): Promise<Flow> => startPair(lab, flow, 'tcp', { rateBitsPerSec: flow.rate });

export interface GuestClientFlow {
  readonly name: string;
  /** Where the client runs. */
  readonly namespace: string;
  /** Address and port of the service inside the VM. */
  readonly ip: string;
  readonly port: number;
  readonly rate: BitsPerSec | null;
  readonly direction: 'download' | 'upload';
}

/** A client that uses a VM's service; its samples are what the application got. */
export async function startGuestClient(lab: Spawner, client: GuestClientFlow): Promise<Flow> {
  const samples: Sample[] = [];
  const { ip, port, rate, direction } = client;
  const process = await startTraffic(lab, {
    name: client.name,
    namespace: client.namespace,
    program: 'guest-client',
    options: { ip, port, rateBitsPerSec: rate, direction },
    onEvent: collectInto(samples),
  });
  return flowOf(client.name, samples, [process]);
}

async function startPair(lab: Spawner, flow: FlowOptions, kind: 'udp' | 'tcp', rate: object): Promise<Flow> {
  const samples: Sample[] = [];
  const sink = await startTraffic(lab, {
    name: `${flow.name} sink`,
    namespace: flow.to.namespace,
    program: `${kind}-sink`,
    options: { ip: flow.to.ip, port: flow.port ?? 0 },
    onEvent: collectInto(samples),
  });
  const source = await startTraffic(lab, {
    name: `${flow.name} source`,
    namespace: flow.from.namespace,
    program: `${kind}-source`,
    options: { ip: flow.to.ip, port: sink.port, ...rate },
  }).catch(async (cause: unknown) => {
    await sink.stop();
    throw cause;
  });
  return flowOf(flow.name, samples, [source, sink]);
}

/** Processes are stopped in the order given: a source before its sink. */
const flowOf = (name: string, samples: readonly Sample[], processes: readonly TrafficProcess[]): Flow => ({
  name,
  samples,
  get problem() {
    return processes.map((process) => process.problem).find((problem) => problem !== null) ?? null;
  },
  stop: async () => {
    for (const process of processes) await process.stop();
  },
});

const collectInto =
  (samples: Sample[]) =>
  (event: TrafficEvent): void => {
    if (event.kind !== 'sample') return;
    const { sinceMs, atMs, bytes, packets, lost } = event;
    samples.push({ sinceMs, atMs, bytes, packets, lost });
    if (samples.length > SAMPLES_MAX) samples.shift();
  };
