/**
 * The proof that a reservation holds on this machine: one guaranteed TCP flow beside UDP that fills the applications'
 * queue of the same port, both arriving through the same cable. On a machine where the datapath starves queues or
 * throws away batches, the flow collapses to a fraction.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { type BitsPerSec, bitsPerSec, millis, scale, toSeconds } from '@sluice/units';
import { goodput } from '../traffic/aggregate.ts';
import { startTcpFlow, startUdpFlow } from '../traffic/flows.ts';
import { monotonicMs } from '../traffic/sample.ts';
import { type QueueCounters, queueCounters } from './counters.ts';
import type { Lab } from './lab.ts';
import type { LabPort, Network } from './mininet-network.ts';
import type { HostSpec, NetworkSpec } from './network-spec.ts';
import { RESERVED_DSCP } from './provisioning.ts';

const LINK = bitsPerSec(100_000_000);
const TRUNK = bitsPerSec(400_000_000);
const FLOOR = bitsPerSec(10_000_000);
const RESERVED = bitsPerSec(60_000_000);
/** Payload rate of the guaranteed flow: what a host is told for such a reservation, room left for headers. */
const PAYLOAD = scale(RESERVED, 0.93);
/** Payload rate that alone would fill the link one and a half times. */
const LOAD = bitsPerSec(150_000_000);
const SERVICE_PORT = 5_201;
/** TCP needs a moment to find its rate after the load begins. */
const SETTLE_MS = 1_500;
const MEASURE_MS = 2_500;
/** The receiver's last sample of the window comes a little later. */
const SAMPLE_LAG_MS = 250;

export interface SaturationResult {
  /** Payload rate that the guaranteed flow was sent at, and what of it arrived. */
  readonly sent: BitsPerSec;
  readonly arrived: BitsPerSec;
  /** Layer-2 rates that left through the queues. */
  readonly reservedQueue: BitsPerSec;
  readonly applications: BitsPerSec;
  readonly applicationDrops: number;
}

/** Builds its own network in the lab and takes it down again; about five seconds, one core. */
export async function measureSaturated(lab: Lab): Promise<SaturationResult> {
  const network = await lab.buildNetwork(networkSpec(), { ip: lab.controllerIp, port: 1 });
  try {
    await network.provisionPorts('managed');
    await forwardAndMark(lab, network);
    const port = network.port('right', 1);
    // On every link of the way, as a controller does.
    for (const one of [network.port('left', 9), port]) await addQueue1(lab, one);
    return await measure(lab, network, port);
  } finally {
    await network.close();
  }
}

async function measure(lab: Lab, network: Network, port: LabPort): Promise<SaturationResult> {
  const [sender, loader, receiver] = [
    network.host('sender'),
    network.host('loader'),
    network.host('receiver'),
  ];
  const to = receiver;
  const flow = await startTcpFlow(lab, {
    name: 'guaranteed',
    from: sender,
    to,
    port: SERVICE_PORT,
    rate: PAYLOAD,
  });
  const load = await startUdpFlow(lab, { name: 'load', from: loader, to, rate: LOAD });
  try {
    await delay(SETTLE_MS);
    const before = await queueCounters(port);
    const fromMs = monotonicMs();
    await delay(MEASURE_MS);
    const after = await queueCounters(port);
    const window = { fromMs, toMs: monotonicMs() };
    const seconds = toSeconds(millis(window.toMs - window.fromMs));
    const moved = (queue: number, pick: (counters: QueueCounters) => number) =>
      difference(before.get(queue), after.get(queue), pick);
    const rate = (queue: number) => bitsPerSec((moved(queue, (one) => one.bytes) * 8) / seconds);
    await delay(SAMPLE_LAG_MS);
    return {
      sent: PAYLOAD,
      arrived: goodput(flow.samples, window),
      reservedQueue: rate(1),
      applications: rate(0),
      applicationDrops: moved(0, (one) => one.drops),
    };
  } finally {
    await load.stop();
    await flow.stop();
  }
}

const difference = (
  before: QueueCounters | undefined,
  after: QueueCounters | undefined,
  pick: (counters: QueueCounters) => number,
): number => (after === undefined ? 0 : pick(after)) - (before === undefined ? 0 : pick(before));

/** What a controller would do, without one: ordinary switching, and the reserved mark in both directions. */
async function forwardAndMark(lab: Lab, network: Network): Promise<void> {
  const mark = `set_field:${RESERVED_DSCP}->ip_dscp,NORMAL`;
  for (const bridge of network.bridges.values()) {
    await lab.switchd.ofctl(['add-flow', bridge, 'priority=0,actions=NORMAL']);
    for (const match of [`tp_dst=${SERVICE_PORT}`, `tp_src=${SERVICE_PORT}`])
      await lab.switchd.ofctl(['add-flow', bridge, `priority=1,tcp,${match},actions=${mark}`]);
  }
}

export async function addQueue1(lab: Lab, port: LabPort, rate: BitsPerSec = RESERVED): Promise<string> {
  const qos = await qosOf(lab, port);
  const rates = ['min-rate', 'max-rate'].map((name) => `other-config:${name}=${Math.floor(rate)}`);
  const create = ['--id=@q', 'create', 'Queue', ...rates, '--', 'set', 'QoS', qos, 'queues:1=@q'];
  return (await lab.switchd.vsctl(create)).trim();
}

export async function removeQueue1(lab: Lab, port: LabPort, queue: string): Promise<void> {
  const qos = await qosOf(lab, port);
  await lab.switchd.vsctl(['remove', 'QoS', qos, 'queues', '1', '--', 'destroy', 'Queue', queue]);
}

const qosOf = async (lab: Lab, port: LabPort): Promise<string> =>
  (await lab.switchd.vsctl(['get', 'Port', port.device, 'qos'])).trim();

export function networkSpec(): NetworkSpec {
  const host = (name: string, number: number, at: string, port: number): HostSpec => ({
    name,
    kind: 'client',
    ip: `10.250.0.${number}/24`,
    mac: `02:5c:00:fa:00:0${number}`,
    switch: at,
    port,
    capacity: name === 'receiver' ? LINK : scale(LINK, 2),
    floor: FLOOR,
  });
  return {
    switches: [
      { name: 'left', dpid: '00000000000000f1' },
      { name: 'right', dpid: '00000000000000f2' },
    ],
    hosts: [host('sender', 1, 'left', 1), host('loader', 2, 'left', 2), host('receiver', 3, 'right', 1)],
    links: [
      { a: { switch: 'left', port: 9 }, b: { switch: 'right', port: 9 }, capacity: TRUNK, floor: FLOOR },
    ],
  };
}
